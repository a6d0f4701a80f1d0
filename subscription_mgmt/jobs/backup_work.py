"""How are backups, restores and drills performed? Step by step, each committed, so that another worker can go on."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

import frappe
from frappe import _

from subscription_mgmt.adapters.backup_records import words_of
from subscription_mgmt.adapters.backup_site import backup_ports
from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.engine.backup_runs import WORKING, BackupRun, BackupStatus, Trigger
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.restore_runs import AT_WORK, RestoreRun, RestoreStatus
from subscription_mgmt.refusals import sentence
from subscription_mgmt.services.back_up import fail_backup, next_step
from subscription_mgmt.services.backup_ports import BackupPorts
from subscription_mgmt.services.hosting_ports import Work
from subscription_mgmt.services.order_backup import order_backup
from subscription_mgmt.services.restore import fail_restore, next_restore_step
from subscription_mgmt.services.retain_backups import clear_server, remove, to_clear, to_remove

Run = TypeVar("Run", BackupRun, RestoreRun)


def back_up(work: Work) -> str:
	"""The Backup Run that the operation names; an operation that names none has one made."""
	ports = _ports(work)
	name = str(work.operation.figures.get("run") or "")
	if not name:
		trigger = Trigger(work.operation.figures.get("trigger") or Trigger.MANUAL.value)
		name = order_backup(work.operation.instance, trigger, moment(), ports)
		work.reached(BackupStatus.QUEUED.value, run=name)
	run = backed_up(name, ports, lambda step: work.reached(step))
	tidy(work.operation.instance, ports)
	return _said(run)


def restore(work: Work) -> str:
	"""The Restore Run that the operation names: a drill, or the real thing."""
	ports = _ports(work)
	name, reached = str(work.operation.figures["run"]), ""
	while True:
		run = _stepped(next_restore_step, fail_restore, ports.restores.get, name, ports)
		if run.status not in AT_WORK:
			return _said(run)
		if run.status.value != reached:
			reached = run.status.value
			work.reached(reached)
		_wait(run)


def backed_up(name: str, ports: BackupPorts, reached: Callable[[str], None]) -> BackupRun:
	"""All steps of a Backup Run, each committed. Raises DomainError `operation_waits` when it is to go on later."""
	while True:
		run = _stepped(next_step, fail_backup, ports.backups.get, name, ports)
		if run.status not in WORKING:
			return run
		reached(run.status.value)
		_wait(run)


def backed_up_before(instance: str, trigger: Trigger, work: Work) -> str:
	"""A proven backup of the system as it is, made within another operation on it. Its name.

	Raises DomainError `no_safety_backup` when none could be made. Asked again for the same operation, it goes on
	where it stood: its name is kept with the operation.
	"""
	ports = _ports(work)
	name = str(work.operation.figures.get("safety") or "")
	if not name:
		name = order_backup(instance, trigger, moment(), ports)
		work.reached("Backing Up", safety=name)
	run = backed_up(name, ports, lambda step: None)
	if run.status is BackupStatus.FAILED:
		raise DomainError("no_safety_backup", run=name)
	return name


def tidy(instance: str, ports: BackupPorts) -> None:
	"""Remove what no rule keeps, each in a transaction of its own: what cannot be removed now is tried every night."""
	for clean, names in (
		(partial(remove, now=moment()), [run.name for run in to_remove(instance, moment(), ports)]),
		(clear_server, [run.name for run in to_clear(instance, ports)]),
	):
		for name in names:
			frappe.db.commit()
			try:
				clean(name, ports=ports)
				frappe.db.commit()
			except DomainError as error:
				frappe.db.rollback()
				title = f"Backup {name} was not tidied up"
				frappe.log_error(title=title, message=sentence(error.code, **error.context))
				frappe.db.commit()


def _ports(work: Work) -> BackupPorts:
	return backup_ports({work.operation.instance: (work.provider, work.system)})


def _stepped(
	step: Callable[..., Run],
	fail: Callable[..., Run],
	get: Callable[[str], Run],
	name: str,
	ports: BackupPorts,
) -> Run:
	"""One step, committed. What nobody foresaw counts as a failed try, with its traceback in the Error Log."""
	frappe.db.commit()  # what others did meanwhile is seen
	try:
		run = step(name, moment, ports)
	except DomainError:
		raise
	except Exception as error:
		frappe.db.rollback()
		frappe.log_error(title=f"{name}: {type(error).__name__}")
		reason = f"{type(error).__name__}: {error}"[:300]
		run = fail(get(name), DomainError("unforeseen", system=name, reason=reason), moment(), ports)
	frappe.db.commit()
	return run


def _wait(run: BackupRun | RestoreRun) -> None:
	if run.retry_at is not None and (seconds := int((run.retry_at - moment()).total_seconds()) + 1) > 0:
		reason = words_of(run.verdict, run.figures) if run.verdict else run.status.value
		raise DomainError("operation_waits", system=run.instance, reason=reason, seconds=seconds)


def _said(run: BackupRun | RestoreRun) -> str:
	status = _(run.status.value)
	if run.status in (BackupStatus.FAILED, RestoreStatus.FAILED) and run.verdict:
		return f"{run.name}: {status}. {words_of(run.verdict, run.figures)}"
	return f"{run.name}: {status}"
