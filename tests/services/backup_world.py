"""A world for backups in memory: systems whose dumps are real archives, a second place, keys, and faults on order."""

import gzip
import io
import json
import tarfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from typing import BinaryIO

from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.backup_runs import WORKING, BackupRun, BackupStatus, Trigger
from subscription_mgmt.engine.backup_schedule import BackupPolicy
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.restore_runs import AT_WORK, RestoreRun
from subscription_mgmt.engine.systems import Access, BackupFile, Fingerprint, System
from subscription_mgmt.services.back_up import next_step
from subscription_mgmt.services.backup_ports import BackupPorts, BackupTerms
from subscription_mgmt.services.order_backup import order_backup
from subscription_mgmt.services.restore import next_restore_step

ACME = "acme.example"
MORNING = datetime(2026, 3, 2, 6, 0, tzinfo=timezone.utc)
Data = dict[str, list[str]]


def sql_of(data: Data) -> bytes:
	lines = ["-- A dump"]
	for table, rows in data.items():
		lines.append(f"CREATE TABLE `{table}` (\n  `name` text\n);")
		lines += [f"INSERT INTO `{table}` VALUES ('{row}');" for row in rows]
	return "\n".join([*lines, "-- Dump completed on 2026-03-02", ""]).encode()


def data_of(sql: bytes) -> Data:
	data: Data = {}
	for line in sql.decode().splitlines():
		if line.startswith("CREATE TABLE"):
			data[line.split("`")[1]] = []
		elif line.startswith("INSERT INTO"):
			data[line.split("`")[1]].append(line.split("'")[1])
	return data


def tar_of(files: dict[str, bytes]) -> bytes:
	sink = io.BytesIO()
	with tarfile.open(fileobj=sink, mode="w") as archive:
		for name, content in files.items():
			info = tarfile.TarInfo(name)
			info.size = len(content)
			archive.addfile(info, io.BytesIO(content))
	return sink.getvalue()


@dataclass
class Machine:
	"""Implements `hosting_ports.Provider`. `fail`: verb → errors to raise, one a call. `spoil`: path's ending → what
	becomes of the file once it is written."""

	systems: dict[str, Data] = field(default_factory=dict)
	disk: dict[str, bytes] = field(default_factory=dict)
	modes: dict[str, Mode] = field(default_factory=dict)
	fail: dict[str, list[DomainError]] = field(default_factory=dict)
	spoil: dict[str, Callable[[bytes], bytes]] = field(default_factory=dict)
	calls: list[tuple[str, str]] = field(default_factory=list)

	def _called(self, verb: str, site: str) -> None:
		self.calls.append((verb, site))
		if self.fail.get(verb):
			raise self.fail[verb].pop(0)

	def provision(self, system: System) -> None:
		self._called("provision", system.site)
		self.systems.setdefault(system.site, {})

	def set_access(self, system: System, access: Access) -> None:
		self._called("set_access", system.site)
		self.modes[system.site] = access.mode

	def backups_of(self, system: System) -> str:
		return f"/srv/{system.site}/backups"

	def back_up(self, system: System, label: str) -> Sequence[BackupFile]:
		self._called("back_up", system.site)
		if system.site not in self.systems:
			raise DomainError("provider_refused", system=system.site, reason="there is no such system")
		folder = f"{self.backups_of(system)}/{label}"
		contents = {
			"database.sql.gz": gzip.compress(sql_of(self.systems[system.site])),
			"files.tar": tar_of({"logo.png": b"\x89PNG" * 100}),
			"private-files.tar": tar_of({"contract.pdf": b"%PDF" * 100}),
			"site_config_backup.json": json.dumps({"db_name": "acme"}).encode(),
		}
		kinds = dict(zip(contents, ("database", "public", "private", "config"), strict=True))
		for name, content in contents.items():
			self._write(f"{folder}/{name}", content)
		return [
			BackupFile(kind, f"{folder}/{name}", len(self.disk[f"{folder}/{name}"]))
			for name, kind in kinds.items()
		]

	def _write(self, path: str, content: bytes) -> None:
		for ending, spoil in self.spoil.items():
			if path.endswith(ending):
				content = spoil(content)
		self.disk[path] = content

	@contextmanager
	def read(self, system: System, path: str) -> Iterator[BinaryIO]:
		self._called("read", system.site)
		yield io.BytesIO(self.disk[path])

	def write(self, system: System, path: str, content: BinaryIO) -> None:
		self._called("write", system.site)
		self._write(path, b"".join(iter(lambda: content.read(1000), b"")))

	def remove(self, system: System, path: str) -> None:
		self._called("remove", system.site)
		self.disk.pop(path, None)

	def restore(self, system: System, files: Sequence[BackupFile]) -> None:
		self._called("restore", system.site)
		if system.site not in self.systems:
			raise DomainError("provider_refused", system=system.site, reason="there is no such system")
		path = next(file.path for file in files if file.kind == "database")
		self.systems[system.site] = data_of(gzip.decompress(self.disk[path]))

	def fingerprint(self, system: System) -> Fingerprint:
		self._called("fingerprint", system.site)
		if system.site not in self.systems:
			raise DomainError("provider_refused", system=system.site, reason="there is no such system")
		data = self.systems[system.site]
		counts = {table: len(rows) for table, rows in data.items()}
		return Fingerprint(counts, datetime.fromisoformat("2026-03-01 09:00"))

	def discard(self, system: System) -> None:
		self._called("discard", system.site)
		self.systems.pop(system.site, None)


