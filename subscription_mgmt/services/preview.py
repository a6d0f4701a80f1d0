"""What will the next invoices of a contract be? Decided by the code that bills, without applying it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from subscription_mgmt.engine.billing import Outcome, bring_up_to
from subscription_mgmt.engine.catalogue import Pack, Plan
from subscription_mgmt.engine.charges import Charge
from subscription_mgmt.engine.contracts import Contract, Status
from subscription_mgmt.engine.starting import started
from subscription_mgmt.services.applying import billed_up_to, gather
from subscription_mgmt.services.ports import Ports


def preview(
	contract: Contract, today: date, count: int, ports: Ports
) -> list[tuple[date, tuple[Charge, ...]]]:
	"""(billing day, charges) of the next `count` invoices; fewer when the contract ends before."""
	plan, packs = gather(contract, ports)
	invoices: list[tuple[date, tuple[Charge, ...]]] = []
	for day, outcome in _outcomes(contract, plan, packs, today):
		if outcome.charges:
			invoices.append((day, outcome.charges))
		if len(invoices) == count:
			break
	return invoices


def _outcomes(
	contract: Contract, plan: Plan, packs: Mapping[str, Pack], today: date
) -> Iterator[tuple[date, Outcome]]:
	if contract.status is Status.DRAFT:
		outcome = billed_up_to(started(contract, plan, packs, today), plan, packs, today)
	else:
		outcome = bring_up_to(contract, plan, packs, today)
	yield today, outcome
	while outcome.contract.next_billing is not None:
		day = max(outcome.contract.next_billing, today)
		following = bring_up_to(outcome.contract, plan, packs, day)
		if following == replace(outcome, charges=()):
			return
		outcome = following
		yield day, outcome
