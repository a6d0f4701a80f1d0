"""How are backups kept on another machine by SFTP? Its key must be the one that was written down."""

import io
import posixpath
import socket
import stat
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import paramiko

from subscription_mgmt.adapters.store_places import Place, checked_key, failed, refused
from subscription_mgmt.adapters.streams import PIECE, Measured
from subscription_mgmt.engine.errors import DomainError

UNFINISHED = ".part"
SECONDS_TO_CONNECT = 15
SECONDS_OF_SILENCE = 120


class SftpStore:
	"""Implements `hosting_ports.Store`. Each call has a connection of its own: hours may lie between two."""

	def __init__(self, place: Place) -> None:
		self._place = place
		if not place.host_key.strip():
			raise DomainError("store_needs_host_key", store=place.name)

	def put(self, key: str, content: BinaryIO) -> tuple[int, str]:
		path, measured = self._path(key), Measured(content)
		with self._connected() as sftp:
			_make_folders(sftp, posixpath.dirname(path))
			try:
				with sftp.open(path + UNFINISHED, "wb") as file:
					file.set_pipelined(True)
					while piece := measured.read(PIECE):
						file.write(piece)
				size = sftp.stat(path + UNFINISHED).st_size
				if size != measured.size:
					raise OSError(f"{size} of {measured.size} bytes arrived")
				sftp.posix_rename(path + UNFINISHED, path)
			except BaseException:
				_try_to_remove(sftp, path + UNFINISHED)
				raise
		return measured.size, measured.sha256

	@contextmanager
	def open(self, key: str) -> Iterator[BinaryIO]:
		with self._connected() as sftp:
			try:
				file = sftp.open(self._path(key), "rb", bufsize=PIECE)
			except FileNotFoundError as error:
				raise DomainError("store_misses", store=self._place.name, key=key) from error
			with file:
				yield file  # type: ignore[misc]

	def keys(self, prefix: str) -> Iterator[str]:
		with self._connected() as sftp:
			root = self._place.folder.rstrip("/")
			for path in _files_under(sftp, root):
				key = path[len(root) + 1 :]
				if key.startswith(prefix) and not key.endswith(UNFINISHED):
					yield key

	def remove(self, key: str) -> None:
		with self._connected() as sftp:
			try:
				sftp.remove(self._path(key))
			except FileNotFoundError:
				return

	def _path(self, key: str) -> str:
		return f"{self._place.folder.rstrip('/')}/{checked_key(key)}"

	@contextmanager
	def _connected(self) -> Iterator[paramiko.SFTPClient]:
		place = self._place
		try:
			with paramiko.SSHClient() as client:
				_trust_only(client, place)
				client.connect(
					place.host,
					place.port,
					place.user,
					password=place.password or None,
					pkey=_private_key(place),
					allow_agent=False,
					look_for_keys=False,
					timeout=SECONDS_TO_CONNECT,
					auth_timeout=SECONDS_TO_CONNECT,
					banner_timeout=SECONDS_TO_CONNECT,
				)
				with client.open_sftp() as sftp:
					sftp.get_channel().settimeout(SECONDS_OF_SILENCE)
					yield sftp
		except (paramiko.BadHostKeyException, paramiko.AuthenticationException) as error:
			raise refused(place, error) from error
		except (paramiko.SSHException, OSError, EOFError) as error:
			if "not found in known_hosts" in str(error):
				raise refused(place, error) from error
			raise failed(place, error) from error


def host_key_of(host: str, port: int) -> tuple[str, str]:
	"""(line to write down, SHA-256 fingerprint) of the key that the machine shows now, for a person to compare."""
	with socket.create_connection((host, port), SECONDS_TO_CONNECT) as connection:
		transport = paramiko.Transport(connection)
		try:
			transport.start_client(timeout=SECONDS_TO_CONNECT)
			key = transport.get_remote_server_key()
			return f"{key.get_name()} {key.get_base64()}", key.fingerprint
		except paramiko.SSHException as error:
			raise OSError(str(error)) from error
		finally:
			transport.close()


def _trust_only(client: paramiko.SSHClient, place: Place) -> None:
	name = place.host if place.port == 22 else f"[{place.host}]:{place.port}"
	for line in place.host_key.strip().splitlines():
		kind, _, rest = line.strip().partition(" ")
		key = paramiko.PKey.from_type_string(kind, b64decode(rest.split()[0]))
		client.get_host_keys().add(name, kind, key)
	client.set_missing_host_key_policy(paramiko.RejectPolicy())


def _private_key(place: Place) -> paramiko.PKey | None:
	if not place.private_key:
		return None
	return paramiko.Ed25519Key.from_private_key(io.StringIO(place.private_key))


def _make_folders(sftp: paramiko.SFTPClient, folder: str) -> None:
	parts = folder.strip("/").split("/")
	for count in range(1, len(parts) + 1):
		path = ("/" if folder.startswith("/") else "") + "/".join(parts[:count])
		try:
			sftp.stat(path)
		except FileNotFoundError:
			sftp.mkdir(path, 0o700)


def _files_under(sftp: paramiko.SFTPClient, folder: str) -> Iterator[str]:
	try:
		entries = sftp.listdir_attr(folder)
	except FileNotFoundError:
		return
	for entry in sorted(entries, key=lambda each: each.filename):
		path = f"{folder}/{entry.filename}"
		if stat.S_ISDIR(entry.st_mode or 0):
			yield from _files_under(sftp, path)
		else:
			yield path


def _try_to_remove(sftp: paramiko.SFTPClient, path: str) -> None:
	"""With the connection gone the part stays behind, under a name that is no key: the next try writes over it."""
	try:
		sftp.remove(path)
	except (OSError, paramiko.SSHException, EOFError):
		return
