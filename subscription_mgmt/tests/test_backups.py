"""Is a real system's backup taken, proved, kept, drilled and restored, and is each way of going wrong caught?"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import frappe
from frappe.model.document import Document

from subscription_mgmt.adapters.backup_site import backup_ports
from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.engine.backup_runs import Trigger
from subscription_mgmt.jobs import backups as job
from subscription_mgmt.jobs import hosting
from subscription_mgmt.services.order_backup import order_backup
from subscription_mgmt.services.order_restore import order_drill, order_restore
from subscription_mgmt.tests.committed import _delete_added
from subscription_mgmt.tests.hosting import (
	SERVER,
	HostingTestCase,
	bench_provider,
	drop_tenant,
	make_instance,
	make_server,
	make_tenant,
)
from subscription_mgmt.tests.processes import Processes

WORD = "backup"
POLICY, STORE = "_Test Backups", "_Test Second Place"
OURS = ["tabBackup Run", "tabBackup Run File", "tabRestore Run", "tabBackup Alert", "tabHosting Operation"]


class BackupTestCase(HostingTestCase):
	"""One tenant for all its tests, with a folder beside the bench as second place."""

	@classmethod
	def setUpClass(cls) -> None:
		super().setUpClass()
		cls.folder = tempfile.mkdtemp(prefix="subscription-store-")
		cls.addClassCleanup(shutil.rmtree, cls.folder, True)
		cls.addClassCleanup(drop_tenant, WORD)
		cls.system = make_tenant(WORD)
		cls.site = cls.system.site

	def setUp(self) -> None:
		super().setUp()
		self.addCleanup(self.empty_store)
		make_server()
		make_policy(self.folder)
		make_instance(self.site, backup_policy=POLICY)
		frappe.db.commit()
		self.ports = backup_ports()

	def empty_store(self) -> None:
		for path in Path(self.folder).iterdir():
			shutil.rmtree(path)

	def forget(self) -> None:
		super().forget()
		_delete_added(self.rows, [*OURS, "tabBackup Policy", "tabBackup Store", "tabBackup Time"])
		frappe.db.commit()

	def backed_up(self, trigger: Trigger = Trigger.MANUAL) -> Document:
		name = order_backup(self.site, trigger, moment(), self.ports)
		job.order_backup_operation(name, self.site)
		frappe.db.commit()
		self.work_off()
		return frappe.get_doc("Backup Run", name)

	def drilled(self) -> Document:
		name = order_drill(self.site, moment(), self.ports)
		return self.worked(name)

	def worked(self, name: str) -> Document:
		run = self.ports.restores.get(name)
		job.order_restore_operation(name, self.site, run.purpose)
		frappe.db.commit()
		self.work_off()
		return frappe.get_doc("Restore Run", name)

	def sql(self, statement: str) -> str:
		"""As somebody who works on the tenant's database would."""
		config = frappe.get_file_json(f"{frappe.local.sites_path}/{self.site}/site_config.json")
		words = [
			"mariadb",
			"-h127.0.0.1",
			f"-u{config['db_name']}",
			f"-p{config['db_password']}",
			config["db_name"],
		]
		done = subprocess.run([*words, "-N", "-e", statement], capture_output=True, text=True, check=True)
		return done.stdout.strip()

	def rows_now(self) -> dict[str, int]:
		return dict(bench_provider().fingerprint(self.system).rows)

	def stored(self) -> list[Path]:
		return sorted(path for path in Path(self.folder).rglob("*") if path.is_file())

	def go_on(self) -> None:
		"""As if the time that something waits for had passed."""
		past = frappe.utils.add_to_date(None, minutes=-1)
		for doctype in ("Backup Run", "Restore Run"):
			for name in frappe.get_all(doctype, {"retry_at": ["is", "set"]}, pluck="name"):
				frappe.db.set_value(doctype, name, "retry_at", past)
		frappe.db.set_value("Hosting Operation", {"status": ["in", ["Queued", "Waiting"]]}, "due_at", past)
		frappe.db.commit()
		self.work_off()

	def alerts(self) -> list[tuple]:
		frappe.db.rollback()
		return [
			(row.kind, row.status)
			for row in frappe.get_all(
				"Backup Alert", {"instance": self.site}, ["kind", "status"], order_by="creation"
			)
		]


