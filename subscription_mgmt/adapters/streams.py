"""How is a stream measured while it is read, and turned into another one without a copy on disk?"""

import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, Protocol

PIECE = 1 << 20  # bytes


class Readable(Protocol):
	def read(self, size: int = -1, /) -> bytes: ...


class Measured:
	"""Reads like the stream it wraps, and knows size and SHA-256 of what was read so far."""

	def __init__(self, content: Readable) -> None:
		self._content, self._hash, self.size = content, hashlib.sha256(), 0

	def read(self, size: int = -1, /) -> bytes:
		piece = self._content.read(size)
		self._hash.update(piece)
		self.size += len(piece)
		return piece

	@property
	def sha256(self) -> str:
		return self._hash.hexdigest()


@contextmanager
def turned(source: Readable, turn: Callable[[Readable, BinaryIO], None]) -> Iterator[BinaryIO]:
	"""What `turn(source, sink)` writes, to be read at once: it works in a thread of its own.

	Its error is raised where the stream would have ended, so that a part is never taken for the whole.
	"""
	reading_end, writing_end = os.pipe()
	worker = _Turning(source, writing_end, turn)
	worker.start()
	with os.fdopen(reading_end, "rb", buffering=0) as pipe:
		try:
			yield _Turned(pipe, worker)  # type: ignore[misc]
		finally:
			pipe.close()  # whoever writes still is told that nobody reads
			worker.join()


class _Turning(threading.Thread):
	def __init__(self, source: Readable, sink: int, turn: Callable[[Readable, BinaryIO], None]) -> None:
		super().__init__(daemon=True)
		self._source, self._sink, self._turn = _Remembering(source), sink, turn
		self.error: BaseException | None = None

	def run(self) -> None:
		with os.fdopen(self._sink, "wb", buffering=0) as sink:
			try:
				self._turn(self._source, _Whole(sink))  # type: ignore[arg-type]
			except BaseException as error:
				self.error = self._source.error or error


class _Remembering:
	"""Keeps the error of a source: whoever turns it may raise another one in its place."""

	def __init__(self, source: Readable) -> None:
		self._source = source
		self.error: BaseException | None = None

	def read(self, size: int = -1, /) -> bytes:
		try:
			return self._source.read(size)
		except BaseException as error:
			self.error = error
			raise


class _Whole:
	"""Writes all that it is given: a pipe may take only a part."""

	def __init__(self, sink: BinaryIO) -> None:
		self._sink = sink

	def write(self, piece: bytes) -> int:
		rest = memoryview(piece)
		while rest:
			rest = rest[self._sink.write(rest) :]
		return len(piece)

	def flush(self) -> None:
		"""Nothing is kept back."""


class _Turned:
	def __init__(self, pipe: BinaryIO, worker: _Turning) -> None:
		self._pipe, self._worker = pipe, worker

	def read(self, size: int = -1, /) -> bytes:
		"""As many bytes as asked for, fewer only at the end: some who read take less for the end."""
		pieces, missing = [], size
		while missing:
			piece = self._pipe.read(min(missing, PIECE) if missing > 0 else PIECE)
			if not piece:
				self._worker.join()
				if self._worker.error:
					raise self._worker.error
				break
			pieces.append(piece)
			missing -= len(piece) if missing > 0 else 0
		return b"".join(pieces)

	def readable(self) -> bool:
		return True
