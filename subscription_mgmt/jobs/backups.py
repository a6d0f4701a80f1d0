"""Which backups and drills are due, which are late, and which were left unfinished? Asked every five minutes."""

from collections.abc import Callable

import frappe

from subscription_mgmt.adapters import due_backups, operation_records
from subscription_mgmt.adapters.backup_site import backup_ports
from subscription_mgmt.adapters.backup_terms import terms_of
from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.engine.backup_due import LATE, due_backup
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.operations import OPEN, Kind, State
from subscription_mgmt.engine.restore_runs import Purpose, RestoreStatus, drill_is_due
from subscription_mgmt.jobs.backup_work import tidy
from subscription_mgmt.services.back_up import fail_backup
from subscription_mgmt.services.backup_ports import BackupPorts
from subscription_mgmt.services.order_backup import schedule_backup
from subscription_mgmt.services.order_restore import schedule_drill
from subscription_mgmt.services.restore import fail_restore


def schedule() -> int:
	"""How many backups and drills were queued. What is due is asked of all at once; each is queued on its own."""
	now, ports = moment(), backup_ports()
	since = due_backups.backed_up_instances()
	terms = terms_of(since)
	last, drills = due_backups.last_scheduled(terms), due_backups.last_drills(terms)
	proved = due_backups.last_good(terms)
	queued = 0
	for instance, agreed in terms.items():
		due = due_backup(agreed.policy, agreed.zone, since[instance], last.get(instance), now)
		if due.now is not None:
			args = (instance, agreed, since[instance], last.get(instance), now, ports)
			queued += _on_its_own(instance, Kind.BACK_UP, schedule_backup, *args)
		if instance in proved and drill_is_due(agreed.drill_every_days, drills.get(instance), now):
			queued += _on_its_own(instance, Kind.DRILL, schedule_drill, instance, agreed, now, ports)
	_go_on_with_unfinished(ports)
	_tell_of_late(ports)
	return queued


def tidy_all() -> None:
	"""Every night, whatever could not be removed before: a hold was taken off, a server was away, a policy changed."""
	ports = backup_ports()
	for instance in due_backups.instances_with_copies():
		_apart(f"Backups of {instance} were not tidied up", tidy, instance, ports)


def order_backup_operation(run: str, instance: str) -> str:
	"""The operation that performs the run."""
	return operation_records.order(instance, Kind.BACK_UP, figures={"run": run})


def order_restore_operation(run: str, instance: str, purpose: Purpose) -> None:
	kind = Kind.DRILL if purpose is Purpose.DRILL else Kind.RESTORE
	operation_records.order(instance, kind, figures={"run": run})


def _on_its_own(instance: str, kind: Kind, verb: Callable[..., str | None], *args: object) -> bool:
	def queue() -> bool:
		run = verb(*args)
		if run:
			operation_records.order(instance, kind, figures={"run": run})
		return bool(run)

	return bool(_apart(f"{kind.value} of {instance} was not queued", queue))


def _apart(failure: str, act: Callable[..., object], *args: object) -> object:
	"""In a transaction of its own: what fails with one system is logged, and the others are seen to. None then."""
	try:
		done = act(*args)
	except Exception:
		frappe.db.rollback()
		frappe.log_error(title=failure)
		done = None
	frappe.db.commit()
	return done


def _go_on_with_unfinished(ports: BackupPorts) -> None:
	"""A run whose operation was given up has failed; one whose operation was lost gets another."""
	backups, restores = due_backups.unfinished_backups(), due_backups.unfinished_restores()
	operations = due_backups.operations_of(instance for _run, instance, *_rest in [*backups, *restores])
	for run, instance in backups:
		if not (states := operations.get(run, set())) & OPEN:
			_apart(f"{run} was left unfinished", _go_on_with_backup, run, instance, states, ports)
	for run, instance, purpose in restores:
		if not (states := operations.get(run, set())) & OPEN:
			_apart(f"{run} was left unfinished", _go_on_with_restore, run, instance, purpose, states, ports)


def _go_on_with_backup(run: str, instance: str, states: set[State], ports: BackupPorts) -> None:
	if State.FAILED in states:
		fail_backup(ports.backups.get(run), DomainError("given_up", run=run), moment(), ports, is_final=True)
	else:
		order_backup_operation(run, instance)


def _go_on_with_restore(
	run: str, instance: str, purpose: str, states: set[State], ports: BackupPorts
) -> None:
	restore = ports.restores.get(run)
	if State.FAILED in states and restore.status is not RestoreStatus.CLEARING:
		fail_restore(restore, DomainError("given_up", run=run), moment(), ports, is_final=True)
	else:  # what has to be cleared away is cleared away, however often that failed
		order_restore_operation(run, instance, Purpose(purpose))


def _tell_of_late(ports: BackupPorts) -> None:
	for instance, run in due_backups.late_backups(moment()):
		_apart(f"Nobody was told that {run} is late", ports.alerts.open, instance, LATE, run)
