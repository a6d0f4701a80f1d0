"""Bill one contract: everything due by today that was not charged before."""

from datetime import date

from subscription_mgmt.services.activate import check_customer
from subscription_mgmt.services.applying import apply, due, gather
from subscription_mgmt.services.ports import Ports


def bill(name: str, today: date, ports: Ports) -> None:
	"""Harmless however often it runs: a second run finds nothing due."""
	contract = ports.contracts.get(name)
	plan, packs = gather(contract, ports)
	outcome = due(contract, plan, packs, today, ports)
	if outcome.charges:
		check_customer(contract, ports)
	apply(contract, outcome, today, ports)
