"""How is a system run that is no bench? By HTTPS requests that its own software answers.

	POST <the server's address>
	X-Subscription-Timestamp: 1767225600          X-Subscription-Signature: v1=<hex>          Idempotency-Key: <key>
	{"verb": "set_access", "system": "acme.example", "idempotency_key": "…", "mode": "Restricted", "reason": …}

The signature is HMAC-SHA256 with the server's secret over the timestamp, a dot and the body. 200 and a JSON object: it
is done, and the object answers. 202: it goes on; the same request is sent again after `Retry-After` seconds, or when
the other side calls back (`api/hosting.py`). 501: it has no such verb. 408, 425, 429, 5xx: tried again. Anything else
is a refusal, redirects too.
"""

import hashlib
import hmac
import http.client
import json
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import IO, BinaryIO
from urllib.parse import urlsplit

from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.systems import Access, BackupFile, Fingerprint, Reading, System

TIMEOUT = 30  # seconds without a byte
MOST_BYTES = 1_000_000  # of an answer
PIECE = 1 << 20
AGAIN = {408, 425, 429}
NOT_OFFERED = {405, 501}
DEFAULT_WAIT = 60  # seconds

Answer = Mapping


def signature(secret: str, timestamp: str, body: bytes) -> str:
	return "v1=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


class WebhookProvider:
	"""Implements `hosting_ports.Provider`.

	`order`: what the request belongs to; a second attempt at the same order has the same idempotency key. `tell` is
	given what was answered.
	"""

	def __init__(
		self,
		url: str,
		secret: str,
		server: str,
		order: str = "",
		tell: Callable[[str], None] = lambda said: None,
	) -> None:
		self._url, self._secret, self._server, self._order, self._tell = url, secret, server, order, tell

	def provision(self, system: System) -> None:
		self._change("provision", system, apps=list(system.apps))

	def set_access(self, system: System, access: Access) -> None:
		figures = {"mode": access.mode.value, "reason": access.reason, "pay_at": access.pay_at}
		self._change("set_access", system, **figures)

	def access(self, system: System) -> Mode | None:
		try:
			return Mode(self._ask("access", system).get("mode"))
		except (DomainError, ValueError):
			return None

	def back_up(self, system: System, label: str) -> Sequence[BackupFile]:
		files = self._change("back_up", system, label=label).get("files") or []
		with self._readable(system):
			return [BackupFile(str(each["kind"]), str(each["path"]), int(each["size"])) for each in files]

	def backups_of(self, system: System) -> str:
		"""Paths are names to the other side, which keeps the files where it likes."""
		return f"/{system.site}"

	@contextmanager
	def read(self, system: System, path: str) -> Iterator[BinaryIO]:
		body = _body("read", system, secrets.token_hex(16), path=path)
		connection, response = self._send(system, body, body)
		try:
			if response.status != 200 or (response.length is None and not response.chunked):
				self._judge(system, response.status, response.read(MOST_BYTES), response.headers)
				raise DomainError("unreadable_answer", system=system.site, answer=str(response.status))
			yield _Body(response, system.site)  # type: ignore[misc]
		finally:
			connection.close()

	def write(self, system: System, path: str, content: BinaryIO) -> None:
		"""The request stands in a header, the file is the body; its size and SHA-256 are signed with the request."""
		with tempfile.TemporaryFile() as file:
			digest, size = hashlib.sha256(), 0
			while piece := content.read(PIECE):
				digest.update(piece)
				size += file.write(piece)
			file.seek(0)
			key = self._key("write", path, digest.hexdigest())
			request = _body("write", system, key, path=path, sha256=digest.hexdigest(), size=size)
			connection, response = self._send(system, request, file, size)
			try:
				self._judge(system, response.status, response.read(MOST_BYTES), response.headers)
			finally:
				connection.close()

	def remove(self, system: System, path: str) -> None:
		self._change("remove", system, path=path)

	def restore(self, system: System, files: Sequence[BackupFile]) -> None:
		listed = [{"kind": file.kind, "path": file.path, "size": file.size} for file in files]
		self._change("restore", system, files=listed)

	def fingerprint(self, system: System) -> Fingerprint:
		answer = self._ask("fingerprint", system)
		with self._readable(system):
			rows = {str(table): int(count) for table, count in answer["rows"].items()}
			newest = answer.get("newest")
			return Fingerprint(rows, datetime.fromisoformat(newest) if newest else None)

	def measure(self, system: System, since: datetime) -> Sequence[Reading]:
		readings = self._ask("measure", system, since=since.isoformat()).get("readings") or []
		with self._readable(system):
			return [
				Reading(
					str(each["metric"]),
					int(each["value"]),
					each.get("module") or None,
					tuple(str(subject) for subject in each.get("subjects") or ()),
				)
				for each in readings
			]

	def version(self, system: System) -> str:
		return str(self._ask("version", system).get("version") or "")[:140]

	def update(self, system: System) -> None:
		self._change("update", system)

	def discard(self, system: System) -> None:
		self._change("discard", system)

	def drop(self, system: System) -> None:
		self._change("drop", system)

	def ping(self) -> None:
		"""Whether the other side answers and knows the secret."""
		self._ask("ping", System(urlsplit(self._url).hostname or "", self._server))

	# How it is done

	def _ask(self, verb: str, system: System, **figures: object) -> Answer:
		return self._answer(system, _body(verb, system, secrets.token_hex(16), **figures))

	def _change(self, verb: str, system: System, **figures: object) -> Answer:
		key = self._key(verb, system.site, json.dumps(figures, sort_keys=True))
		return self._answer(system, _body(verb, system, key, **figures))

	def _key(self, *parts: str) -> str:
		order = self._order or secrets.token_hex(16)
		return hashlib.sha256("\n".join((order, *parts)).encode()).hexdigest()[:40]

	def _answer(self, system: System, body: bytes) -> Answer:
		connection, response = self._send(system, body, body)
		try:
			with self._lasting(system):
				content = _read_capped(response)
		finally:
			connection.close()
		return self._judge(system, response.status, content, response.headers)

	def _send(
		self, system: System, request: bytes, content: bytes | IO[bytes], size: int | None = None
	) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
		url = urlsplit(self._url)
		kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
		connection = kind(url.hostname or "", url.port, timeout=TIMEOUT)
		timestamp = str(int(time.time()))
		headers = {
			"Content-Type": "application/json" if size is None else "application/octet-stream",
			"X-Subscription-Timestamp": timestamp,
			"X-Subscription-Signature": signature(self._secret, timestamp, request),
			"Idempotency-Key": json.loads(request)["idempotency_key"],
		}
		if size is not None:
			headers |= {"Content-Length": str(size), "X-Subscription-Request": request.decode()}
		path = (url.path or "/") + (f"?{url.query}" if url.query else "")
		try:
			with self._lasting(system):
				connection.request("POST", path, content, headers)
				return connection, connection.getresponse()
		except DomainError:
			connection.close()
			raise

	@contextmanager
	def _lasting(self, system: System) -> Iterator[None]:
		try:
			yield
		except (OSError, http.client.HTTPException) as error:
			said = f"{type(error).__name__}: {error}"
			self._tell(said)
			raise DomainError("provider_failed", system=system.site, reason=said) from error

	@contextmanager
	def _readable(self, system: System) -> Iterator[None]:
		try:
			yield
		except (KeyError, TypeError, ValueError, AttributeError) as error:
			raise DomainError("unreadable_answer", system=system.site, answer=str(error)[:200]) from error

	def _judge(self, system: System, status: int, content: bytes, headers: Mapping[str, str]) -> Answer:
		said = content[:2000].decode(errors="replace")
		self._tell(f"HTTP {status}\n{said}")
		if status == 202:
			raise DomainError(
				"provider_goes_on", system=system.site, seconds=_seconds(headers.get("Retry-After"))
			)
		if status in NOT_OFFERED:
			raise DomainError("not_offered", provider=self._server, system=system.site)
		if status in AGAIN or status >= 500:
			raise DomainError("provider_failed", system=system.site, reason=f"HTTP {status}: {said[:500]}")
		if status != 200:
			raise DomainError("provider_refused", system=system.site, reason=f"HTTP {status}: {said[:500]}")
		try:
			answer = json.loads(content or b"{}")
		except ValueError:
			answer = None
		if not isinstance(answer, dict):
			raise DomainError("unreadable_answer", system=system.site, answer=said[:200])
		return answer


