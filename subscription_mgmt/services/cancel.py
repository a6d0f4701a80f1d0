"""Cancel a contract: at the end of its period, or now with a credit for the unused days if the plan is refundable."""

from dataclasses import replace
from datetime import date

from subscription_mgmt.engine.billing import Outcome
from subscription_mgmt.engine.contracts import Contract, Status
from subscription_mgmt.engine.ending import cancelled_draft, cancelled_now, renewal_switched
from subscription_mgmt.services.applying import apply, due, gather
from subscription_mgmt.services.bill_usage import with_usage
from subscription_mgmt.services.ports import Ports


def cancel_at_period_end(name: str, today: date, ports: Ports) -> None:
	contract = ports.contracts.get(name)
	if contract.status is Status.DRAFT:
		apply(contract, Outcome(cancelled_draft(contract)), today, ports)
		return
	after = renewal_switched(contract, False, today)
	ports.contracts.save(contract, after)
	ports.journal.noted(contract, "cancelled_for", day=after.ends_on)


def cancel_now(name: str, today: date, ports: Ports) -> None:
	contract = ports.contracts.get(name)
	if contract.status is Status.DRAFT:
		outcome = Outcome(cancelled_draft(contract))
	else:
		outcome = _billed_and_cancelled(contract, today, ports)
	apply(contract, outcome, today, ports)


def _billed_and_cancelled(contract: Contract, today: date, ports: Ports) -> Outcome:
	"""The periods a missed night left out are owed first; a disabled customer, whom nobody bills, may leave anyway."""
	plan, packs = gather(contract, ports)
	missed = Outcome(contract)
	if not ports.customers.is_disabled(contract.customer):
		missed = due(contract, plan, packs, today, ports)
	charged = (*ports.ledger.charges_of(contract.name), *missed.charges)
	over = cancelled_now(missed.contract, plan, charged, today)
	over = with_usage(missed.contract, over, today, ports)
	return replace(over, charges=(*missed.charges, *over.charges))
