"""A payment came in, or was taken back: what does it change for the contract?"""

from datetime import date

from subscription_mgmt.engine.billing import Outcome
from subscription_mgmt.engine.contracts import Status
from subscription_mgmt.engine.dunning import settled
from subscription_mgmt.services.applying import apply, billed_up_to, gather
from subscription_mgmt.services.ports import Ports


def settle(name: str, today: date, ports: Ports) -> None:
	"""Full access comes back in the same transaction; a suspended contract is billed on from today."""
	contract = ports.contracts.get(name)
	after = settled(contract, ports.ledger.oldest_due(contract), today)
	outcome = Outcome(after)
	if contract.status is Status.SUSPENDED and after.status is Status.ACTIVE:
		plan, packs = gather(contract, ports)
		outcome = billed_up_to(outcome, plan, packs, today, ports)
	apply(contract, outcome, today, ports)
