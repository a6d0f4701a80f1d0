"""Is a system only dropped, or left updated, when everything that allowed it holds, and is nothing lost otherwise?"""

import os
import shutil
import signal
import tempfile
import time
from contextlib import closing
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from unittest import addModuleCleanup

import frappe
import pymysql
from frappe.utils import get_bench_path, now_datetime

from subscription_mgmt.adapters import operation_records
from subscription_mgmt.adapters.bench_provider import BenchProvider
from subscription_mgmt.adapters.operation_records import order
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.adapters.site_hosting import look, want
from subscription_mgmt.api import hosting as hosting_api
from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.contracts import Restriction
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.operations import Kind
from subscription_mgmt.engine.systems import Access, System
from subscription_mgmt.jobs import backups as backups_job
from subscription_mgmt.jobs import hosting as job
from subscription_mgmt.jobs.update_work import update
from subscription_mgmt.services.activate import activate
from subscription_mgmt.services.hosting_ports import Work
from subscription_mgmt.tests.committed import _delete_added
from subscription_mgmt.tests.hosting import (
	SERVER,
	HostingTestCase,
	bench_provider,
	drop_tenant,
	make_instance,
	make_server,
	make_tenant,
	tenant_name,
)
from subscription_mgmt.tests.processes import Processes
from subscription_mgmt.tests.records import make_contract
from subscription_mgmt.tests.tenant import root_account
from subscription_mgmt.tests.test_backups import OURS, POLICY, make_policy

WORD = "ends"


def setUpModule() -> None:
	addModuleCleanup(drop_tenant, WORD)
	make_tenant(WORD)


class EndsTestCase(HostingTestCase):
	def setUp(self) -> None:
		super().setUp()
		make_server()
		self.instance = make_instance(tenant_name(WORD))
		self.system = System(self.instance, SERVER)

	def in_mode(self, mode: Mode) -> None:
		bench_provider().set_access(self.system, Access(mode))
		want(self.instance, mode)
		look(self.instance)
		frappe.db.commit()

	def forget(self) -> None:
		super().forget()
		_delete_added(self.rows, [*OURS, "tabBackup Policy", "tabBackup Store"])
		frappe.db.commit()

	def is_there(self) -> bool:
		return "frappe" in bench_provider().version(self.system)

	def again(self, name: str):
		frappe.db.set_value("Hosting Operation", name, "due_at", now_datetime())
		frappe.db.commit()
		job.work(name)
		return self.operation(name)


