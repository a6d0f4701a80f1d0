"""Announce the deletion of a restricted customer's data, and delete it when nothing speaks against it any more."""

from dataclasses import replace
from datetime import date

from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.billing import Outcome
from subscription_mgmt.engine.contracts import Contract, Status
from subscription_mgmt.engine.deletion import (
	Facts,
	is_due,
	notice_due,
	noticed,
	reasons_to_wait,
	restriction_seen,
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
	watched = restriction_seen(contract, in_force, today)
	if is_due(watched.restriction, policy, today):
		reasons = reasons_to_wait(watched, policy, _facts(watched, in_force, ports))
		if not reasons:
			_delete(contract, watched, today, ports)
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


def _delete(before: Contract, contract: Contract, today: date, ports: Ports) -> None:
	ports.hosting.delete(contract)
	ports.journal.data_deleted(contract)
	ports.journal.access_changed(contract, Mode.DELETED)
	ended = contract.moved("data_deleted") if contract.status is Status.SUSPENDED else contract
	over = replace(ended, restriction=None, data_deleted_on=today, next_billing=None)
	apply(before, Outcome(over), today, ports)
