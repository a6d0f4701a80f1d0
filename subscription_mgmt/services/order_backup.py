"""Who may have a backup made, and which ones does the schedule ask for?"""

from dataclasses import replace
from datetime import datetime, timedelta

from subscription_mgmt.engine.backup_due import due_backup
from subscription_mgmt.engine.backup_runs import (
	STORED,
	WORKING,
	BackupRun,
	BackupStatus,
	Trigger,
	moved_backup,
)
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.services.backup_ports import BackupPorts, BackupTerms

BETWEEN_REQUESTS = timedelta(hours=4)


def order_backup(
	instance: str, trigger: Trigger, now: datetime, ports: BackupPorts, held: bool = False
) -> str:
	"""The name of the run that is queued; of the one that is at work for the same reason already."""
	for run in ports.backups.of(instance):
		if run.status in WORKING and run.trigger is trigger:
			return run.name
	return ports.backups.add(BackupRun("", instance, trigger, BackupStatus.QUEUED, due_at=now, held=held))


def request_backup(instance: str, now: datetime, ports: BackupPorts) -> str:
	"""A customer asks for one. Raises DomainError `backup_requested_lately`."""
	for run in ports.backups.of(instance):
		if run.trigger is Trigger.REQUEST and now - run.due_at < BETWEEN_REQUESTS:
			raise DomainError("backup_requested_lately", hours=BETWEEN_REQUESTS // timedelta(hours=1))
	return order_backup(instance, Trigger.REQUEST, now, ports)


def schedule_backup(
	instance: str,
	terms: BackupTerms,
	first: datetime,
	last: datetime | None,
	now: datetime,
	ports: BackupPorts,
) -> str | None:
	"""Queue what is due, and write down what was missed. The name of the queued run."""
	due = due_backup(terms.policy, terms.zone, first, last, now)
	for moment in due.missed:
		ports.backups.add(
			BackupRun("", instance, Trigger.SCHEDULE, BackupStatus.MISSED, moment, terms.policy.name)
		)
	if due.missed:
		ports.alerts.open(instance, BackupStatus.MISSED.value, None)
	if due.now is None:
		return None
	return ports.backups.add(
		BackupRun("", instance, Trigger.SCHEDULE, BackupStatus.QUEUED, due.now, terms.policy.name)
	)


def approve_small(name: str, ports: BackupPorts) -> None:
	"""A person says that the system really holds so little now."""
	run = ports.backups.locked(name)
	ports.backups.save(run, moved_backup(run, "approved"))
	ports.alerts.close(run.instance, [BackupStatus.SUSPICIOUS.value])


def set_hold(name: str, held: bool, ports: BackupPorts) -> None:
	run = ports.backups.locked(name)
	if run.status not in STORED and run.status not in WORKING:
		raise DomainError("backup_not_there", run=name, status=run.status.value)
	ports.backups.save(run, replace(run, held=held))
