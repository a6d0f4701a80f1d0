"""How is a command run on this machine or on another, and a file streamed to it or from it?

Both are one class: over SSH the same words are quoted for the far shell and given to OpenSSH.
"""

import io
import os
import re
import shlex
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, BinaryIO

from subscription_mgmt.engine import bench_argv
from subscription_mgmt.engine.bench_argv import HOST, USER, checked

MOST_OUTPUT = 4_000_000  # bytes of output that are kept: an answer is smaller, and of a log the end is enough
GRACE = 30  # seconds more than the far side's own limit
PIECE = 1 << 20
CONNECTION_LOST = 255
PUBLIC_KEY = re.compile(r"(?:^|\s)((?:ssh|ecdsa|sk)-[a-z0-9@.-]+) +([A-Za-z0-9+/=]{40,})")


@dataclass(frozen=True)
class Done:
	"""How a command ended. `code` None: it did not end in time and was killed."""

	code: int | None
	out: str = ""
	err: str = ""

	@property
	def said(self) -> str:
		return "\n".join(filter(None, (self.out.strip(), self.err.strip())))


class Broken(Exception):
	"""A stream that ended before its end: the command behind it failed, or did not end in time."""


class Runner:
	"""This machine."""

	def run(self, argv: Sequence[str], seconds: int, given: bytes | BinaryIO = b"") -> Done:
		"""`given`: what the command reads. Bytes or a file, which is streamed."""
		with self._words(bench_argv.limited(argv, seconds)) as words:
			return _run(words, seconds + GRACE, given)

	@contextmanager
	def reading(self, argv: Sequence[str], seconds: int) -> Iterator[BinaryIO]:
		"""What the command writes, as it comes. Raises Broken instead of ending too early."""
		with self._words(bench_argv.limited(argv, seconds)) as words:
			process = _started(words, stdin=subprocess.DEVNULL)
			try:
				yield _Stream(process, seconds + GRACE)  # type: ignore[misc]
			finally:
				_end(process)

	@contextmanager
	def _words(self, argv: Sequence[str]) -> Iterator[list[str]]:
		yield list(argv)


@dataclass(frozen=True)
class SshRunner(Runner):
	"""Another machine, by OpenSSH. Its key must be the one written down before; ours touches no disk."""

	host: str
	user: str
	host_keys: str
	private_key: str = field(repr=False)
	port: int = 22
	seconds_to_connect: int = 10

	@contextmanager
	def _words(self, argv: Sequence[str]) -> Iterator[list[str]]:
		with _in_memory(self.private_key.strip() + "\n") as key, _in_memory(self._known_hosts()) as known:
			options = {
				"BatchMode": "yes",
				"StrictHostKeyChecking": "yes",
				"UserKnownHostsFile": known,
				"GlobalKnownHostsFile": "/dev/null",
				"UpdateHostKeys": "no",
				"IdentitiesOnly": "yes",
				"PreferredAuthentications": "publickey",
				"ConnectTimeout": str(self.seconds_to_connect),
				"ServerAliveInterval": "15",
				"ServerAliveCountMax": "4",
				"ForwardAgent": "no",
				"ClearAllForwardings": "yes",
				"LogLevel": "ERROR",
			}
			words = ["ssh", "-F", "/dev/null", "-T", "-i", key, "-p", str(int(self.port))]
			for name, value in options.items():
				words += ["-o", f"{name}={value}"]
			far = f"{checked(USER, self.user)}@{checked(HOST, self.host)}"
			yield [*words, far, shlex.join(argv)]

	def _known_hosts(self) -> str:
		"""A line for each key that the server may show: its kind and itself, whatever name stood before."""
		name = self.host if self.port == 22 else f"[{self.host}]:{self.port}"
		return "".join(f"{name} {key}\n" for key in keys_in(self.host_keys))


def keys_in(text: str) -> list[str]:
	"""Kind and key of each line of a known_hosts file, or of public keys."""
	return [" ".join(found) for found in PUBLIC_KEY.findall(text)]


