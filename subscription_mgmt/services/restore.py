"""How does a backup become a working system again, the customer's own or a scratch one that proves it?"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.backup_due import DRILL_FAILED, RESTORE_FAILED
from subscription_mgmt.engine.backup_runs import STORED, WORKING, BackupRun, BackupStatus, StoredFile, Trigger
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.operations import LATER
from subscription_mgmt.engine.restore_runs import (
	AT_WORK,
	RestoreRun,
	RestoreStatus,
	after_restore_failure,
	difference,
	is_scratch,
	moved_restore,
	scratch_site,
)
from subscription_mgmt.engine.systems import Access, BackupFile, System
from subscription_mgmt.services.back_up import WORTH_ANOTHER_TRY, next_step, opened
from subscription_mgmt.services.backup_ports import BackupPorts, Clock
from subscription_mgmt.services.check_backup import PIECE, checked_files
from subscription_mgmt.services.hosting_ports import Provider
from subscription_mgmt.services.order_backup import order_backup


def next_restore_step(name: str, clock: Clock, ports: BackupPorts) -> RestoreRun:
	"""Do the run's next step; what came of it is stored. The caller commits, and asks again while it is at work."""
	run = ports.restores.get(name)
	if run.status not in AT_WORK or (run.retry_at and clock() < run.retry_at):
		return run
	try:
		after = STEPS[run.status](run, clock, ports)
	except DomainError as error:
		if error.code in LATER:
			raise
		return fail_restore(run, error, clock(), ports)
	ports.restores.save(run, after)
	_tell(run, after, ports)
	return after


def fail_restore(
	run: RestoreRun, error: DomainError, now: datetime, ports: BackupPorts, is_final: bool = False
) -> RestoreRun:
	"""Its step did not succeed: another try later, or the end, after what it made was cleared away."""
	is_final = is_final or error.code not in WORTH_ANOTHER_TRY
	after = after_restore_failure(run, now, error.code, is_final, error.context)
	ports.restores.save(run, after)
	_tell(run, after, ports)
	return after


def _start(run: RestoreRun, clock: Clock, ports: BackupPorts) -> RestoreRun:
	scratch = scratch_site(run.name, run.instance) if run.is_drill else None
	return replace(moved_restore(run, "started"), started_at=clock(), scratch=scratch)


def _check(run: RestoreRun, clock: Clock, ports: BackupPorts) -> RestoreRun:
	"""Every file is whole, before anything is touched. Where the second place has none, the server's are read."""
	backup = ports.backups.get(run.backup)
	if backup.status not in STORED:
		raise DomainError("backup_not_there", run=backup.name, status=backup.status.value)
	if backup.store is None:
		provider, system = ports.systems.at(backup.instance)
		for found, known in zip(checked_files(provider, system, backup.files, ()), backup.files, strict=True):
			if found.sha256 != known.sha256:
				raise DomainError("copy_differs", file=known.path)
	else:
		for file in backup.files:
			with opened(backup, file, ports) as content:
				while content.read(PIECE):
					pass
	return moved_restore(run, "sound")


def _prepare(run: RestoreRun, clock: Clock, ports: BackupPorts) -> RestoreRun:
	if run.is_drill:
		provider, system = _target(run, ports)
		provider.provision(system)
		# Nothing of the copy may work: no mail to customers' customers, no jobs.
		provider.set_access(system, Access(Mode.RESTRICTED, run.name))
		return moved_restore(run, "prepared")
	if run.without_safety:
		_make_if_gone(run, ports)
		return moved_restore(run, "prepared")
	if run.safety is None:
		# Made here, step by step: as a job of its own it would wait for this one to end.
		ordered = order_backup(run.instance, Trigger.BEFORE_RESTORE, clock(), ports, held=True)
		return replace(run, safety=ordered)
	safety = next_step(run.safety, clock, ports)
	if safety.status in WORKING:
		return replace(run, retry_at=safety.retry_at)
	if safety.status is BackupStatus.FAILED:
		raise DomainError("no_safety_backup", run=run.safety)
	return moved_restore(run, "prepared")


