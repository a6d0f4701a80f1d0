"""What does a test need to look at the site as a person does? A web server of its own, and a real Chromium."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from unittest import SkipTest
from urllib.error import URLError
from urllib.request import urlopen

import frappe

FOLDER = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
STARTS_WITHIN = 60  # seconds


def browser_wanted() -> tuple[str, str]:
	"""(node, browser). Raises SkipTest, which says what is missing."""
	node = shutil.which("node")
	browser = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
	if not browser:
		raise SkipTest("no browser: install chromium, or name it in CHROMIUM")
	if not node:
		raise SkipTest("no node: install nodejs")
	if not _has(node, "playwright-core"):
		raise SkipTest(f"no playwright-core: npm install in {FOLDER.name}/, or name its folder in NODE_PATH")
	return node, browser


def has_axe() -> bool:
	node = shutil.which("node")
	return bool(node) and _has(node, "axe-core")


def _has(node: str, package: str) -> bool:
	found = subprocess.run([node, "-e", f"require.resolve('{package}')"], cwd=FOLDER, capture_output=True)
	return found.returncode == 0


class Server:
	"""The test site on a port of its own. It sees what is committed."""

	def __init__(self) -> None:
		with socket.socket() as free:
			free.bind(("127.0.0.1", 0))
			self.port = free.getsockname()[1]
		self.url = f"http://127.0.0.1:{self.port}"
		self.log = open(Path(frappe.get_site_path("logs")) / "browser-tests.log", "w")
		command = [
			sys.executable,
			"-m",
			"frappe.utils.bench_helper",
			"frappe",
			"--site",
			frappe.local.site,
			"serve",
		]
		self.process = subprocess.Popen(
			[*command, "--port", str(self.port), "--noreload"],
			cwd=frappe.local.sites_path,
			stdout=self.log,
			stderr=subprocess.STDOUT,
		)
		self._wait()

	def _wait(self) -> None:
		deadline = time.monotonic() + STARTS_WITHIN
		while time.monotonic() < deadline:
			try:
				urlopen(f"{self.url}/api/method/ping", timeout=5).read()
				return
			except (URLError, OSError):
				if self.process.poll() is not None:
					break
				time.sleep(0.3)
		self.stop()
		raise RuntimeError(f"the web server did not start; see {self.log.name}")

	def stop(self) -> None:
		self.process.terminate()
		self.process.wait(20)
		self.log.close()


class Browser:
	"""A real Chromium, driven as a person would: by labels, roles and words."""

	def __init__(self, base: str) -> None:
		node, browser = browser_wanted()
		self.process = subprocess.Popen(
			[node, str(FOLDER / "driver.cjs")],
			stdin=subprocess.PIPE,
			stdout=subprocess.PIPE,
			text=True,
			env={**os.environ, "CHROMIUM": browser, "BASE": base},
		)
		self._answer()

	def __getattr__(self, command: str):
		return lambda **given: self._ask({"command": command, **given})

	def _ask(self, order: dict) -> object:
		self.process.stdin.write(json.dumps(order) + "\n")
		self.process.stdin.flush()
		return self._answer()

	def _answer(self) -> object:
		line = self.process.stdout.readline()
		told = json.loads(line) if line else {"error": "the browser has gone"}
		if "error" in told:
			raise AssertionError(told["error"])
		return told["answer"]

	def quit(self) -> None:
		self.process.stdin.close()
		self.process.wait(20)
		self.process.stdout.close()
