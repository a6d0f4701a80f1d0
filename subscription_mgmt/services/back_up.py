"""How does a queued backup become a proven copy in the second place? Step by step, each stored, each repeatable."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from subscription_mgmt.engine.backup_due import BACKUP_ALERTS
from subscription_mgmt.engine.backup_runs import (
	WORKING,
	BackupRun,
	BackupStatus,
	StoredFile,
	after_failure,
	key_of,
	moved_backup,
)
from subscription_mgmt.engine.backup_verdicts import is_small, usual_size
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.operations import LATER, PASSING
from subscription_mgmt.engine.systems import Fingerprint, System
from subscription_mgmt.services.backup_ports import BackupPorts, Clock, Readable
from subscription_mgmt.services.check_backup import PIECE, Hashed, checked_files
from subscription_mgmt.services.hosting_ports import Provider

# A step that fails so may succeed a while later; whatever else goes wrong would go wrong again.
WORTH_ANOTHER_TRY = PASSING | {"store_failed", "unforeseen"}


def next_step(name: str, clock: Clock, ports: BackupPorts) -> BackupRun:
	"""Do the run's next step; what came of it is stored. The caller commits, and asks again while it is at work."""
	run = ports.backups.get(name)
	if run.status not in WORKING or (run.retry_at and clock() < run.retry_at):
		return run
	try:
		after = STEPS[run.status](run, clock, ports)
	except DomainError as error:
		if error.code in LATER:
			raise
		return fail_backup(run, error, clock(), ports)
	ports.backups.save(run, after)
	_tell(run, after, ports)
	return after


def fail_backup(
	run: BackupRun, error: DomainError, now: datetime, ports: BackupPorts, is_final: bool = False
) -> BackupRun:
	"""Its step did not succeed: another try later, or the end."""
	is_final = is_final or error.code not in WORTH_ANOTHER_TRY
	after = after_failure(run, now, error.code, is_final, error.context)
	ports.backups.save(run, after)
	_tell(run, after, ports)
	return after


def _start(run: BackupRun, clock: Clock, ports: BackupPorts) -> BackupRun:
	terms = ports.systems.terms(run.instance)
	key = ports.keys.current() if terms and terms.store and terms.encrypted else None
	started = moved_backup(run, "started")
	return replace(
		started,
		started_at=clock(),
		policy=terms.policy.name if terms else None,
		store=terms.store if terms else None,
		encryption=key,
	)


def _dump(run: BackupRun, clock: Clock, ports: BackupPorts) -> BackupRun:
	provider, system = ports.systems.at(run.instance)
	before = _fingerprint(provider, system)
	files = [StoredFile(each.kind, each.path, each.size) for each in provider.back_up(system, run.name)]
	return replace(
		moved_backup(run, "dumped"),
		before=before,
		after=_fingerprint(provider, system) if before else None,
		files=tuple(files),
		on_server=True,
	)


def _verify(run: BackupRun, clock: Clock, ports: BackupPorts) -> BackupRun:
	provider, system = ports.systems.at(run.instance)
	# A table that came or went while the dump was taken may be in it or not.
	tables = set(run.before.rows) & set(run.after.rows) if run.before and run.after else set()
	return replace(moved_backup(run, "verified"), files=checked_files(provider, system, run.files, tables))


def _copy(run: BackupRun, clock: Clock, ports: BackupPorts) -> BackupRun:
	if run.store is None:
		return moved_backup(run, "copied")
	provider, system = ports.systems.at(run.instance)
	files = tuple(_copied(run, each, provider, system, ports) for each in run.files)
	return replace(_moved_on(run, "copied"), files=files)


def _copied(
	run: BackupRun, file: StoredFile, provider: Provider, system: System, ports: BackupPorts
) -> StoredFile:
	assert run.store is not None
	key, store = key_of(run, file.path), ports.stores.at(run.store)
	with provider.read(system, file.path) as stream:
		plain = Hashed(stream)
		with encrypted(run, plain, ports) as content:
			size, checksum = store.put(key, content)
	if plain.sha256() != file.sha256:
		store.remove(key)
		raise DomainError("file_changed", file=key, expected=file.size, found=plain.size)
	return replace(file, key=key, stored_size=size, stored_sha256=checksum)


def _read_back(run: BackupRun, clock: Clock, ports: BackupPorts) -> BackupRun:
	if run.store is not None:
		spoilt = next((each for each in run.files if not is_sound(run, each, ports)), None)
		if spoilt is not None:
			return _copied_again(run, spoilt, clock())
	return _judged(run, clock(), ports)


