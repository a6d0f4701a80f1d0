"""What does other software do that is asked by webhook? A real HTTP server that also fails in every way there is."""

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from subscription_mgmt.adapters.webhook_provider import signature

SECRET = "a-secret-of-more-than-32-characters-00"


class OtherSoftware:
	"""Keeps one system's mode. `next`: how the next requests are answered, the first first; then as they should be."""

	def __init__(self) -> None:
		self.mode, self.dropped, self.files = "Full", False, {}
		self.requests: list[dict] = []
		self.done: dict[str, dict] = {}
		self.carried_out = 0
		self.next: list[Callable[[Handler], None]] = []
		self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
		self._server.software = self  # type: ignore[attr-defined]
		self._server.daemon_threads = True
		threading.Thread(target=self._server.serve_forever, daemon=True).start()
		self.url = f"http://127.0.0.1:{self._server.server_port}/hosting?of=us"

	def stop(self) -> None:
		self._server.shutdown()
		self._server.server_close()

	def answer(self, request: dict) -> dict:
		"""A key that came before is answered as before, and nothing is done again."""
		key = request["idempotency_key"]
		if key not in self.done:
			self.carried_out += request["verb"] == "set_access"
			self.done[key] = self._carry_out(request)
		return self.done[key]

	def _carry_out(self, request: dict) -> dict:
		verb = request["verb"]
		if verb == "set_access":
			self.mode = request["mode"]
		if verb == "back_up":
			self.files["dump"] = b"x" * 100_000
			return {"files": [{"kind": "database", "path": "/dump", "size": 100_000}]}
		answers = {
			"access": {"mode": self.mode},
			"version": {"version": "Dolibarr 20.0"},
			"fingerprint": {"rows": {"llx_facture": 3}, "newest": "2026-02-03T08:00:00"},
			"measure": {"readings": [{"metric": "users", "value": 4, "subjects": ["ana"]}]},
		}
		return answers.get(verb, {})


class Handler(BaseHTTPRequestHandler):
	protocol_version = "HTTP/1.1"

	def log_message(self, *args: object) -> None:
		"""Tests say what they want to know."""

	@property
	def software(self) -> OtherSoftware:
		return self.server.software  # type: ignore[attr-defined]

	def do_POST(self) -> None:
		content = self.rfile.read(int(self.headers["Content-Length"]))
		signed = (self.headers.get("X-Subscription-Request") or "").encode() or content
		expected = signature(SECRET, self.headers["X-Subscription-Timestamp"], signed)
		if self.headers["X-Subscription-Signature"] != expected:
			self.say(401, b"wrong signature")
			return
		request = {**json.loads(signed), "at": time.time()}
		self.software.requests.append(request)
		if self.software.next:
			self.software.next.pop(0)(self)
			return
		if request["verb"] == "write":
			self.software.files[request["path"]] = content
		if request["verb"] == "read":
			self.say(200, self.software.files["dump"])
			return
		self.say(200, json.dumps(self.software.answer(request)).encode())

	def say(self, status: int, content: bytes = b"", **headers: str) -> None:
		self.send_response(status)
		for name, value in {"Content-Length": str(len(content)), **headers}.items():
			self.send_header(name.replace("_", "-"), value)
		self.end_headers()
		self.wfile.write(content)


def says(status: int, content: bytes = b"", **headers: str) -> Callable[[Handler], None]:
	return lambda handler: handler.say(status, content, **headers)


def carries_out_and_hangs_up(handler: Handler) -> None:
	"""It is done, but the answer never comes."""
	handler.software.answer(handler.software.requests[-1])
	handler.close_connection = True
	handler.connection.close()


def says_half(handler: Handler) -> None:
	handler.send_response(200)
	handler.send_header("Content-Length", "1000")
	handler.end_headers()
	handler.wfile.write(b'{"mode": "Full"')
	handler.close_connection = True


def is_silent(seconds: float) -> Callable[[Handler], None]:
	def wait(handler: Handler) -> None:
		time.sleep(seconds)
		handler.close_connection = True

	return wait
