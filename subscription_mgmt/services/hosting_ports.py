"""What do the services need of customers' systems and of the places where backups are kept?"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.operations import Operation
from subscription_mgmt.engine.systems import Access, BackupFile, Fingerprint, Reading, System


class Provider(Protocol):
	"""Who runs a system: a bench on this machine, one over SSH, another software by webhook, or a person.

	Every verb may be asked twice for the same thing: the second time it finds it done. All raise DomainError: codes in
	`engine.operations.PASSING` are worth another try, those in LATER mean that it goes on, others need a person;
	`not_offered` when this kind of provider has no such verb.
	"""

	def ping(self) -> None:
		"""Whether whoever runs the systems can be reached."""

	def provision(self, system: System) -> None:
		"""Create the system, empty, in mode Full."""

	def set_access(self, system: System, access: Access) -> None: ...

	def access(self, system: System) -> Mode | None:
		"""The mode that is really in force; None when it cannot be told."""

	def back_up(self, system: System, label: str) -> Sequence[BackupFile]:
		"""Dump database, public and private files into files of their own on its server."""

	def backups_of(self, system: System) -> str:
		"""The folder on the system's server from which backups are read, and into which one is written to be
		restored."""

	def read(self, system: System, path: str) -> AbstractContextManager[BinaryIO]:
		"""A file on the system's server, as a stream."""

	def write(self, system: System, path: str, content: BinaryIO) -> None: ...

	def remove(self, system: System, path: str) -> None: ...

	def restore(self, system: System, files: Sequence[BackupFile]) -> None:
		"""Replace the system's database and files by those of the backup. The system exists."""

	def fingerprint(self, system: System) -> Fingerprint: ...

	def measure(self, system: System, since: datetime) -> Sequence[Reading]:
		"""Users by module, companies, e-mails sent since the moment, bytes stored."""

	def version(self, system: System) -> str: ...

	def update(self, system: System) -> None:
		"""Bring the system to the version of its server."""

	def discard(self, system: System) -> None:
		"""Delete a scratch system, so that nothing of it is left anywhere."""

	def drop(self, system: System) -> None:
		"""Delete the system with its data and the backups that lie on its server, so that nothing of it is left there.
		Whether that may be is not asked here: see `engine/deletion.py`."""


@dataclass(frozen=True)
class Work:
	"""An operation being performed. `reached` notes a step with figures, for whoever takes it up after a crash."""

	operation: Operation
	provider: Provider
	system: System
	reached: Callable[..., None]


class Performer(Protocol):
	"""How a kind of operation is done (`jobs/performers.py`). It may be called again after any of its steps."""

	def __call__(self, work: Work) -> str | None:
		"""What came of it, in words; DomainError when it could not be done."""


class Store(Protocol):
	"""A second place for backups: a folder, an SFTP server or an S3 bucket. Keys are slash-separated."""

	def put(self, key: str, content: BinaryIO) -> tuple[int, str]:
		"""Size in bytes and SHA-256 of what was really stored. A put that breaks off leaves nothing under the key."""

	def open(self, key: str) -> AbstractContextManager[BinaryIO]: ...

	def keys(self, prefix: str) -> Iterator[str]: ...

	def remove(self, key: str) -> None: ...