def _body(verb: str, system: System, key: str, **figures: object) -> bytes:
	request = {"verb": verb, "system": system.site, "idempotency_key": key, **figures}
	return json.dumps(request, sort_keys=True).encode()


def _read_capped(response: http.client.HTTPResponse) -> bytes:
	"""At most MOST_BYTES, and not for ever however slowly they come."""
	content, until = b"", time.monotonic() + 2 * TIMEOUT
	while len(content) < MOST_BYTES and (piece := response.read1(PIECE)):
		content += piece
		if time.monotonic() > until:
			raise TimeoutError("the answer takes too long")
	if response.length:
		raise http.client.IncompleteRead(content, response.length)
	return content[:MOST_BYTES]


def _seconds(retry_after: str | None) -> int:
	return min(int(retry_after), 3600) if retry_after and retry_after.isdigit() else DEFAULT_WAIT


class _Body:
	"""A file that is being received; its end is only reported when all of it came."""

	def __init__(self, response: http.client.HTTPResponse, site: str) -> None:
		self._response, self._site = response, site

	def read(self, size: int = -1) -> bytes:
		try:
			piece = self._response.read(size) if size >= 0 else self._response.read()
			if not piece and size and self._response.length:
				raise http.client.IncompleteRead(b"", self._response.length)
		except (OSError, http.client.HTTPException) as error:
			raise DomainError("provider_failed", system=self._site, reason=str(error)) from error
		return piece