@contextmanager
def _in_memory(text: str) -> Iterator[str]:
	"""The path of a file that only this user can read, on no disk, and gone with this process however it ends."""
	handle = os.memfd_create("subscription-ssh")
	try:
		os.fchmod(handle, 0o600)
		os.write(handle, text.encode())
		yield f"/proc/{os.getpid()}/fd/{handle}"
	finally:
		os.close(handle)


def _environment() -> Mapping[str, str]:
	"""Nothing of the worker's own settings reaches another bench."""
	kept = ("PATH", "HOME", "USER", "LOGNAME")
	return {**{name: os.environ[name] for name in kept if name in os.environ}, "LANG": "C.UTF-8"}


def _started(words: Sequence[str], stdin: int) -> subprocess.Popen:
	"""In a session of its own: no terminal to ask for a password, and one group to kill."""
	return subprocess.Popen(
		words,
		stdin=stdin,
		stdout=subprocess.PIPE,
		stderr=subprocess.PIPE,
		env=_environment(),
		cwd="/",
		start_new_session=True,
	)


def _run(words: Sequence[str], seconds: int, given: bytes | BinaryIO) -> Done:
	process = _started(words, stdin=subprocess.PIPE)
	assert process.stdin and process.stdout and process.stderr
	out, err = _Tail(process.stdout), _Tail(process.stderr)
	feeder = _Feeder(process, given)
	code: int | None
	try:
		code = process.wait(seconds)
	except subprocess.TimeoutExpired:
		code = None
	finally:
		_end(process)
	if feeder.error:
		raise feeder.error
	return Done(code, out.text(), err.text())


class _Feeder(threading.Thread):
	"""Gives a command what it reads. What breaks off while it is given is not taken for the whole: the command is
	killed, and the error raised where it was started."""

	def __init__(self, process: subprocess.Popen, given: bytes | BinaryIO) -> None:
		super().__init__(daemon=True)
		self._process, self._given = process, given
		self.error: Exception | None = None
		self.start()

	def run(self) -> None:
		pipe = self._process.stdin
		assert pipe
		try:
			given = io.BytesIO(self._given) if isinstance(self._given, bytes) else self._given
			while piece := self._read(given):
				pipe.write(piece)
			pipe.close()
		except (BrokenPipeError, ValueError):
			return  # it ended without having read all: its own code says how

	def _read(self, given: BinaryIO) -> bytes:
		try:
			return given.read(PIECE)
		except Exception as error:
			self.error = error
			os.killpg(self._process.pid, signal.SIGKILL)
			return b""


class _Tail(threading.Thread):
	"""Reads a pipe to its end and keeps the last of it."""

	def __init__(self, pipe: IO[bytes]) -> None:
		super().__init__(daemon=True)
		self._pipe, self._kept = pipe, bytearray()
		self.start()

	def run(self) -> None:
		while piece := self._pipe.read1(PIECE):  # type: ignore[attr-defined]
			self._kept += piece
			del self._kept[:-MOST_OUTPUT]

	def text(self) -> str:
		self.join(GRACE)
		return bytes(self._kept).decode(errors="replace")


class _Stream:
	"""Reads like a file; its end is only reported once the command is known to have ended well."""

	def __init__(self, process: subprocess.Popen, seconds: int) -> None:
		assert process.stdout and process.stderr
		self._process, self._out, self._err = process, process.stdout, _Tail(process.stderr)
		self._timer = threading.Timer(seconds, _end, args=(process,))
		self._timer.daemon = True
		self._timer.start()

	def read(self, size: int = -1) -> bytes:
		piece = self._out.read(size)
		if not piece or size < 0 or len(piece) < size:
			self._check_end()
		return piece

	def _check_end(self) -> None:
		code = self._process.wait(GRACE)
		self._timer.cancel()
		if code != 0:
			raise Broken(self._err.text().strip() or f"exit {code}")


def _end(process: subprocess.Popen) -> None:
	"""Killed with its whole group, if it goes on still."""
	if process.poll() is None:
		os.killpg(process.pid, signal.SIGKILL)
		process.wait()
