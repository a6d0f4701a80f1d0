"""How are backups kept in a folder: another disk, or a network share that is mounted?"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from subscription_mgmt.adapters.store_places import Place, checked_key, failed
from subscription_mgmt.adapters.streams import PIECE, Measured
from subscription_mgmt.engine.errors import DomainError

UNFINISHED = ".part"


class FolderStore:
	"""Implements `hosting_ports.Store`. A file has its own name only once it is whole and on the disk."""

	def __init__(self, place: Place) -> None:
		self._place, self._root = place, Path(place.folder)
		if not self._root.is_absolute():
			raise DomainError("store_folder_refused", store=place.name, folder=place.folder)

	def put(self, key: str, content: BinaryIO) -> tuple[int, str]:
		path, measured = self._path(key), Measured(content)
		unfinished = path.with_name(path.name + UNFINISHED)
		try:
			path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
			with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
				while piece := measured.read(PIECE):
					file.write(piece)
				file.flush()
				os.fsync(file.fileno())
			unfinished.replace(path)
			_sync(path.parent)
		except OSError as error:
			raise failed(self._place, error) from error
		finally:
			_remove(unfinished)
		return measured.size, measured.sha256

	@contextmanager
	def open(self, key: str) -> Iterator[BinaryIO]:
		try:
			file = open(self._path(key), "rb")
		except FileNotFoundError as error:
			raise DomainError("store_misses", store=self._place.name, key=key) from error
		except OSError as error:
			raise failed(self._place, error) from error
		with file:
			yield file

	def keys(self, prefix: str) -> Iterator[str]:
		"""Unfinished files are none."""
		for path in sorted(self._root.rglob("*")):
			key = path.relative_to(self._root).as_posix()
			if key.startswith(prefix) and path.is_file() and not key.endswith(UNFINISHED):
				yield key

	def remove(self, key: str) -> None:
		try:
			_remove(self._path(key))
		except OSError as error:
			raise failed(self._place, error) from error

	def _path(self, key: str) -> Path:
		return self._root / checked_key(key)


def _remove(path: Path) -> None:
	path.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
	"""The name too is on the disk, not only the content."""
	handle = os.open(folder, os.O_RDONLY)
	try:
		os.fsync(handle)
	finally:
		os.close(handle)
