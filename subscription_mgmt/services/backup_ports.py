"""What do backups and restores need from the outside? Records, systems, second places, keys and people to alert."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import BinaryIO, Protocol

from subscription_mgmt.engine.backup_runs import BackupRun
from subscription_mgmt.engine.backup_schedule import BackupPolicy
from subscription_mgmt.engine.restore_runs import RestoreRun
from subscription_mgmt.engine.systems import System
from subscription_mgmt.services.hosting_ports import Provider, Store

Clock = Callable[[], datetime]  # what moment is it?


class Readable(Protocol):
	def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True)
class BackupTerms:
	"""What is agreed on an instance's backups. `store`: the second place, None for none. `small_below`: percent of
	the usual size. `on_server`: how many good backups the server keeps besides the second place."""

	policy: BackupPolicy
	zone: tzinfo
	store: str | None = None
	encrypted: bool = True
	small_below: int = 50
	on_server: int = 1
	drill_every_days: int = 0
	restore_within_minutes: int = 0


class Backups(Protocol):
	def get(self, name: str) -> BackupRun:
		"""Raises DomainError `unknown_backup`."""

	def locked(self, name: str) -> BackupRun:
		"""As it is now, and nobody else changes it until the caller commits."""

	def save(self, before: BackupRun, after: BackupRun) -> None:
		"""Raises DomainError `changed_meanwhile` when the run is no longer at the step of `before`."""

	def add(self, run: BackupRun) -> str:
		"""Its name. A scheduled run of an instance for a moment that has one already is that one."""

	def of(self, instance: str) -> Sequence[BackupRun]:
		"""The instance's runs that are not removed, newest first."""


class Restores(Protocol):
	def get(self, name: str) -> RestoreRun:
		"""Raises DomainError `unknown_restore`."""

	def save(self, before: RestoreRun, after: RestoreRun) -> None:
		"""Raises DomainError `changed_meanwhile` when the run is no longer at the step of `before`."""

	def add(self, run: RestoreRun) -> str: ...

	def of(self, instance: str) -> Sequence[RestoreRun]:
		"""Newest first."""


class Systems(Protocol):
	def at(self, instance: str) -> tuple[Provider, System]:
		"""Raises DomainError `unknown_instance`."""

	def terms(self, instance: str) -> BackupTerms | None:
		"""None: nothing is agreed on backups."""

	def kept_until(self, instance: str) -> datetime | None:
		"""The end of the time for which the backups of a deleted system are kept. None: it is not deleted, something is
		held, or they are kept until a person removes them."""


class Stores(Protocol):
	def at(self, name: str) -> Store: ...


class Keys(Protocol):
	def current(self) -> str:
		"""The name of the key that encrypts now."""

	def encrypted(self, content: Readable, key: str) -> AbstractContextManager[BinaryIO]: ...

	def decrypted(self, content: Readable, key: str, what: str) -> AbstractContextManager[BinaryIO]:
		"""Raises DomainError `decryption_failed` while it is read."""


class Alerts(Protocol):
	def open(self, instance: str, kind: str, run: str | None) -> None:
		"""People are told once, however often the same is found."""

	def close(self, instance: str, kinds: Sequence[str]) -> None: ...


class Archive(Protocol):
	def note(self, instance: str, code: str, **figures: object) -> None:
		"""Into the history of the contracts that the instance serves; worded by `messages.py`."""


@dataclass(frozen=True)
class BackupPorts:
	backups: Backups
	restores: Restores
	systems: Systems
	stores: Stores
	keys: Keys
	alerts: Alerts
	history: Archive
