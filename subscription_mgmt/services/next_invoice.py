"""What will recur on a contract's next invoice? Told without a look at its ledger, so cheap for a list of contracts."""

from collections.abc import Mapping
from datetime import date

from subscription_mgmt.engine.catalogue import Pack, Plan
from subscription_mgmt.engine.charges import Charge
from subscription_mgmt.engine.contracts import Contract, Status
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.services.applying import gather, recurring
from subscription_mgmt.services.ports import Ports


def next_invoice(contract: Contract, today: date, ports: Ports) -> tuple[date, tuple[Charge, ...]] | None:
	"""(day, charges); None where nothing recurs any more, or has no price. Usage is still to come, and left out."""
	day = contract.next_billing
	if day is None or contract.status is Status.SUSPENDED:
		return None
	if contract.ends_on is not None and contract.ends_on <= day:
		return None
	try:
		plan, packs = gather(contract, ports)
		charges = _charges(contract, plan, packs, max(day, today), ports)
	except DomainError:
		return None  # a gap in the price list is the vendor's to mend; the page shows no figure until then
	return (max(day, today), charges) if charges else None


def _charges(
	contract: Contract, plan: Plan, packs: Mapping[str, Pack], day: date, ports: Ports
) -> tuple[Charge, ...]:
	return tuple(charge for charge in recurring(contract, plan, packs, day, ports).charges if charge.amount)
