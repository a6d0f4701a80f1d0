"""Keep a customer's data from being deleted, or let the deletion go on."""

from dataclasses import replace

from subscription_mgmt.services.ports import Ports


def hold(name: str, ports: Ports) -> None:
	contract = ports.contracts.get(name)
	ports.contracts.save(contract, replace(contract, on_hold=True))
	ports.journal.noted(contract, "held")


def release(name: str, ports: Ports) -> None:
	"""Also says that a person looked at what was paid since the restriction: it no longer stands in the way."""
	contract = ports.contracts.get(name)
	restriction = contract.restriction
	if restriction is not None:
		restriction = replace(restriction, paid=ports.ledger.paid(name))
	ports.contracts.save(contract, replace(contract, on_hold=False, restriction=restriction))
	ports.journal.noted(contract, "released")
