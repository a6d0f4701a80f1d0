"""What stands in for customers' systems over HTTP? A server on loopback that does what the path says."""

import asyncio
import ssl
import threading
from types import TracebackType
from urllib.parse import parse_qs, urlsplit


class AnsweringServer:
	"""Serves from a thread of its own while it is entered as a context.

	`/status/500`, `/notice/503` (with the mark of the app's own page), `/redirect?to=…`, `/drop`, `/half`, `/drip`,
	`/hang`, `/slow?seconds=…`, `/garbage`, `/many-headers`, `/continue`; anything else answers 200. `becomes` replaces
	the path of a Host header by another while a test goes on, and `asked` lists the Host headers and paths that came.
	"""

	def __init__(self, tls: ssl.SSLContext | None = None) -> None:
		self._tls = tls
		self.becomes: dict[str, str] = {}
		self.asked: list[tuple[str, str]] = []
		self._loop = asyncio.new_event_loop()

	def __enter__(self) -> "AnsweringServer":
		started = threading.Event()
		self._thread = threading.Thread(target=self._serve, args=(started,), daemon=True)
		self._thread.start()
		started.wait(5)
		return self

	def __exit__(
		self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
	) -> None:
		self._loop.call_soon_threadsafe(self._stop.set)
		self._thread.join(5)

	def url(self, path: str = "/") -> str:
		return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}{path}"

	def _serve(self, started: threading.Event) -> None:
		asyncio.set_event_loop(self._loop)
		self._loop.run_until_complete(self._run(started))

	async def _run(self, started: threading.Event) -> None:
		self._stop = asyncio.Event()
		server = await asyncio.start_server(self._handle, "127.0.0.1", 0, ssl=self._tls, backlog=2000)
		self.port = server.sockets[0].getsockname()[1]
		started.set()
		await self._stop.wait()
		server.close()
		for task in asyncio.all_tasks() - {asyncio.current_task()}:
			task.cancel()

	async def _handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
		try:
			head = (await reader.readuntil(b"\r\n\r\n")).decode()
			host = next(line[6:] for line in head.split("\r\n") if line.startswith("Host: "))
			path = self.becomes.get(host, head.split(" ")[1])
			self.asked.append((host, path))
			if urlsplit(path).path == "/hang":
				await reader.read()  # until the probe hangs up
			else:
				await self._answer(urlsplit(path).path, parse_qs(urlsplit(path).query), writer)
		except (ConnectionError, asyncio.IncompleteReadError):
			return  # the probe had enough
		finally:
			writer.close()

	async def _answer(self, path: str, query: dict[str, list[str]], writer: asyncio.StreamWriter) -> None:
		kind, _, rest = path.strip("/").partition("/")
		if kind in ("status", "notice"):
			mark = "X-Subscription-Access: Restricted\r\n" if kind == "notice" else ""
			await _send(writer, f"{rest} Whatever", mark)
		elif kind == "redirect":
			await _send(writer, "302 Found", f"Location: {query['to'][0]}\r\n")
		elif kind == "half":
			await _send(writer, "200 OK", "", length=100)
		elif kind == "garbage":
			writer.write(b"220 mail.example ESMTP\r\n\r\n")
		elif kind == "many-headers":
			await _send(writer, "200 OK", "".join(f"X-{n}: {'x' * 900}\r\n" for n in range(120)))
		elif kind == "continue":
			writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
			await _send(writer, "200 OK")
		elif kind == "drip":
			for letter in b"HTTP/1.1 200 OK\r\n":
				writer.write(bytes([letter]))
				await writer.drain()
				await asyncio.sleep(0.3)
		elif kind == "slow":
			await asyncio.sleep(float(query["seconds"][0]))
			await _send(writer, "200 OK")
		elif kind != "drop":
			await _send(writer, "200 OK")


async def _send(writer: asyncio.StreamWriter, status: str, headers: str = "", length: int = 4) -> None:
	writer.write(f"HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\n\r\npong".encode())
	await writer.drain()
