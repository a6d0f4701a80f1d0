"""Announce the deletion of a restricted customer's data, and delete it when nothing speaks against it."""

from datetime import date

from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.billing import Outcome
from subscription_mgmt.engine.contracts import OVER, Contract, Status
from subscription_mgmt.engine.deletion import (
	Facts,
	data_gone,
	held_back,
	is_due,
	notice_due,
	noticed,
	reasons_to_wait,
	restriction_seen,
	together,
	waiting,
)
from subscription_mgmt.engine.policies import DunningPolicy
from subscription_mgmt.services.applying import apply
from subscription_mgmt.services.following import may_be_deleted
from subscription_mgmt.services.ports import Ports


def watch_deletion(name: str, today: date, ports: Ports) -> None:
	contract = ports.contracts.get(name)
	if not may_be_deleted(contract) or contract.restriction is None or contract.instance is None:
		return
	plan = ports.catalogue.plan(contract.plan)
	if plan.dunning is None:
		return
	policy = ports.catalogue.dunning(plan.dunning)
	in_force = ports.hosting.is_in_force(contract.instance, Mode.RESTRICTED)
	watched = held_back(restriction_seen(contract, in_force, today), policy)
	if is_due(watched.restriction, policy, today):
		reasons = reasons_to_wait(watched, policy, _facts(watched, in_force, ports))
		others = [_reasons_of(other, in_force, today, ports) for other in _others(contract, ports)]
		reasons = together(reasons, *others)
		if not reasons:
			_delete(contract, today, ports)
			return
		watched = _wait(watched, reasons, ports)
	watched = _announce(watched, policy, ports)
	if watched != contract:
		ports.contracts.save(contract, watched)


def _facts(contract: Contract, in_force: bool, ports: Ports) -> Facts:
	assert contract.restriction is not None
	nothing_paid = ports.ledger.paid(contract.name) == contract.restriction.paid
	owes = contract.status is not Status.SUSPENDED or ports.ledger.oldest_due(contract) is not None
	return Facts(
		in_force=in_force,
		unpaid_checked=nothing_paid and owes,
		backup_verified=ports.hosting.has_final_backup(contract),
		notices_delivered=ports.notices.were_delivered(contract, "deletion"),
		released=ports.hosting.is_released(contract),
	)


def _others(contract: Contract, ports: Ports) -> list[Contract]:
	"""The other contracts on the instance: their data would be gone too."""
	assert contract.instance is not None
	serving = ports.contracts.on_instance(contract.instance)
	return [ports.contracts.get(other.name) for other in serving if other.name != contract.name]


def _reasons_of(other: Contract, in_force: bool, today: date, ports: Ports) -> tuple[str, ...]:
	"""Why another contract on the instance would have its data kept. One that is over, and whose plan never
	deletes, only has a say by a hold or a payment."""
	if other.restriction is None:
		return ("hold",) if other.on_hold else ()
	name = ports.catalogue.plan(other.plan).dunning
	policy = ports.catalogue.dunning(name) if name else DunningPolicy("")
	reasons = reasons_to_wait(
		restriction_seen(other, in_force, today), policy, _facts(other, in_force, ports)
	)
	if other.status in OVER and policy.delete_after_restriction_days is None:
		return tuple(reason for reason in reasons if reason in ("hold", "unpaid_check"))
	return reasons


def _wait(contract: Contract, reasons: tuple[str, ...], ports: Ports) -> Contract:
	assert contract.restriction is not None
	if contract.restriction.waits == reasons:
		return contract
	ports.journal.deletion_waits(contract, reasons)
	return waiting(contract, reasons)


def _announce(contract: Contract, policy: DunningPolicy, ports: Ports) -> Contract:
	assert contract.restriction is not None
	remaining = notice_due(contract.restriction, policy)
	if remaining is None:
		return contract
	ports.notices.send(contract, "deletion", days=remaining)
	return noticed(contract, remaining)


def _delete(contract: Contract, today: date, ports: Ports) -> None:
	others = _others(contract, ports)
	ports.hosting.delete(contract)
	ports.journal.data_deleted(contract)
	ports.journal.access_changed(contract, Mode.DELETED)
	for served in (contract, *others):
		apply(served, Outcome(data_gone(served, today)), today, ports)
