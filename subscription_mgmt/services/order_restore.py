"""Who may have a backup restored, from when does the promise count, and which drill is due?"""

from dataclasses import replace
from datetime import datetime, timedelta

from subscription_mgmt.engine.backup_due import last_good
from subscription_mgmt.engine.backup_runs import STORED
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.restore_runs import (
	AT_WORK,
	Purpose,
	RestoreRun,
	RestoreStatus,
	drill_is_due,
	moved_restore,
)
from subscription_mgmt.services.backup_ports import BackupPorts, BackupTerms


def order_restore(
	backup: str, now: datetime, ports: BackupPorts, approved: bool, without_safety: bool = False
) -> str:
	"""Restore the backup's own instance from it. Not `approved`: it waits for an operator, and the promise counts.

	Raises DomainError `backup_not_there` and `restore_at_work`.
	"""
	run = ports.backups.get(backup)
	if run.status not in STORED:
		raise DomainError("backup_not_there", run=run.name, status=run.status.value)
	_check_none_at_work(run.instance, ports)
	terms = ports.systems.terms(run.instance)
	minutes = terms.restore_within_minutes if terms else 0
	return ports.restores.add(
		RestoreRun(
			"",
			run.instance,
			Purpose.RESTORE,
			backup,
			RestoreStatus.QUEUED if approved else RestoreStatus.REQUESTED,
			requested_at=now,
			promised=timedelta(minutes=minutes) if minutes else None,
			without_safety=without_safety,
		)
	)


def approve_restore(name: str, without_safety: bool, ports: BackupPorts) -> None:
	run = ports.restores.get(name)
	ports.restores.save(run, replace(moved_restore(run, "approved"), without_safety=without_safety))


def decline_restore(name: str, now: datetime, ports: BackupPorts) -> None:
	run = ports.restores.get(name)
	ports.restores.save(run, replace(moved_restore(run, "declined"), finished_at=now))


def order_drill(instance: str, now: datetime, ports: BackupPorts) -> str:
	"""Of the newest good backup. Raises DomainError `nothing_to_restore` and `restore_at_work`."""
	backup = last_good(ports.backups.of(instance))
	if backup is None:
		raise DomainError("nothing_to_restore", instance=instance)
	_check_none_at_work(instance, ports)
	return ports.restores.add(
		RestoreRun("", instance, Purpose.DRILL, backup.name, RestoreStatus.QUEUED, requested_at=now)
	)


def schedule_drill(instance: str, terms: BackupTerms, now: datetime, ports: BackupPorts) -> str | None:
	"""Queue a drill when one is due and there is something to restore."""
	last = next((run.requested_at for run in ports.restores.of(instance) if run.is_drill), None)
	if not drill_is_due(terms.drill_every_days, last, now) or not last_good(ports.backups.of(instance)):
		return None
	try:
		return order_drill(instance, now, ports)
	except DomainError as error:
		if error.code == "restore_at_work":
			return None  # the next pass asks again
		raise


def _check_none_at_work(instance: str, ports: BackupPorts) -> None:
	for run in ports.restores.of(instance):
		if run.status in AT_WORK or run.status is RestoreStatus.REQUESTED:
			raise DomainError("restore_at_work", run=run.name, instance=instance)