class TestAnUpdate(EndsTestCase):
	def test_it_is_backed_up_updated_and_checked(self):
		self.in_mode(Mode.FULL)
		operation = self.again(order(self.instance, Kind.UPDATE))
		self.assertEqual(operation.status, "Done", self.problems())
		self.assertRegex(operation.result, r"^frappe 15\S+.* → frappe 15")
		runs = frappe.get_all("Backup Run", {"instance": self.instance}, ["trigger", "status"])
		self.assertEqual([(run.trigger, run.status) for run in runs], [("Before Update", "Good")])

	def test_it_waits_while_the_system_is_not_in_full_use(self):
		self.in_mode(Mode.READ_ONLY)
		operation = self.again(order(self.instance, Kind.UPDATE))
		self.assertEqual(operation.status, "Waiting")
		self.assertIn("in full use", operation.problem)

	def test_one_whose_worker_is_killed_is_gone_on_with_and_not_backed_up_anew(self):
		self.in_mode(Mode.FULL)
		path = Path(tempfile.mkdtemp(prefix="subscription-bench-"), "bench")
		self.addCleanup(shutil.rmtree, path.parent)
		path.write_text('#!/bin/bash\ncase "$*" in *" migrate"*) sleep 60;; esac\nbench "$@"\n')
		path.parent.chmod(0o755)
		path.chmod(0o755)
		self.use_command(str(path))
		name = order(self.instance, Kind.UPDATE)
		frappe.db.commit()
		worker = Processes(1).start(job.work, name)
		self.wait_for_step(name, "backed up")
		time.sleep(2)  # within the migration, which sleeps
		os.kill(worker.pid, signal.SIGKILL)
		worker.join()
		self.assertEqual(self.operation(name).status, "Running")
		path.write_text('#!/bin/bash\nbench "$@"\n')
		frappe.db.set_value("Hosting Operation", name, "lease_until", "2026-01-01 00:00:00")
		frappe.db.commit()
		job.drive()
		busy = self.again(name)  # the killed worker's own command is at it still
		self.assertIn("Another command works on", busy.problem)
		as_killed(self.instance)
		done = self.again(name)
		self.assertEqual((done.status, done.step), ("Done", "backed up"), self.problems())
		runs = frappe.get_all("Backup Run", {"instance": self.instance}, ["trigger", "status"])
		self.assertEqual([(run.trigger, run.status) for run in runs], [("Before Update", "Good")])

	def use_command(self, command: str) -> None:
		self.addCleanup(frappe.clear_document_cache, "Hosting Server", SERVER)
		frappe.db.set_value("Hosting Server", SERVER, "bench_command", command)
		frappe.clear_document_cache("Hosting Server", SERVER)

	def wait_for_step(self, name: str, step: str) -> None:
		for _ in range(600):
			if self.operation(name).step == step:
				return
			time.sleep(0.1)
		self.fail(f"{name} never was {step}: {self.problems()}")

	def test_one_that_loses_rows_is_rolled_back_to_what_was_there(self):
		self.in_mode(Mode.FULL)
		before = bench_provider().fingerprint(self.system).rows
		name = order(self.instance, Kind.UPDATE)
		todo, lease = operation_records.claim(name, "w")
		frappe.db.commit()

		def reached(step: str, **figures: object) -> None:
			operation_records.note_step(name, lease, step, figures)

		with self.assertRaises(DomainError) as refused:
			update(Work(todo, losing_provider(), self.system, reached))
		self.assertEqual(refused.exception.code, "update_rolled_back")
		self.assertIn("tabDocField", refused.exception.context["reason"])
		after = bench_provider().fingerprint(self.system).rows
		self.assertEqual(after["tabDocField"], before["tabDocField"])
		self.assertIs(bench_provider().access(self.system), Mode.FULL)
		self.assertEqual(frappe.db.get_value("Hosting Operation", name, "step"), "rolling back")


class LosingProvider(BenchProvider):
	"""An update that goes through without an error, and empties a table."""

	def update(self, system: System) -> None:
		super().update(system)
		as_root(f"delete from `{self._config(system)['db_name']}`.`tabDocField` limit 5000")


def as_root(statement: str) -> None:
	place = {
		"host": frappe.conf.db_host or "127.0.0.1",
		"user": root_account()[0],
		"password": root_account()[1],
	}
	with closing(pymysql.connect(**place, autocommit=True)) as connection, connection.cursor() as cursor:
		cursor.execute(statement)


def as_killed(site: str) -> None:
	"""The command that a killed worker left behind on the system's machine ends."""
	lock = bench_provider()._bench.lock(site)
	for entry in Path("/proc").glob("[0-9]*/cmdline"):
		try:
			said = entry.read_bytes().split(b"\0")
		except OSError:
			continue
		if said[:1] == [b"timeout"] and lock.encode() in said:
			os.killpg(int(entry.parent.name), signal.SIGKILL)
	time.sleep(1)


def losing_provider() -> LosingProvider:
	ours = bench_provider()
	return LosingProvider(ours._bench, ours._runner, ours._secrets)