def _make_if_gone(run: RestoreRun, ports: BackupPorts) -> None:
	"""After the loss of a server: an empty system for the backup to go into. One that is there, and too broken to say
	so, is replaced all the same."""
	provider, system = ports.systems.at(run.instance)
	with suppress(DomainError):
		provider.provision(replace(system, apps=()))


def _restore(run: RestoreRun, clock: Clock, ports: BackupPorts) -> RestoreRun:
	backup = ports.backups.get(run.backup)
	provider, system = _target(run, ports)
	files = _brought(run, backup, provider, system, ports)
	provider.restore(system, files)
	return moved_restore(run, "restored")


def _brought(
	run: RestoreRun, backup: BackupRun, provider: Provider, system: System, ports: BackupPorts
) -> Sequence[BackupFile]:
	"""The backup's files, onto the target's server."""
	folder = f"{provider.backups_of(system)}/{run.name}"
	brought = []
	for file in backup.files:
		path = f"{folder}/{file.path.rpartition('/')[2]}"
		if backup.store is not None:
			with opened(backup, file, ports) as content:
				provider.write(system, path, content)  # type: ignore[arg-type]
		else:
			source, origin = ports.systems.at(backup.instance)
			with source.read(origin, file.path) as content:
				provider.write(system, path, content)
		brought.append(BackupFile(file.kind, path, file.size))
	return brought


def _compare(run: RestoreRun, clock: Clock, ports: BackupPorts) -> RestoreRun:
	"""A system that answers is counted as back; whether its data is all there is told beside it."""
	backup = ports.backups.get(run.backup)
	provider, system = _target(run, ports)
	if backup.before is None or backup.after is None:
		return replace(moved_restore(run, "alike"), answered_at=clock())
	restored = provider.fingerprint(system)
	answered = replace(run, answered_at=run.answered_at or clock())
	fault = difference(restored, backup.before, backup.after, more_is_fine=not run.is_drill)
	if fault is None:
		return moved_restore(answered, "alike")
	verdict, figures = fault
	return moved_restore(replace(answered, verdict=verdict, figures=figures), "failed")


def _clear(run: RestoreRun, clock: Clock, ports: BackupPorts) -> RestoreRun:
	"""The scratch system goes, whatever became of the drill; of a restore, the files that were brought for it."""
	provider, system = _target(run, ports)
	if run.is_drill:
		if not is_scratch(system.site):
			raise DomainError("not_a_scratch_site", site=system.site)
		provider.discard(system)
	else:
		backup = ports.backups.get(run.backup)
		for file in backup.files:
			provider.remove(system, f"{provider.backups_of(system)}/{run.name}/{_name(file)}")
	return replace(moved_restore(run, "caught" if run.verdict else "cleared"), finished_at=clock())


def _target(run: RestoreRun, ports: BackupPorts) -> tuple[Provider, System]:
	provider, system = ports.systems.at(run.instance)
	if not run.is_drill:
		return provider, system
	assert run.scratch is not None
	return provider, replace(system, site=run.scratch, apps=())


def _tell(before: RestoreRun, after: RestoreRun, ports: BackupPorts) -> None:
	if before.status is after.status:
		return
	if after.is_drill and after.status is RestoreStatus.FAILED:
		ports.alerts.open(after.instance, DRILL_FAILED, after.backup)
	elif after.is_drill and after.status is RestoreStatus.DONE:
		ports.alerts.close(after.instance, [DRILL_FAILED])
	elif after.status is RestoreStatus.FAILED:
		ports.alerts.open(after.instance, RESTORE_FAILED, after.backup)
		ports.history.note(after.instance, "restore_failed", backup=after.backup, run=after.name)
	elif after.status is RestoreStatus.DONE:
		ports.alerts.close(after.instance, [RESTORE_FAILED])
		ports.history.note(after.instance, "restored", backup=after.backup, run=after.name)


def _name(file: StoredFile) -> str:
	return file.path.rpartition("/")[2]


STEPS: dict[RestoreStatus, Callable[[RestoreRun, Clock, BackupPorts], RestoreRun]] = {
	RestoreStatus.QUEUED: _start,
	RestoreStatus.CHECKING: _check,
	RestoreStatus.PREPARING: _prepare,
	RestoreStatus.RESTORING: _restore,
	RestoreStatus.COMPARING: _compare,
	RestoreStatus.CLEARING: _clear,
}
