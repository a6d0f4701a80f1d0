"""What mode does an instance get when one of its contracts changes, and since when is it restricted?"""

from dataclasses import replace
from datetime import date

from subscription_mgmt.engine.access import Mode, mode_of
from subscription_mgmt.engine.contracts import OVER, Contract, Restriction, Status
from subscription_mgmt.services.ports import Ports


def follow(contract: Contract, today: date, ports: Ports) -> None:
	"""Order the mode that the contracts on the contract's instance grant together, unless its data is gone."""
	if not contract.instance or ports.hosting.mode(contract.instance) is Mode.DELETED:
		return
	serving = ports.contracts.on_instance(contract.instance)
	mode = mode_of((served, ports.catalogue.plan(served.plan).kind) for served in serving)
	if mode is not ports.hosting.mode(contract.instance):
		ports.hosting.order(contract, mode)
		ports.journal.access_changed(contract, mode)
	for served in serving:
		after = _restricted(served, mode, today, ports)
		if after != served:
			ports.contracts.save(served, after)


def _restricted(contract: Contract, mode: Mode, today: date, ports: Ports) -> Contract:
	if mode is not Mode.RESTRICTED or not may_be_deleted(contract):
		return replace(contract, restriction=None)
	if contract.restriction is not None:
		return contract
	paid = ports.ledger.paid(contract.name)
	return replace(contract, restriction=Restriction(since=today, seen_on=today, paid=paid))


def may_be_deleted(contract: Contract) -> bool:
	return contract.status in OVER or contract.status is Status.SUSPENDED