class TestWithdrawn(EndsTestCase):
	"""Runs last: the tenant is gone after it."""

	def test_data_goes_only_when_nothing_speaks_against_it_any_more(self):
		contract = make_contract(instance=self.instance)
		activate(contract.name, contract.start_date, site_ports())
		frappe.db.set_value("Subscription Contract", contract.name, {"status": "Ended", "on_hold": 1})
		frappe.db.commit()
		self.in_mode(Mode.FULL)
		restricted = replace(
			site_ports().contracts.get(contract.name),
			restriction=Restriction(since=date(2026, 2, 1), seen_on=date(2026, 2, 1), paid=Decimal(0)),
		)
		site_ports().hosting.delete(restricted)
		name = frappe.db.get_value("Hosting Operation", {"kind": "Drop"})
		waits = self.again(name)
		self.assertEqual(waits.status, "Waiting")
		for words in ("on hold", "final backup", "not known to be restricted"):
			self.assertIn(words, waits.problem)
		frappe.db.set_value("Subscription Contract", contract.name, "on_hold", 0)
		bench_provider().set_access(self.system, Access(Mode.RESTRICTED))
		unproved = self.again(name).problem
		self.assertTrue(unproved.endswith("waits: There is no verified final backup."), unproved)
		self.make_final_backup()
		dump = next(path for path in self.folder.rglob("*database*") if path.is_file())
		whole = dump.read_bytes()
		dump.write_bytes(whole[:-1])
		spoilt = self.again(name).problem
		self.assertTrue(spoilt.endswith("waits: There is no verified final backup."), spoilt)
		self.assertTrue(self.is_there())
		dump.write_bytes(whole)
		figures = frappe.parse_json(frappe.db.get_value("Hosting Operation", name, "arguments"))
		as_ordered = frappe.as_json(figures)
		figures["paid"][contract.name] = "-12.00"
		frappe.db.set_value("Hosting Operation", name, "arguments", frappe.as_json(figures))
		paid = self.again(name)
		self.assertEqual(paid.status, "Waiting")
		self.assertIn("Something was paid", paid.problem)
		self.assertTrue(self.is_there())
		frappe.db.set_value("Hosting Operation", name, "arguments", as_ordered)
		# A worker that was killed when the database was gone, and the files not moved yet.
		as_root(f"drop database `{bench_provider()._config(self.system)['db_name']}`")
		frappe.db.set_value("Hosting Operation", name, "step", "dropping")
		gone = self.again(name)
		self.assertEqual(gone.status, "Done", self.problems())
		self.assertEqual(frappe.db.get_value("Hosted Instance", self.instance, "actual_mode"), "Deleted")
		with self.assertRaises(DomainError):
			self.is_there()
		left = list(Path(get_bench_path(), "archived").rglob(f"*{self.instance}*"))
		left += list(Path(get_bench_path(), "config").glob(f"*{self.instance}*"))
		self.assertEqual(left, [])
		self.check_the_backups_end()

	def make_final_backup(self) -> None:
		self.folder = Path(tempfile.mkdtemp(prefix="subscription-store-"))
		self.addCleanup(shutil.rmtree, self.folder)
		make_policy(str(self.folder))
		frappe.db.set_value("Hosted Instance", self.instance, "backup_policy", POLICY)
		ordered = frappe.db.get_value("Hosting Operation", {"kind": "Back Up", "status": "Queued"})
		self.assertEqual(self.again(ordered).status, "Done", self.problems())
		run = {"instance": self.instance, "trigger": "Final"}
		self.assertEqual(frappe.db.get_value("Backup Run", run, ["status", "problem"]), ("Good", None))

	def check_the_backups_end(self) -> None:
		run = {"instance": self.instance, "trigger": "Final"}
		before = frappe.db.get_single_value("Subscription Mgmt Settings", "keep_after_deletion_days")
		self.addCleanup(self.keep_days, before)
		for days, deleted_on, held, status in (
			(0, "2020-01-01 00:00:00", 0, "Good"),
			(90, now_datetime(), 0, "Good"),
			(90, "2020-01-01 00:00:00", 1, "Good"),
			(90, "2020-01-01 00:00:00", 0, "Removed"),
		):
			self.keep_days(days)
			frappe.db.set_value("Hosted Instance", self.instance, "confirmed_at", deleted_on)
			frappe.db.set_value("Backup Run", run, "legal_hold", held)
			frappe.db.commit()
			backups_job.tidy_all()
			frappe.db.rollback()
			self.assertEqual(
				frappe.db.get_value("Backup Run", run, "status"), status, (days, deleted_on, held)
			)
		self.assertEqual([path for path in self.folder.rglob("*") if path.is_file()], [])

	def keep_days(self, days: int) -> None:
		frappe.db.set_single_value("Subscription Mgmt Settings", "keep_after_deletion_days", days)
		frappe.clear_document_cache("Subscription Mgmt Settings", "Subscription Mgmt Settings")
		frappe.db.commit()

	def test_a_deletion_called_off_leaves_the_data_and_the_restriction(self):
		self.in_mode(Mode.RESTRICTED)
		want(self.instance, Mode.DELETED)
		name = order(self.instance, Kind.DROP, Mode.DELETED)
		hosting_api.call_off(name)
		self.work_off()
		self.assertEqual(self.operation(name).status, "Superseded")
		self.assertEqual(frappe.db.get_value("Hosted Instance", self.instance, "wanted_mode"), "Restricted")
		self.assertTrue(self.is_there())
