"""What do so many systems answer over HTTP, all asked at once, each within its time?"""

import asyncio
import re
import ssl
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.message import Message
from http.client import HTTPException, parse_headers
from io import BytesIO
from urllib.parse import SplitResult, urljoin, urlsplit

from subscription_mgmt.adapters.public_addresses import addresses_of, is_public
from subscription_mgmt.engine.probing import Answer, Outcome

SECONDS = 10.0  # for one system, from its name to its last redirect
AT_ONCE = 250
MOST_REDIRECTS = 3
MOST_HEADER_BYTES = 64 * 1024
MOST_BODY_BYTES = 64 * 1024
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# How the app's guard marks the page that says why access is restricted.
NOTICE_HEADER = "X-Subscription-Access"
PLAIN = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True)
class Target:
	"""`host`: sent as Host header, and asked for in the certificate, in place of the URL's own."""

	name: str
	url: str
	host: str | None = None


class Failed(Exception):
	"""Nothing usable came."""

	def __init__(self, outcome: Outcome) -> None:
		super().__init__(outcome.value)
		self.outcome = outcome


def is_web_address(url: str) -> bool:
	"""Whether a request can be made of the text: http or https, a host, no user and no control characters."""
	try:
		parts = urlsplit(url)
		return bool(
			PLAIN.fullmatch(url)
			and parts.scheme in ("http", "https")
			and parts.hostname
			and parts.username is None
			and parts.port != 0
		)
	except ValueError:
		return False


def ask_all(
	targets: Sequence[Target], private_allowed: bool = False, seconds: float = SECONDS, at_once: int = AT_ONCE
) -> dict[str, Answer]:
	"""The answer of each by name. Takes about `seconds` for every `at_once` systems that stay silent."""
	# Names are asked in threads of our own: one that hangs must keep neither the others nor us.
	names = ThreadPoolExecutor(max_workers=max(1, len(targets)), thread_name_prefix="probe-names")
	try:
		return asyncio.run(_Pass(names, private_allowed, seconds, at_once).answers(targets))
	finally:
		names.shutdown(wait=False, cancel_futures=True)


class _Pass:
	def __init__(
		self, names: ThreadPoolExecutor, private_allowed: bool, seconds: float, at_once: int
	) -> None:
		self.names, self.private_allowed = names, private_allowed
		self.seconds, self.at_once = seconds, at_once
		self.tls = ssl.create_default_context()

	async def answers(self, targets: Sequence[Target]) -> dict[str, Answer]:
		turn = asyncio.Semaphore(self.at_once)

		async def ask(target: Target) -> Answer:
			async with turn:
				return await self._answer(target)

		found = await asyncio.gather(*(ask(target) for target in targets))
		return {target.name: answer for target, answer in zip(targets, found, strict=True)}

	async def _answer(self, target: Target) -> Answer:
		at, begun = datetime.now(timezone.utc), time.monotonic()
		status, shows_notice = None, False
		try:
			status, headers = await asyncio.wait_for(self._follow(target), self.seconds)
			outcome, shows_notice = Outcome.ANSWERED, NOTICE_HEADER in headers
		except Failed as failure:
			outcome = failure.outcome
		except asyncio.TimeoutError:
			outcome = Outcome.TIMED_OUT
		taken = timedelta(seconds=time.monotonic() - begun)
		return Answer(at, outcome, status, taken // timedelta(milliseconds=1), shows_notice)

	async def _follow(self, target: Target) -> tuple[int, Message]:
		parts = first = _split(target.url)
		for _ in range(MOST_REDIRECTS + 1):
			status, headers = await self._get(parts, target.host if parts.netloc == first.netloc else None)
			location = headers.get("Location")
			if status not in REDIRECTS or not location:
				return status, headers
			parts = _split(location, parts.geturl())
		raise Failed(Outcome.TOO_MANY_REDIRECTS)

	async def _get(self, parts: SplitResult, host: str | None) -> tuple[int, Message]:
		reader, writer = await self._connected(parts, host)
		try:
			path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
			writer.write(
				f"GET {path} HTTP/1.1\r\nHost: {host or parts.netloc}\r\nUser-Agent: subscription-mgmt-probe\r\n"
				"Accept: */*\r\nConnection: close\r\n\r\n".encode()
			)
			await writer.drain()
			return await _response(reader)
		except (OSError, asyncio.IncompleteReadError) as error:
			raise Failed(Outcome.BROKEN_OFF) from error
		except (ValueError, HTTPException, asyncio.LimitOverrunError) as error:
			raise Failed(Outcome.NO_HTTP) from error
		finally:
			writer.transport.abort()  # a server that does not hang up is not waited for

	async def _connected(
		self, parts: SplitResult, host: str | None
	) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
		assert parts.hostname is not None
		secure = parts.scheme == "https"
		port = parts.port or (443 if secure else 80)
		try:
			found = await asyncio.get_running_loop().run_in_executor(
				self.names, addresses_of, parts.hostname, port
			)
		except (OSError, UnicodeError) as error:
			raise Failed(Outcome.NAME_NOT_FOUND) from error
		allowed = [address for address in found if self.private_allowed or is_public(address)]
		if not allowed:
			raise Failed(Outcome.ADDRESS_NOT_ALLOWED)
		asked = (host or parts.hostname).partition(":")[0]
		tls = {"ssl": self.tls, "server_hostname": asked} if secure else {}
		for address in allowed:
			try:
				return await asyncio.open_connection(address, port, limit=MOST_HEADER_BYTES, **tls)
			except ssl.SSLError as error:
				raise Failed(Outcome.CERTIFICATE_REFUSED) from error
			except OSError:
				continue  # the next address of the same name, as a browser would
			except ValueError as error:  # a name that no certificate can bear
				raise Failed(Outcome.NAME_NOT_FOUND) from error
		raise Failed(Outcome.NOT_CONNECTED)


def _split(url: str, base: str = "") -> SplitResult:
	try:
		whole = urljoin(base, url)
	except ValueError as error:
		raise Failed(Outcome.NO_HTTP) from error
	if not is_web_address(whole):
		raise Failed(Outcome.NO_HTTP)
	return urlsplit(whole)


async def _response(reader: asyncio.StreamReader) -> tuple[int, Message]:
	"""Status and headers, once the body that they announce has come, or as much of it as is worth waiting for."""
	status = 100
	while 100 <= status < 200:  # the final answer follows provisional ones
		head = await reader.readuntil(b"\r\n\r\n")
		line, _, rest = head.partition(b"\r\n")
		version, code, *_ = line.split(maxsplit=2)
		if not version.startswith(b"HTTP/1."):
			raise ValueError(line)
		status, headers = int(code), parse_headers(BytesIO(rest))
	length = headers.get("Content-Length")
	if length and status not in (204, 304):
		await reader.readexactly(min(int(length), MOST_BODY_BYTES))
	return status, headers
