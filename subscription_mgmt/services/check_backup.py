"""Is what a server calls a backup whole? Every file is read to its end, before anything is done with it."""

import gzip
import json
import tarfile
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from subscription_mgmt.engine.backup_runs import StoredFile
from subscription_mgmt.engine.backup_verdicts import DumpReader
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.systems import System
from subscription_mgmt.services.backup_ports import Readable
from subscription_mgmt.services.hosting_ports import Provider

PIECE = 1 << 20
NOT_AN_ARCHIVE = (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, OSError, ValueError)


@dataclass
class Hashed:
	"""Reads on, and knows size and checksum of what was read."""

	content: Readable

	def __post_init__(self) -> None:
		self.size, self._hash = 0, sha256()

	def read(self, size: int = -1, /) -> bytes:
		piece = self.content.read(size)
		self.size += len(piece)
		self._hash.update(piece)
		return piece

	def sha256(self) -> str:
		return self._hash.hexdigest()


def checked_files(
	provider: Provider, system: System, files: Sequence[StoredFile], tables: Collection[str]
) -> tuple[StoredFile, ...]:
	"""The files with their size and checksum. `tables`: what the system's database had.

	Raises DomainError with the verdict as its code: `dump_…`, `archive_broken`, `file_changed` or `file_empty`.
	"""
	if not any(each.kind == "database" for each in files):
		raise DomainError("dump_missing", files=len(files))
	return tuple(_checked(provider, system, each, tables) for each in files)


def _checked(provider: Provider, system: System, file: StoredFile, tables: Collection[str]) -> StoredFile:
	with provider.read(system, file.path) as stream:
		hashed = Hashed(stream)
		CHECKS.get(file.kind, _not_empty)(hashed, file, tables)
		while hashed.read(PIECE):
			pass
	if hashed.size != file.size:
		raise DomainError("file_changed", file=_name(file), expected=file.size, found=hashed.size)
	return replace(file, sha256=hashed.sha256())


def _dump(content: Hashed, file: StoredFile, tables: Collection[str]) -> None:
	reader = DumpReader()
	try:
		plain = gzip.GzipFile(fileobj=content) if file.path.endswith(".gz") else content  # type: ignore[arg-type]
		while piece := plain.read(PIECE):
			reader.feed(piece)
	except NOT_AN_ARCHIVE as error:
		raise DomainError("archive_broken", file=_name(file), reason=_said(error)) from error
	if fault := reader.fault(tables):
		verdict, figures = fault
		raise DomainError(verdict, file=_name(file), **figures)


def _archive(content: Hashed, file: StoredFile, tables: Collection[str]) -> None:
	try:
		mode = "r|gz" if file.path.endswith("gz") else "r|"
		with tarfile.open(fileobj=content, mode=mode) as archive:  # type: ignore[call-overload]
			for _member in archive:
				pass
	except NOT_AN_ARCHIVE as error:
		raise DomainError("archive_broken", file=_name(file), reason=_said(error)) from error


def _settings(content: Hashed, file: StoredFile, tables: Collection[str]) -> None:
	try:
		json.loads(content.read())
	except ValueError as error:
		raise DomainError("archive_broken", file=_name(file), reason=_said(error)) from error


def _not_empty(content: Hashed, file: StoredFile, tables: Collection[str]) -> None:
	if not content.read(1):
		raise DomainError("file_empty", file=_name(file))


CHECKS = {"database": _dump, "public": _archive, "private": _archive, "config": _settings}


def _name(file: StoredFile) -> str:
	return file.path.rpartition("/")[2]


def _said(error: Exception) -> str:
	return str(error) or type(error).__name__