def is_sound(run: BackupRun, file: StoredFile, ports: BackupPorts) -> bool:
	"""Whether the second place has the file as it was stored, and it opens to what the server had."""
	try:
		with opened(run, file, ports) as content:
			while content.read(PIECE):
				pass
	except DomainError as error:
		if error.code in ("store_misses", "decryption_failed", "copy_differs"):
			return False
		raise
	return True


@contextmanager
def opened(run: BackupRun, file: StoredFile, ports: BackupPorts) -> Iterator[Readable]:
	"""A file of the second place, decrypted. Raises DomainError `copy_differs` at its end, `store_misses` or
	`decryption_failed`, rather than give anything else for the whole."""
	assert run.store is not None
	with ports.stores.at(run.store).open(file.key) as stream:
		stored = Hashed(stream)
		with decrypted(run, stored, file.key, ports) as content:
			yield Exact(Hashed(content), stored, file)


class Exact:
	"""Reads to the end only what is exactly the file that was stored."""

	def __init__(self, plain: Hashed, stored: Hashed, file: StoredFile) -> None:
		self._plain, self._stored, self._file = plain, stored, file

	def read(self, size: int = -1, /) -> bytes:
		piece = self._plain.read(size)
		if size < 0 or (size > 0 and len(piece) < size):
			self._check_end(piece)
		return piece

	def _check_end(self, piece: bytes) -> None:
		while self._stored.read(PIECE):
			pass
		if piece and self._plain.size < self._file.size:
			return  # a short read before the end
		if (self._plain.sha256(), self._stored.sha256()) != (self._file.sha256, self._file.stored_sha256):
			raise DomainError("copy_differs", file=self._file.key)


def _copied_again(run: BackupRun, file: StoredFile, now: datetime) -> BackupRun:
	"""A copy that differs is made anew, as often as any other step is tried."""
	after = after_failure(run, now, "copy_differs", False, {"file": file.key})
	if after.status is BackupStatus.FAILED:
		return after
	return replace(moved_backup(after, "differs"), tries=after.tries)


def _moved_on(run: BackupRun, event: str) -> BackupRun:
	"""The tries of copying and reading back are counted together."""
	return replace(moved_backup(run, event), tries=run.tries)


def _judged(run: BackupRun, now: datetime, ports: BackupPorts) -> BackupRun:
	terms = ports.systems.terms(run.instance)
	sizes = [
		each.size
		for each in ports.backups.of(run.instance)
		if each.status is BackupStatus.GOOD and each.name != run.name
	]
	done = replace(run, finished_at=now)
	if is_small(run.size, sizes, terms.small_below if terms else 50):
		figures = {"size": run.size, "usual": usual_size(sizes)}
		return replace(moved_backup(done, "small"), verdict="backup_small", figures=figures)
	return moved_backup(done, "proved")


def _tell(before: BackupRun, after: BackupRun, ports: BackupPorts) -> None:
	if after.status in (BackupStatus.FAILED, BackupStatus.SUSPICIOUS):
		ports.alerts.open(after.instance, after.status.value, after.name)
	elif after.status is BackupStatus.GOOD and before.status is not BackupStatus.GOOD:
		ports.alerts.close(after.instance, BACKUP_ALERTS)


def _fingerprint(provider: Provider, system: System) -> Fingerprint | None:
	try:
		return provider.fingerprint(system)
	except DomainError as error:
		if error.code == "not_offered":
			return None
		raise


@contextmanager
def encrypted(run: BackupRun, content: Readable, ports: BackupPorts) -> Iterator[Readable]:
	if run.encryption is None:
		yield content
		return
	with ports.keys.encrypted(content, run.encryption) as stream:
		yield stream


@contextmanager
def decrypted(run: BackupRun, content: Readable, what: str, ports: BackupPorts) -> Iterator[Readable]:
	if run.encryption is None:
		yield content
		return
	with ports.keys.decrypted(content, run.encryption, what) as stream:
		yield stream


STEPS: dict[BackupStatus, Callable[[BackupRun, Clock, BackupPorts], BackupRun]] = {
	BackupStatus.QUEUED: _start,
	BackupStatus.DUMPING: _dump,
	BackupStatus.VERIFYING: _verify,
	BackupStatus.COPYING: _copy,
	BackupStatus.READING_BACK: _read_back,
}
