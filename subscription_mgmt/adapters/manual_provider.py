"""What can be asked of a system that only persons run? Nothing: they get tasks instead (`manual_hosting.py`)."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import BinaryIO, NoReturn

from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.systems import Access, BackupFile, Fingerprint, Reading, System


def _not_offered(system: System) -> NoReturn:
	raise DomainError("not_offered", provider="Manual", system=system.site)


class ManualProvider:
	"""Implements `hosting_ports.Provider`: refuses each verb, and cannot tell in which mode the system is."""

	def provision(self, system: System) -> None:
		_not_offered(system)

	def set_access(self, system: System, access: Access) -> None:
		_not_offered(system)

	def access(self, system: System) -> Mode | None:
		return None

	def back_up(self, system: System, label: str) -> Sequence[BackupFile]:
		_not_offered(system)

	def backups_of(self, system: System) -> str:
		_not_offered(system)

	def read(self, system: System, path: str) -> AbstractContextManager[BinaryIO]:
		_not_offered(system)

	def write(self, system: System, path: str, content: BinaryIO) -> None:
		_not_offered(system)

	def remove(self, system: System, path: str) -> None:
		_not_offered(system)

	def restore(self, system: System, files: Sequence[BackupFile]) -> None:
		_not_offered(system)

	def fingerprint(self, system: System) -> Fingerprint:
		_not_offered(system)

	def measure(self, system: System, since: datetime) -> Sequence[Reading]:
		_not_offered(system)

	def version(self, system: System) -> str:
		_not_offered(system)

	def update(self, system: System) -> None:
		_not_offered(system)

	def discard(self, system: System) -> None:
		_not_offered(system)

	def drop(self, system: System) -> None:
		_not_offered(system)

	def ping(self) -> None:
		"""A person cannot be asked for a sign of life."""
