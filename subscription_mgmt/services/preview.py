"""What will the next invoices of a contract be? Decided by the code that bills, without applying it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from subscription_mgmt.engine.billing import Outcome
from subscription_mgmt.engine.charges import Charge
from subscription_mgmt.engine.contracts import Contract, Status
from subscription_mgmt.engine.starting import started
from subscription_mgmt.services.applying import billed_up_to, due, gather, recurring
from subscription_mgmt.services.ports import Ports


def preview(
	contract: Contract, today: date, count: int, ports: Ports
) -> list[tuple[date, tuple[Charge, ...]]]:
	"""(billing day, charges) of the next `count` invoices; fewer when the contract ends before.

	With what waits from an invoice that was cancelled; usage that is still to come is unknown and left out.
	"""
	invoices: list[tuple[date, tuple[Charge, ...]]] = []
	waiting = tuple(ports.ledger.waiting(contract.name))
	for day, outcome in _outcomes(contract, today, ports):
		if charges := (*waiting, *outcome.charges):
			invoices.append((day, charges))
			waiting = ()
		if len(invoices) == count:
			break
	return invoices


def _outcomes(contract: Contract, today: date, ports: Ports) -> Iterator[tuple[date, Outcome]]:
	plan, packs = gather(contract, ports)
	if contract.status is Status.DRAFT:
		outcome = billed_up_to(started(contract, plan, packs, today), plan, packs, today, ports)
	else:
		outcome = due(contract, plan, packs, today, ports)
	yield today, outcome
	while outcome.contract.next_billing is not None:
		day = max(outcome.contract.next_billing, today)
		plan, packs = gather(outcome.contract, ports)
		following = recurring(outcome.contract, plan, packs, day, ports)
		if following == replace(outcome, charges=()):
			return
		outcome = following
		yield day, outcome
