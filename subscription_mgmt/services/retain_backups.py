"""Which backups of an instance are removed, from the second place and from its server?"""

from dataclasses import replace
from datetime import datetime

from subscription_mgmt.engine.backup_due import removable
from subscription_mgmt.engine.backup_runs import STORED, BackupRun, BackupStatus, Trigger, moved_backup
from subscription_mgmt.engine.retention import Backup, kept
from subscription_mgmt.services.back_up import is_sound
from subscription_mgmt.services.backup_ports import BackupPorts, BackupTerms


def to_remove(instance: str, now: datetime, ports: BackupPorts) -> list[BackupRun]:
	"""What no rule keeps: oldest first, so that a removal that breaks off leaves the newest."""
	terms = ports.systems.terms(instance)
	if terms is None:
		return _of_deleted(instance, now, ports)
	return _removable(ports.backups.of(instance), terms)


def _of_deleted(instance: str, now: datetime, ports: BackupPorts) -> list[BackupRun]:
	"""Nothing agreed any more is no reason to remove anything; that the system was deleted long ago is one."""
	until = ports.systems.kept_until(instance)
	if until is None or now < until:
		return []
	over = [run for run in ports.backups.of(instance) if run.status in STORED and not run.held]
	return sorted(over, key=lambda run: run.due_at)


def remove(name: str, now: datetime, ports: BackupPorts) -> bool:
	"""Remove one of them for good, if it may still be: everything is asked again under lock."""
	run = ports.backups.locked(name)
	if name not in {each.name for each in to_remove(run.instance, now, ports)} or run.held:
		return False
	_clear_server(run, ports)  # first: a server that is away leaves the copy in the second place as it is
	if run.store:
		store = ports.stores.at(run.store)
		for file in run.files:
			if file.key:
				store.remove(file.key)
	ports.backups.save(run, moved_backup(replace(run, on_server=False), "removed"))
	return True


def to_clear(instance: str, ports: BackupPorts) -> list[BackupRun]:
	"""Runs whose copy on the server is not needed any more: it failed, or newer ones lie there and it lies in the
	second place too. From the one right before an update the system may yet be rolled back."""
	terms = ports.systems.terms(instance)
	runs = ports.backups.of(instance)
	there = [run for run in runs if run.on_server]
	failed = [run for run in there if run.status is BackupStatus.FAILED]
	stored = [run for run in there if run.status in STORED and run.store]
	beyond = stored[terms.on_server if terms else 1 :]
	return failed + [
		run for run in beyond if run.trigger is not Trigger.BEFORE_UPDATE or run is not stored[0]
	]


def clear_server(name: str, ports: BackupPorts) -> None:
	run = ports.backups.locked(name)
	if run.name in {each.name for each in to_clear(run.instance, ports)}:
		_clear_server(run, ports)
		ports.backups.save(run, replace(run, on_server=False))


def is_proved_again(name: str, ports: BackupPorts) -> bool:
	"""Whether each file in the second place is read and decrypted to what was dumped: asked right before nothing else
	is left. A store that does not answer raises its own refusal."""
	run = ports.backups.get(name)
	return bool(run.store and run.files) and all(is_sound(run, file, ports) for file in run.files)


def holds_on_server(instance: str, ports: BackupPorts) -> bool:
	"""Whether a copy under legal hold lies on the system's own server and nowhere else."""
	return any(run.held and run.on_server and not run.store for run in ports.backups.of(instance))


def note_server_gone(instance: str, ports: BackupPorts) -> None:
	"""The system was deleted with the copies beside it; a backup that lay there alone is no more."""
	for run in ports.backups.of(instance):
		if run.on_server:
			after = replace(run, on_server=False)
			lost = run.status in STORED and not run.store
			ports.backups.save(run, moved_backup(after, "removed") if lost else after)


def _removable(runs: list[BackupRun], terms: BackupTerms) -> list[BackupRun]:
	stored = [run for run in runs if run.status in STORED]
	as_kept = {
		run.name: Backup(
			run.due_at.astimezone(terms.zone), good=run.status is BackupStatus.GOOD, held=run.held
		)
		for run in stored
	}
	stays = set(kept(as_kept.values(), terms.policy))
	moments = {run.due_at for run in stored if as_kept[run.name] in stays}
	return sorted(removable(runs, moments), key=lambda run: run.due_at)


def _clear_server(run: BackupRun, ports: BackupPorts) -> None:
	if not run.on_server:
		return
	provider, system = ports.systems.at(run.instance)
	for file in run.files:
		provider.remove(system, file.path)
