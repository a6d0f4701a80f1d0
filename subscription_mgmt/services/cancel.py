"""Cancel a contract: at the end of its period, or now with a credit for the unused days if the plan is refundable."""

from datetime import date

from subscription_mgmt.engine.billing import Outcome
from subscription_mgmt.engine.contracts import Status
from subscription_mgmt.engine.ending import cancelled_draft, cancelled_now, renewal_switched
from subscription_mgmt.services.applying import apply, gather
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
		plan, _ = gather(contract, ports)
		outcome = cancelled_now(contract, plan, ports.ledger.charges_of(name), today)
	apply(contract, outcome, today, ports)
