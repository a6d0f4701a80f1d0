"""How is a system run that lives on a bench, here or on another machine? By the bench's own command."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from subscription_mgmt.adapters.bench_answers import answer_in, backup_files, gist
from subscription_mgmt.adapters.runners import CONNECTION_LOST, Broken, Done, Runner
from subscription_mgmt.engine import bench_argv
from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.bench_argv import BUSY, TIMED_OUT, Argv, Bench
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.systems import Access, BackupFile, Fingerprint, Reading, System

TENANT_APP = "subscription_tenant"
ACCESS_KEY = "subscription_access"  # where that app keeps mode, reason and pay_at in the site's configuration
UNKNOWN_COMMAND = "No such command"

# Seconds after which a command is given up.
QUICK = 5 * 60
LONG = 60 * 60
TRANSFER = 4 * 60 * 60


@dataclass(frozen=True)
class Secrets:
	"""What a bench asks for, given on its standard input. `database` empty: the bench knows it itself."""

	database: str = field(default="", repr=False)
	administrator: Callable[[], str] = field(default=str, repr=False)


class BenchProvider:
	"""Implements `hosting_ports.Provider` by a bench that `runner` reaches."""

	def __init__(
		self, bench: Bench, runner: Runner, secrets: Secrets, tell: Callable[[str], None] = lambda said: None
	) -> None:
		"""`tell` is given what each command that changes something said, without secrets."""
		self._bench, self._runner, self._secrets, self._tell = bench, runner, secrets, tell

	def provision(self, system: System) -> None:
		apps = [*system.apps, *([] if TENANT_APP in system.apps else [TENANT_APP])]
		unfinished = self._bench.unfinished(system.site)
		again = self._is_there(system, unfinished)
		if not again and self._is_there(system, self._bench.site_path(system.site)):
			self._check_it_is_one(system, apps)
			return
		self._do(system, ["touch", unfinished], QUICK)
		words = bench_argv.new_site(self._bench, system.site, apps, again)
		administrator = self._secrets.administrator()
		self._change(system, words, LONG, self._first_passwords(system, administrator))
		self._check_it_is_one(system, apps)
		self._do(system, bench_argv.remove_file(unfinished), QUICK)

	def set_access(self, system: System, access: Access) -> None:
		self._check_guard(system)
		words = bench_argv.set_access(self._bench, system.site, access, asked=bool(self._secrets.database))
		self._change(system, words, QUICK, self._passwords())

	def access(self, system: System) -> Mode | None:
		try:
			said = self._asked(system, bench_argv.get_access(self._bench, system.site), QUICK)
			if said.get("problem"):
				self._tell(str(said["problem"]))
			return Mode(said["mode"]) if said.get("mode") else None
		except (DomainError, ValueError):
			return None

	def back_up(self, system: System, label: str) -> Sequence[BackupFile]:
		folder = self._folder(system, label)
		if not self._is_there(system, folder):
			self._do(system, bench_argv.remove_folder(f"{folder}.part"), QUICK)
			self._do(system, bench_argv.backup(self._bench, system.site, f"{folder}.part"), TRANSFER)
			self._do(system, bench_argv.move_file(f"{folder}.part", folder), QUICK)
		return backup_files(self._do(system, bench_argv.list_files(folder), QUICK).out)

	@contextmanager
	def read(self, system: System, path: str) -> Iterator[BinaryIO]:
		self._check_private(system, path)
		try:
			with self._runner.reading(bench_argv.read_file(path), TRANSFER) as stream:
				yield stream
		except Broken as broken:
			raise DomainError(
				"provider_failed", system=system.site, reason=self._hidden(str(broken))
			) from broken

	def write(self, system: System, path: str, content: BinaryIO) -> None:
		self._check_private(system, path)
		self._do(system, bench_argv.make_folder(path.rpartition("/")[0]), QUICK)
		self._do(system, bench_argv.write_file(f"{path}.part"), TRANSFER, content)
		self._do(system, bench_argv.move_file(f"{path}.part", path), QUICK)

	def remove(self, system: System, path: str) -> None:
		self._check_private(system, path)
		self._do(system, bench_argv.remove_file(path), QUICK)

	def restore(self, system: System, files: Sequence[BackupFile]) -> None:
		"""The bench makes the database and its user anew, and grants that user everything: the mode that was in
		force is set again before this answers."""
		paths = {file.kind: file.path for file in files}
		for path in paths.values():
			self._check_private(system, path)
		if "database" not in paths:
			raise DomainError("provider_refused", system=system.site, reason="database: 0")
		config = self._config(system)
		before = config.get(ACCESS_KEY)
		was_off = self._is_scheduler_off(system)
		words = bench_argv.restore(self._bench, system.site, paths)
		self._change(system, words, TRANSFER, self._passwords())
		if not was_off:  # the bench's restore switches it off, and the system's jobs would never run again
			self._do(system, bench_argv.enable_scheduler(self._bench, system.site), QUICK)
		if "config" in paths:
			self._take_over_key(system, config, paths["config"])
		if before:
			mode, reason, pay_at = (str(before.get(key) or "") for key in ("mode", "reason", "pay_at"))
			self.set_access(system, Access(Mode(mode), reason, pay_at))

	def fingerprint(self, system: System) -> Fingerprint:
		answer = self._asked(system, bench_argv.fingerprint(self._bench, system.site), LONG)
		newest = answer.get("newest")
		return Fingerprint(answer["rows"], datetime.fromisoformat(newest) if newest else None)

	def measure(self, system: System, since: datetime) -> Sequence[Reading]:
		words = bench_argv.usage(self._bench, system.site, since.isoformat())
		readings = self._asked(system, words, QUICK)["readings"]
		return [
			Reading(
				each["metric"],
				int(each["value"]),
				each.get("module") or None,
				tuple(each.get("subjects") or ()),
			)
			for each in readings
		]

	def version(self, system: System) -> str:
		"""Of each app that is installed, in order."""
		rows = self._apps(system)
		return ", ".join(f"{name} {version}".strip() for name, version in rows.items())

	def update(self, system: System) -> None:
		self._change(system, bench_argv.migrate(self._bench, system.site), TRANSFER, self._passwords())

	def drop(self, system: System) -> None:
		"""Nothing stays on the server: what outlives the system lies in the second place (decision 0033)."""
		self.discard(system)

	def discard(self, system: System) -> None:
		if self._is_there(system, self._bench.site_path(system.site)):
			words = bench_argv.drop_site(self._bench, system.site)
			self._change(system, words, TRANSFER, self._passwords())
		folder = bench_argv.discarded(self._bench, system.site)
		self._do(system, bench_argv.remove_folder(folder), QUICK)
		for left in (self._bench.unfinished(system.site), self._bench.lock(system.site)):
			self._do(system, bench_argv.remove_file(left), QUICK)

	def backups_of(self, system: System) -> str:
		"""The folder that a backup may be written into for a restore."""
		return self._bench.backups(system.site)

	def ping(self) -> None:
		"""Whether the machine lets us in and the bench is there."""
		self._do(System(self._bench.path, ""), bench_argv.version(self._bench), QUICK)

	# How it is done

	def _is_scheduler_off(self, system: System) -> bool:
		"""A system that is too broken to say so had it on, as those of customers have."""
		done = self._runner.run(bench_argv.is_scheduler_off(self._bench, system.site), QUICK)
		return done.code == 0 and done.out.strip().endswith("true")

	def _passwords(self) -> bytes:
		"""Without a terminal the bench reads them from its input, each on a line, in the order it asks."""
		return f"{self._secrets.database}\n".encode() if self._secrets.database else b""

	def _first_passwords(self, system: System, administrator: str) -> bytes:
		"""A bench that knows the database's password itself does not ask for it: ours would be taken for the next."""
		place = f"{self._bench.path}/sites/common_site_config.json"
		known = json.loads(self._do(system, bench_argv.read_file(place), QUICK).out)
		twice = f"{administrator}\n" * 2
		return twice.encode() if known.get("root_password") else self._passwords() + twice.encode()

	def _change(self, system: System, words: Argv, seconds: int, given: bytes = b"") -> Done:
		done = self._do(system, bench_argv.alone(self._bench, system.site, words), seconds, given)
		self._tell(self._hidden(done.said))
		return done

	def _do(self, system: System, words: Argv, seconds: int, given: bytes | BinaryIO = b"") -> Done:
		done = self._runner.run(words, seconds, given)
		if done.code == 0:
			return done
		self._tell(self._hidden(done.said))
		said = gist(self._hidden(done.said))
		if done.code == BUSY:
			raise DomainError("system_busy", system=system.site)
		if done.code is None or done.code in TIMED_OUT:
			raise DomainError("provider_timed_out", system=system.site, minutes=seconds // 60)
		if done.code == CONNECTION_LOST and not said:
			said = f"exit {CONNECTION_LOST}"
		if UNKNOWN_COMMAND in said:
			raise DomainError("guard_missing", system=system.site, app=TENANT_APP)
		raise DomainError("provider_failed", system=system.site, reason=said or f"exit {done.code}")

	def _hidden(self, text: str) -> str:
		for secret in filter(None, (self._secrets.database, self._secrets.administrator())):
			text = text.replace(secret, "…")
		return text

	def _folder(self, system: System, label: str) -> str:
		return f"{self._bench.backups(system.site)}/{bench_argv.checked_label(label)}"

	def _is_there(self, system: System, path: str) -> bool:
		done = self._runner.run(bench_argv.is_there(path), QUICK)
		if done.code not in (0, 1):
			raise DomainError("provider_failed", system=system.site, reason=done.said or f"exit {done.code}")
		return done.code == 0

	def _apps(self, system: System) -> dict[str, str]:
		"""Version by name of what is installed."""
		lines = self._do(system, bench_argv.list_apps(self._bench, system.site), QUICK).out.splitlines()
		rows = [line.split() for line in lines if line.strip()]
		return {row[0]: " ".join(row[1:2]) for row in rows if bench_argv.APP_NAME.fullmatch(row[0])}

	def _check_it_is_one(self, system: System, apps: Sequence[str]) -> None:
		missing = [app for app in apps if app not in self._apps(system)]
		if missing:
			raise DomainError("apps_missing", system=system.site, apps=", ".join(missing))

	def _check_guard(self, system: System) -> None:
		if TENANT_APP not in self._apps(system):
			raise DomainError("guard_missing", system=system.site, app=TENANT_APP)

	def _check_private(self, system: System, path: str) -> None:
		"""Backups of one system are no business of another's, nor is anything else on the machine."""
		folder = f"{self._bench.backups(system.site)}/"
		if not bench_argv.checked(bench_argv.PATH, path).startswith(folder):
			raise DomainError("word_refused", word=path)

	def _config(self, system: System) -> dict:
		place = f"{self._bench.site_path(system.site)}/site_config.json"
		return json.loads(self._do(system, bench_argv.read_file(place), QUICK).out)

	def _asked(self, system: System, words: Argv, seconds: int) -> Mapping:
		out = self._do(system, words, seconds).out
		answer = answer_in(out)
		if answer is None:
			raise DomainError(
				"unreadable_answer", system=system.site, answer=self._hidden(out.strip()[-200:])
			)
		return answer

	def _take_over_key(self, system: System, config: dict, copied: str) -> None:
		"""Passwords within the backup are readable only with the key they were encrypted with."""
		key = json.loads(self._do(system, bench_argv.read_file(copied), QUICK).out).get("encryption_key")
		if key and key != config.get("encryption_key"):
			place = f"{self._bench.site_path(system.site)}/site_config.json"
			content = json.dumps({**self._config(system), "encryption_key": key}, indent=1, sort_keys=True)
			self._do(system, bench_argv.write_file(f"{place}.part"), QUICK, content.encode())
			self._do(system, bench_argv.move_file(f"{place}.part", place), QUICK)