def make_policy(folder: str, **values: object) -> None:
	place = {"doctype": "Backup Store", "store_name": STORE, "kind": "Folder", "folder": folder}
	if not frappe.db.exists("Backup Store", STORE):
		frappe.get_doc(place).insert()
	if not frappe.db.exists("Backup Policy", POLICY):
		policy = {"doctype": "Backup Policy", "policy_name": POLICY, "every_hours": 24, "store": STORE}
		policy |= {"restore_within_minutes": 120, "drill_every_days": 30, "encrypt": 1}
		frappe.get_doc({**policy, **values}).insert()


class TestBackups(BackupTestCase):
	def test_a_backup_is_proved_drilled_and_restored_to_identical_rows(self):
		self.sql("update tabSingles set value = 1 where field = 'enable_scheduler'")
		uploads = [
			Path(frappe.local.sites_path, self.site, kind, "files", "upload.txt")
			for kind in ("public", "private")
		]
		for upload in uploads:
			upload.write_text("a customer's own")
		run = self.backed_up()
		self.assertEqual((run.status, run.problem), ("Good", None))
		self.assertEqual({file.kind for file in run.files}, {"database", "public", "private", "config"})
		self.assertEqual(len(self.stored()), 4)
		self.assertTrue(all(path.read_bytes().startswith(b"age-encryption.org") for path in self.stored()))
		before = self.rows_now()

		drill = self.drilled()
		self.assertEqual((drill.status, drill.problem), ("Done", None))
		bench = Path(frappe.utils.get_bench_path())
		self.assertEqual(
			list(bench.glob(f"*/{drill.scratch_site}*"))
			+ list(bench.glob(f"archived/*{drill.scratch_site}*")),
			[],
		)

		self.sql("truncate `tabPatch Log`; drop table tabNote; truncate tabRole")
		for upload in uploads:
			upload.unlink()
		restored = self.worked(order_restore(run.name, moment(), self.ports, approved=True))
		self.assertEqual((restored.status, restored.problem, restored.promise), ("Done", None, "Kept"))
		self.assertEqual(self.rows_now(), before)
		safety = frappe.get_doc("Backup Run", restored.safety_backup)
		self.assertEqual((safety.status, safety.trigger, safety.legal_hold), ("Good", "Before Restore", 1))
		self.assertEqual([upload.read_text() for upload in uploads], ["a customer's own"] * 2)
		self.assertEqual(self.sql("select value from tabSingles where field = 'enable_scheduler'"), "1")
		done = [("Back Up", "Done"), ("Drill", "Done"), ("Restore", "Done")]
		self.assertEqual(self.operations("kind", "status"), done)

	def test_a_drill_catches_an_archive_that_was_cut_short(self):
		run = self.backed_up()
		database = next(path for path in self.stored() if "database" in path.name)
		database.write_bytes(database.read_bytes()[:-4096])
		drill = self.drilled()
		self.assertEqual((drill.status, drill.verdict), ("Failed", "decryption_failed"))
		self.assertEqual(self.alerts(), [("Drill Failed", "Open")])
		restore = self.worked(order_restore(run.name, moment(), self.ports, approved=True))
		self.assertEqual(
			(restore.status, restore.verdict, restore.safety_backup), ("Failed", "decryption_failed", None)
		)

	def test_a_backup_that_exits_0_with_an_empty_dump_is_caught(self):
		command = self.a_bench_that(
			"""case "$*" in *" backup "*) for path in "${!#}"/*database.sql.gz
			do echo "-- begin frappe metadata" | gzip > "$path"; done;; esac"""
		)
		frappe.db.set_value("Hosting Server", SERVER, "bench_command", command)
		frappe.clear_document_cache("Hosting Server", SERVER)
		run = self.backed_up()
		self.assertEqual((run.status, run.verdict), ("Failed", "dump_without_tables"))
		self.assertIn("the dump is empty", run.problem)
		self.assertEqual(self.stored(), [])
		self.assertEqual(self.alerts(), [("Failed", "Open")])
		server_copy = Path(run.files[0].path).parent
		self.assertFalse(any(server_copy.iterdir()) if server_copy.exists() else False)

	def test_a_wrong_database_password_is_a_clear_state_and_mends_itself(self):
		config = Path(frappe.local.sites_path, self.site, "site_config.json")
		whole = config.read_text()
		password = frappe.parse_json(whole)["db_password"]
		self.addCleanup(config.write_text, whole)
		config.write_text(whole.replace(password, "wrong"))
		run = self.backed_up()
		self.assertEqual((run.status, run.verdict, run.tries), ("Dumping", "provider_failed", 1))
		self.assertIn("Access denied", run.problem)
		self.assertEqual(self.operations("kind", "status"), [("Back Up", "Waiting")])
		config.write_text(whole)
		self.go_on()
		run.reload()
		self.assertEqual((run.status, run.problem), ("Good", None))
		self.assertEqual(self.alerts(), [])

	def test_a_system_lost_with_its_server_is_made_again_from_the_second_place(self):
		run = self.backed_up()
		before = self.rows_now()
		bench_provider().discard(self.system)
		lost = self.worked(order_restore(run.name, moment(), self.ports, approved=True))
		self.assertEqual((lost.status, lost.verdict), ("Preparing", None))
		self.go_on()
		self.go_on()
		lost.reload()
		self.assertEqual((lost.status, lost.verdict), ("Failed", "no_safety_backup"))
		again = order_restore(run.name, moment(), self.ports, approved=True, without_safety=True)
		self.assertEqual(self.worked(again).status, "Done")
		self.assertEqual(self.rows_now(), before)

	def test_a_worker_that_is_killed_is_followed_by_one_that_goes_on(self):
		command = self.a_bench_that("", before='case "$*" in *" backup "*) sleep 60;; esac')
		frappe.db.set_value("Hosting Server", SERVER, "bench_command", command)
		frappe.clear_document_cache("Hosting Server", SERVER)
		name = order_backup(self.site, Trigger.MANUAL, moment(), self.ports)
		operation = job.order_backup_operation(name, self.site)
		frappe.db.commit()
		worker = Processes(1)
		process = worker.start(hosting.work, operation)
		self.wait_until(name, "Dumping")
		os.kill(process.pid, signal.SIGKILL)
		process.join()
		self.assertEqual(self.operations("status", "tries"), [("Running", 1)])
		frappe.db.set_value(
			"Hosting Operation", operation, "lease_until", frappe.utils.add_to_date(None, minutes=-1)
		)
		frappe.db.set_value("Hosting Server", SERVER, "bench_command", "bench")
		frappe.clear_document_cache("Hosting Server", SERVER)
		hosting.drive()
		self.go_on()
		run = frappe.get_doc("Backup Run", name)
		self.assertEqual((run.status, run.problem, len(self.stored())), ("Good", None, 4))

	def wait_until(self, run: str, status: str) -> None:
		for _ in range(300):
			frappe.db.rollback()
			if frappe.db.get_value("Backup Run", run, "status") == status:
				return
			time.sleep(0.1)
		self.fail(f"{run} never was {status}")

	def a_bench_that(self, afterwards: str, before: str = "") -> str:
		"""A bench command that does something more than it is told."""
		path = Path(self.folder).parent / f"bench-of-{self.site}"
		path.write_text(f'#!/bin/bash\nset -e\n{before}\nbench "$@"\n{afterwards}\n')
		path.chmod(0o755)
		self.addCleanup(path.unlink)
		return str(path)
