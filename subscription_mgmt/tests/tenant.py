"""How does a test get a customer's site? A real one on this bench, with its own queue, web server and worker.

Nothing of it is shared with the site that runs the tests, or with whoever else uses the bench: the queue is a Redis of
its own, the web server listens on a free port of the loopback, and all of it ends with the test class.
"""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import SkipTest

import frappe
import requests

APP = "subscription_tenant"
PASSWORD = "Guarded-7-tenants!"
PATIENCE = 60  # seconds, for a server to answer
ROOT = "SUBSCRIPTION_DB_ROOT_LOGIN", "SUBSCRIPTION_DB_ROOT_PASSWORD"

SCRIPT = """
import json, sys
import frappe
frappe.init(site=sys.argv[1])
frappe.connect()
outcomes = {}
for expression in json.load(sys.stdin):
	try:
		eval(expression)
		frappe.db.commit()
		outcomes[expression] = "OK"
	except Exception as error:
		frappe.db.rollback()
		outcomes[expression] = f"{type(error).__name__}: {error}"
print(json.dumps(outcomes))
"""


class Tenant:
	"""A site with Frappe and the tenant's app. `close` drops it and ends what was started for it."""

	def __init__(self) -> None:
		self.site = f"guard-{secrets.token_hex(3)}.localhost"
		self.sites = Path(frappe.local.sites_path).resolve()
		self.processes: list[subprocess.Popen] = []
		self.folders: list[tempfile.TemporaryDirectory] = []
		self.root = root_account()
		self.address = ""
		self.environment = {
			**os.environ,
			**dict(zip(ROOT, self.root, strict=True)),
			"PYTHONWARNINGS": "ignore",
		}
		self.environment.pop("CI", None)  # a worker would think that it tests

	@classmethod
	def make(cls) -> "Tenant":
		tenant = cls()
		if APP not in frappe.get_all_apps():
			raise SkipTest(f"this bench lacks the app {APP}: tests/bench.sh brings it")
		try:
			tenant._start_queue()
			tenant._make_site()
			tenant._start_web()
			tenant._start_assets()
		except BaseException:
			tenant.close()
			raise
		return tenant

	def close(self) -> None:
		for process in reversed(self.processes):
			process.terminate()
			process.wait(PATIENCE)
		for folder in self.folders:
			folder.cleanup()
		if self.path.exists():
			user, password = self.root
			self._frappe(
				"drop-site", self.site, "--no-backup", "--force",
				"--db-root-username", user, "--db-root-password", password,
			)  # fmt: skip
		for archive in self.sites.parent.glob(f"archived/sites/{self.site}*"):
			shutil.rmtree(archive)
		if self.path.exists():
			shutil.rmtree(self.path)

	@property
	def path(self) -> Path:
		return self.sites / self.site

	@property
	def config(self) -> dict:
		return json.loads((self.path / "site_config.json").read_text())

	def configure(self, **values: object) -> None:
		(self.path / "site_config.json").write_text(json.dumps({**self.config, **values}, indent=1))

	# From a terminal

	def bench(
		self, *words: str, text: str | None = None, environment: dict[str, str] | None = None
	) -> subprocess.CompletedProcess:
		"""As `bench --site SITE WORDS` does it, without bench's own start."""
		return self._frappe("--site", self.site, *words, text=text, environment=environment)

	def told(self, *words: str) -> dict:
		"""The object that a command prints as its last line."""
		done = self.bench(*words)
		if done.returncode:
			raise AssertionError(f"{words} failed: {done.stdout[-2000:]} {done.stderr[-2000:]}")
		return json.loads(done.stdout.splitlines()[-1])

	def run(self, function: str, **arguments: object) -> subprocess.CompletedProcess:
		return self.bench("execute", function, "--kwargs", repr(arguments))

	def script(self, expressions: list[str]) -> dict[str, str]:
		"""A script of the site evaluates each and commits; what came of it: OK, or the error."""
		done = subprocess.run(
			[sys.executable, "-c", SCRIPT, self.site],
			cwd=self.sites,
			env=self.environment,
			input=json.dumps(expressions),
			capture_output=True,
			text=True,
			timeout=PATIENCE,
		)
		if done.returncode:
			raise AssertionError(f"the script failed: {done.stderr[-2000:]}")
		return json.loads(done.stdout.splitlines()[-1])

	def set_access(self, mode: str, **options: str) -> dict:
		words = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
		return self.told("subscription-access", "set", "--mode", mode, *words)

	def get_access(self) -> dict:
		return self.told("subscription-access", "get")

	def start(self, *words: str) -> subprocess.Popen:
		return self._popen(self._argv("--site", self.site, *words))

	def work(self) -> str:
		"""A worker that does what is queued and ends; what it logged."""
		done = self._frappe("worker", "--queue", "short,default,long", "--burst")
		return done.stdout + done.stderr

	# Over the network

	def visitor(self, language: str = "en") -> requests.Session:
		session = requests.Session()
		session.headers.update({"Host": self.site, "Accept-Language": language})
		session.trust_env = False
		return session

	def login(self, user: str, password: str = PASSWORD) -> requests.Session:
		session = self.visitor()
		answer = session.post(f"{self.address}/api/method/login", data={"usr": user, "pwd": password})
		if answer.status_code != 200:
			raise AssertionError(f"{user} cannot log in: {answer.status_code} {answer.text[:500]}")
		return session

	# The database

	@contextmanager
	def database(self, as_root: bool = False) -> Iterator:
		import pymysql

		config = {**frappe.get_site_config(str(self.sites), str(self.path))}
		user, password = self.root if as_root else (config["db_name"], config["db_password"])
		place = (
			{"unix_socket": config["db_socket"]} if config.get("db_socket") else {"host": config["db_host"]}
		)
		if config.get("db_port"):
			place["port"] = int(config["db_port"])
		connection = pymysql.connect(
			user=user, password=password, database=config["db_name"], autocommit=True, **place
		)
		try:
			yield connection
		finally:
			if connection.open:
				connection.close()

	def rows(self, query: str, *values: object, as_root: bool = True) -> list[tuple]:
		with self.database(as_root) as connection, connection.cursor() as cursor:
			cursor.execute(query, values or None)
			return list(cursor.fetchall())

	# What it is made of

	def _make_site(self) -> None:
		user, password = self.root
		done = self._frappe(
			"new-site", self.site, "--db-root-username", user, "--db-root-password", password,
			"--admin-password", PASSWORD, "--no-mariadb-socket", "--install-app", APP,
		)  # fmt: skip
		if done.returncode:
			raise AssertionError(f"no tenant: {done.stdout[-2000:]} {done.stderr[-2000:]}")
		self.configure(mute_emails=1)

	def _start_queue(self) -> None:
		port = free_port()
		self._popen(["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", ""])
		self.environment["FRAPPE_REDIS_QUEUE"] = f"redis://127.0.0.1:{port}"
		wait_for(port)

	def _start_web(self) -> None:
		"""As in production: the app alone, without the files that a web server hands out itself."""
		port = free_port()
		self.address = f"http://127.0.0.1:{port}"
		self._popen(
			[
				sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--threads", "4",
				"--worker-class", "gthread", "--timeout", "120", "frappe.app:application",
			]
		)  # fmt: skip
		wait_for(port)

	def _start_assets(self) -> None:
		"""What a printed page is made with comes from the host that the site calls its own."""
		port = free_port()
		folder = tempfile.TemporaryDirectory(prefix="assets-")
		self.folders.append(folder)
		(Path(folder.name) / "assets").symlink_to(self.sites / "assets")
		self._popen(
			[sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "-d", folder.name]
		)
		wait_for(port)
		self.configure(host_name=f"http://127.0.0.1:{port}")

	def _frappe(
		self, *words: str, text: str | None = None, environment: dict[str, str] | None = None
	) -> subprocess.CompletedProcess:
		return subprocess.run(
			self._argv(*words),
			cwd=self.sites,
			env=environment or self.environment,
			input=text,
			capture_output=True,
			text=True,
			timeout=300,
		)

	def _argv(self, *words: str) -> list[str]:
		return [sys.executable, "-m", "frappe.utils.bench_helper", "frappe", *words]

	def _popen(self, argv: list[str]) -> subprocess.Popen:
		process = subprocess.Popen(
			argv,
			cwd=self.sites,
			env=self.environment,
			stdin=subprocess.DEVNULL,
			stdout=subprocess.DEVNULL,
			stderr=subprocess.DEVNULL,
		)
		self.processes.append(process)
		return process


def root_account() -> tuple[str, str]:
	"""Of the environment, or of the site that runs the tests; Frappe's own tests find it there too."""
	login, password = (os.environ.get(name) for name in ROOT)
	login, password = login or frappe.conf.root_login, password or frappe.conf.root_password
	if not login:
		raise SkipTest(f"no database account may make sites: set {ROOT[0]} and {ROOT[1]}")
	return login, password or ""


def free_port() -> int:
	with socket.socket() as probe:
		probe.bind(("127.0.0.1", 0))
		return probe.getsockname()[1]


def wait_for(port: int) -> None:
	deadline = time.monotonic() + PATIENCE
	while True:
		try:
			socket.create_connection(("127.0.0.1", port), timeout=1).close()
			return
		except OSError:
			if time.monotonic() > deadline:
				raise
			time.sleep(0.1)