class Shelf:
	"""Implements `hosting_ports.Store`."""

	def __init__(self) -> None:
		self.kept: dict[str, bytes] = {}
		self.fail: list[DomainError] = []

	def put(self, key: str, content: BinaryIO) -> tuple[int, str]:
		if self.fail:
			raise self.fail.pop(0)
		whole = b"".join(iter(lambda: content.read(1000), b""))
		self.kept[key] = whole
		return len(whole), sha256(whole).hexdigest()

	@contextmanager
	def open(self, key: str) -> Iterator[BinaryIO]:
		if key not in self.kept:
			raise DomainError("store_misses", store="Shelf", key=key)
		yield io.BytesIO(self.kept[key])

	def keys(self, prefix: str) -> Iterator[str]:
		yield from sorted(key for key in self.kept if key.startswith(prefix))

	def remove(self, key: str) -> None:
		self.kept.pop(key, None)


class Records:
	"""Implements `Backups` and `Restores`: runs by name."""

	def __init__(self, prefix: str) -> None:
		self.runs: dict[str, BackupRun | RestoreRun] = {}
		self._prefix = prefix

	def get(self, name: str) -> BackupRun | RestoreRun:
		return self.runs[name]

	locked = get

	def save(self, before: BackupRun | RestoreRun, after: BackupRun | RestoreRun) -> None:
		if self.runs[before.name].status is not before.status:
			raise DomainError("changed_meanwhile", run=before.name)
		self.runs[before.name] = after

	def add(self, run: BackupRun | RestoreRun) -> str:
		name = f"{self._prefix}-{len(self.runs) + 1:03}"
		self.runs[name] = replace(run, name=name)
		return name

	def of(self, instance: str) -> list:
		found = [run for run in self.runs.values() if run.instance == instance]
		found = [run for run in found if run.status is not BackupStatus.REMOVED]
		moment = "due_at" if self._prefix == "B" else "requested_at"
		return sorted(found, key=lambda run: getattr(run, moment), reverse=True)


class Keys:
	"""A cipher that anybody can break, but that notices a change."""

	def current(self) -> str:
		return "key-1"

	@contextmanager
	def encrypted(self, content: BinaryIO, key: str) -> Iterator[BinaryIO]:
		whole = content.read()
		yield io.BytesIO(key.encode() + sha256(whole).digest() + whole[::-1])

	@contextmanager
	def decrypted(self, content: BinaryIO, key: str, what: str) -> Iterator[BinaryIO]:
		whole = content.read()
		head, body = whole[: len(key) + 32], whole[len(key) + 32 :][::-1]
		if head != key.encode() + sha256(body).digest():
			raise DomainError("decryption_failed", what=what, reason="changed")
		yield io.BytesIO(body)


@dataclass
class Bell:
	"""Implements `Alerts`: what is open, and how often people were told."""

	opened: set[tuple[str, str]] = field(default_factory=set)
	told: list[tuple[str, str]] = field(default_factory=list)

	def open(self, instance: str, kind: str, run: str | None) -> None:
		if (instance, kind) not in self.opened:
			self.opened.add((instance, kind))
			self.told.append((instance, kind))

	def close(self, instance: str, kinds: Sequence[str]) -> None:
		self.opened -= {(instance, kind) for kind in kinds}


class World:
	def __init__(self, **terms: object) -> None:
		self.now = MORNING
		self.machine, self.shelf, self.bell = Machine(), Shelf(), Bell()
		self.notes: list[str] = []
		self.machine.systems[ACME] = {"tabCustomer": ["Ann", "Bob"], "tabItem": ["Bolt"] * 40}
		policy = BackupPolicy("Daily", every=timedelta(hours=24))
		self.agreed = BackupTerms(policy, timezone.utc, **{"store": "Shelf", **terms})
		self.backups, self.restores = Records("B"), Records("R")
		self.deleted_until: datetime | None = None
		self.ports = BackupPorts(self.backups, self.restores, self, self, Keys(), self.bell, self)

	def at(self, name: str) -> object:
		return self.shelf if name == "Shelf" else (self.machine, System(name, "Server", ("crm",)))

	def terms(self, instance: str) -> BackupTerms | None:
		return self.agreed

	def kept_until(self, instance: str) -> datetime | None:
		return self.deleted_until

	def note(self, instance: str, code: str, **figures: object) -> None:
		self.notes.append(code)

	def work(self, name: str, restoring: bool = False) -> BackupRun | RestoreRun:
		"""All steps of a run, time passing where it waits."""
		step, busy = (next_restore_step, AT_WORK) if restoring else (next_step, WORKING)
		for _ in range(60):
			run = step(name, lambda: self.now, self.ports)
			if run.status not in busy:
				return run
			self.now = max(self.now + timedelta(seconds=1), run.retry_at or self.now)
		raise AssertionError(f"{run} goes on for ever")

	def back_up(self, trigger: Trigger = Trigger.MANUAL) -> BackupRun:
		return self.work(order_backup(ACME, trigger, self.now, self.ports))  # type: ignore[return-value]
