"""Are due backups queued, downloads safe, requests limited, and people told once? On records, without any system."""

import hashlib
import io
import shutil
import tempfile
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from unittest import mock

import frappe
from frappe.model.document import Document

from subscription_mgmt.adapters import backup_keys
from subscription_mgmt.adapters.backup_keys import BackupKeys
from subscription_mgmt.adapters.backup_records import BackupRecords
from subscription_mgmt.adapters.backup_site import backup_ports
from subscription_mgmt.adapters.backup_stores import BackupStores
from subscription_mgmt.api import backup as desk
from subscription_mgmt.api import certificate
from subscription_mgmt.api.portal import backups as portal
from subscription_mgmt.engine.backup_runs import BackupRun, BackupStatus, StoredFile, Trigger
from subscription_mgmt.jobs import backups as job
from subscription_mgmt.tests.committed import _delete_added
from subscription_mgmt.tests.hosting import HostingTestCase, make_instance, make_server
from subscription_mgmt.tests.places import sftp_place
from subscription_mgmt.tests.records import make_contract, make_customer, make_plan, make_user, settings
from subscription_mgmt.tests.test_backups import OURS, POLICY, STORE, make_policy

ANN, BOB = "backup-ann@a.example", "backup-bob@b.example"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=timezone.utc)
CONTENT = b"a dump, or something like it " * 40_000


class DeskTestCase(HostingTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.addCleanup(frappe.set_user, "Administrator")
		self.folder = tempfile.mkdtemp(prefix="subscription-store-")
		self.addCleanup(shutil.rmtree, self.folder)
		make_server()
		make_policy(self.folder, drill_every_days=0)
		for user in (ANN, BOB):
			make_user(user, "Customer", user_type="Website User")
		make_customer("_Test Ann's", portal_users=[{"user": ANN, "portal_role": "Owner"}])
		make_customer("_Test Bob's", portal_users=[{"user": BOB, "portal_role": "Owner"}])
		self.site = self.an_instance("backup-a.example", backup_policy=POLICY, customer="_Test Ann's")
		frappe.db.commit()
		self.ports = backup_ports()

	def forget(self) -> None:
		super().forget()
		more = [
			"tabRecovery Certificate",
			"tabRecovery Certificate Row",
			"tabBackup Policy",
			"tabBackup Store",
		]
		_delete_added(self.rows, [*OURS, *more, "tabBackup Time", "tabBackup Key"])
		frappe.db.commit()

	def an_instance(self, name: str, **values: object) -> str:
		"""One that is older than the days of these tests."""
		make_instance(name, **values)
		frappe.db.set_value("Hosted Instance", name, "creation", "2026-03-01 07:00:00")
		return name

	@contextmanager
	def roles_count(self) -> Iterator[None]:
		"""`frappe.only_for` lets everybody pass in a test."""
		frappe.local.flags.in_test = False
		try:
			yield
		finally:
			frappe.local.flags.in_test = True

	def pass_at(self, moment: datetime) -> int:
		with mock.patch("subscription_mgmt.jobs.backups.moment", return_value=moment):
			return job.schedule()

	def runs(self, *fields: str) -> list[tuple]:
		return list(frappe.get_all("Backup Run", fields=list(fields), order_by="due_at", as_list=True))

	def told(self, doctype: str) -> list[str]:
		to_one = {"document_type": doctype, "for_user": "backup-manager@example.com"}
		return frappe.get_all("Notification Log", to_one, pluck="subject")

	def a_good_run(self, at: datetime = NOON, **values: object) -> Document:
		key = BackupKeys().current()
		run = BackupRun(
			"", self.site, Trigger.MANUAL, BackupStatus.GOOD, at, POLICY, STORE, key, started_at=at
		)
		name = BackupRecords().add(run)
		with BackupKeys().encrypted(io.BytesIO(CONTENT), key) as content:
			size, checksum = BackupStores().at(STORE).put(f"{self.site}/{name}/db.sql.gz.age", content)
		file = StoredFile("database", "/srv/db.sql.gz", len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
		file = StoredFile(*_first(file), f"{self.site}/{name}/db.sql.gz.age", size, checksum)
		before = BackupRecords().get(name)
		BackupRecords().save(before, replace(before, files=(file,)))
		frappe.db.commit()
		return frappe.get_doc("Backup Run", name)


def _first(file: StoredFile) -> tuple:
	return file.kind, file.path, file.size, file.sha256


class TestSchedule(DeskTestCase):
	def test_a_new_system_gets_its_first_backup_and_then_one_at_each_turn(self):
		self.assertEqual(self.pass_at(NOON), 1)
		self.assertEqual(self.pass_at(NOON + timedelta(minutes=5)), 0)
		self.assertEqual(self.operations("instance", "kind", "status"), [(self.site, "Back Up", "Queued")])
		frappe.db.set_value("Backup Run", {}, "status", "Good")
		self.assertEqual(self.pass_at(NOON + timedelta(hours=25)), 1)
		self.assertEqual([status for (status,) in self.runs("status")], ["Good", "Queued"])

	def test_an_outage_of_the_scheduler_is_healed_by_one_run_and_told_once(self):
		make_user("backup-manager@example.com", "Subscription Manager")
		self.pass_at(NOON)
		frappe.db.set_value("Backup Run", {}, "status", "Good")
		self.assertEqual(self.pass_at(NOON + timedelta(days=12)), 1)
		self.pass_at(NOON + timedelta(days=12, minutes=5))
		statuses = [status for (status,) in self.runs("status")]
		self.assertEqual((statuses.count("Missed"), statuses.count("Queued")), (11, 1))
		self.assertEqual(frappe.get_all("Backup Alert", pluck="kind"), ["Missed"])
		self.assertEqual(self.told("Backup Alert"), [f"Backups of {self.site}: Missed"])

	def test_a_drill_is_queued_when_it_is_due_and_there_is_a_good_backup(self):
		frappe.db.set_value("Backup Policy", POLICY, "drill_every_days", 30)
		frappe.clear_document_cache("Backup Policy", POLICY)
		self.pass_at(NOON)
		self.assertEqual(frappe.db.count("Restore Run"), 0)
		frappe.db.set_value("Backup Run", {}, "status", "Good")
		for days in (0, 1, 29):
			self.pass_at(NOON + timedelta(days=days, minutes=5))
		frappe.db.set_value("Restore Run", {}, "status", "Done")
		self.assertEqual(frappe.get_all("Restore Run", pluck="purpose"), ["Drill"])
		self.pass_at(NOON + timedelta(days=31))
		self.assertEqual(frappe.get_all("Restore Run", pluck="purpose"), ["Drill", "Drill"])

	def test_what_is_late_is_told_and_what_lost_its_operation_gets_another(self):
		self.pass_at(NOON)
		frappe.db.delete("Hosting Operation")
		with mock.patch("subscription_mgmt.adapters.due_backups.stored", return_value="2100-01-01"):
			self.pass_at(NOON + timedelta(hours=2))
		self.assertEqual(self.operations("kind", "status"), [("Back Up", "Queued")])
		self.assertEqual(frappe.get_all("Backup Alert", pluck="kind"), ["Late"])

	def test_what_was_given_up_has_failed(self):
		self.pass_at(NOON)
		frappe.db.set_value("Hosting Operation", {}, "status", "Failed")
		self.pass_at(NOON + timedelta(minutes=5))
		self.assertEqual(self.runs("status", "verdict"), [("Failed", "given_up")])
		self.assertEqual(frappe.get_all("Backup Alert", pluck="kind"), ["Failed"])

	def test_systems_of_persons_deleted_ones_and_those_without_a_policy_are_left_alone(self):
		self.an_instance("backup-b.example", server=None, backup_policy=POLICY)
		self.an_instance("backup-c.example")
		frappe.db.set_value(
			"Hosted Instance",
			self.an_instance("backup-d.example", backup_policy=POLICY),
			"wanted_mode",
			"Deleted",
		)
		self.assertEqual(self.pass_at(NOON), 1)

	def test_the_policy_is_that_of_the_plan_where_the_system_has_none_of_its_own(self):
		instance = self.an_instance("backup-e.example")
		contract = make_contract(
			plan=make_plan("_Test Backed Up", backup_policy=POLICY).name, instance=instance
		)
		self.assertEqual(self.pass_at(NOON), 1)
		frappe.db.set_value("Subscription Contract", contract.name, "status", "Active")
		self.assertEqual(self.pass_at(NOON), 1)

	def test_many_systems_are_looked_at_in_a_few_queries(self):
		for number in range(30):
			self.an_instance(f"backup-{number}.example", backup_policy=POLICY)
		self.pass_at(NOON)
		frappe.db.commit()
		with self.assertQueryCount(16):
			self.pass_at(NOON + timedelta(minutes=5))


class TestOneBadRecord(DeskTestCase):
	"""A run whose trigger nobody knows: nothing of its system can be read, and the other is seen to all the same."""

	def setUp(self) -> None:
		super().setUp()
		self.bad, self.good = self.a_good_run(), self.a_good_run()
		other = self.an_instance("backup-z.example", backup_policy=POLICY, customer="_Test Bob's")
		self.good.db_set("instance", other)
		self.bad.db_set("trigger", "Whim")

	def test_old_copies_of_the_others_go(self):
		gone = {"wanted_mode": "Deleted", "actual_mode": "Deleted", "confirmed_at": "2020-01-01 00:00:00"}
		for name in (self.bad.instance, self.good.instance):
			frappe.db.set_value("Hosted Instance", name, gone)
		frappe.db.set_single_value("Subscription Mgmt Settings", "keep_after_deletion_days", 90)
		frappe.clear_document_cache("Subscription Mgmt Settings", "Subscription Mgmt Settings")
		frappe.db.commit()
		job.tidy_all()
		statuses = [frappe.db.get_value("Backup Run", run.name, "status") for run in (self.bad, self.good)]
		self.assertEqual(statuses, ["Good", "Removed"])

	def test_unfinished_runs_of_the_others_go_on(self):
		for run, days in ((self.bad, 2), (self.good, 1)):
			run.db_set({"status": "Queued", "due_at": frappe.utils.add_days("2026-03-02 12:00:00", -days)})
			operation = job.order_backup_operation(run.name, run.instance)
			frappe.db.set_value("Hosting Operation", operation, "status", "Failed")
		frappe.db.commit()
		job.schedule()
		statuses = [frappe.db.get_value("Backup Run", run.name, "status") for run in (self.bad, self.good)]
		self.assertEqual(statuses, ["Queued", "Failed"])


class TestHandingOut(DeskTestCase):
	def get_link(self, run: Document) -> str:
		with self.set_user(ANN):
			return portal.download_link(run.name, "database")["url"].partition("token=")[2]

	def downloaded(self, token: str) -> bytes:
		response = desk.download(token)
		self.assertEqual(int(response.headers["Content-Length"]), len(CONTENT))
		return b"".join(response.response)

	def test_a_link_hands_out_one_file_decrypted_and_writes_it_down(self):
		run = self.a_good_run()
		with self.set_user("Guest"):
			self.assertEqual(self.downloaded(self.get_link(run)), CONTENT)

	def test_a_link_that_is_old_or_was_changed_is_good_for_nothing(self):
		run = self.a_good_run()
		token = self.get_link(run)
		later = datetime.now(timezone.utc) + timedelta(minutes=16)
		with mock.patch("subscription_mgmt.api.backup.moment", return_value=later):
			self.assertRaises(frappe.ValidationError, desk.download, token)
		body, seal = token.split(".")
		other = urlsafe_b64decode(body + "==").replace(b"database", b"private0")
		for bad in (
			"",
			".",
			"x.y",
			body,
			f"{urlsafe_b64encode(other).decode()}.{seal}",
			f"{body}.{seal[:-2]}AA",
			"é.é",
		):
			with self.subTest(bad):
				self.assertRaises(frappe.ValidationError, desk.download, bad)

	def test_a_copy_changed_in_the_second_place_breaks_off_rather_than_be_taken_for_whole(self):
		run = self.a_good_run()
		path = next(path for path in Path(self.folder).rglob("*") if path.is_file())
		path.write_bytes(path.read_bytes()[:-7] + b"changed")
		response = desk.download(self.get_link(run))
		with self.assertRaisesRegex(Exception, "decryption_failed"):
			b"".join(response.response)

	def test_nobody_gets_at_anothers_backups(self):
		run = self.a_good_run()
		with self.set_user(BOB), self.roles_count():
			self.assertEqual(portal.backups()["backups"], [])
			for ask in (
				lambda: portal.download_link(run.name, "database"),
				lambda: portal.request_restore(run.name),
				lambda: portal.request(self.site),
				lambda: frappe.get_doc("Backup Run", run.name).check_permission("read"),
				lambda: desk.restore(run.name, self.site),
				lambda: desk.set_hold(run.name, 1),
				lambda: desk.reveal_key(run.encryption_key),
			):
				self.assertRaises(frappe.PermissionError, ask)

	def test_a_customer_sees_his_own_without_where_it_lies(self):
		run = self.a_good_run()
		with self.set_user(ANN):
			mine = portal.backups()
			self.assertEqual([row.name for row in mine["backups"]], [run.name])
			self.assertTrue(mine["backups"][0]["can_download"])
			self.assertNotIn(STORE, frappe.as_json(mine))
			seen = frappe.get_doc("Backup Run", run.name)
			seen.apply_fieldlevel_read_permissions()
			self.assertFalse(
				seen.get("store") or seen.get("encryption_key") or seen.files[0].get("store_key")
			)

	def test_a_customer_asks_for_one_backup_and_for_a_restore_that_an_operator_begins(self):
		run = self.a_good_run()
		make_user("backup-manager@example.com", "Subscription Manager")
		with self.set_user(ANN):
			portal.request(self.site)
			restore = portal.request_restore(run.name)
		frappe.db.commit()
		record = frappe.get_doc("Restore Run", restore)
		self.assertEqual(
			(record.status, record.promised_minutes, record.requested_by), ("Requested", 120, ANN)
		)
		self.assertEqual([kind for (kind,) in self.operations("kind")], ["Back Up"])
		self.assertEqual(self.told("Restore Run"), [f"A customer asks to restore {self.site}"])
		desk.approve_restore(restore)
		frappe.db.commit()
		self.assertEqual([kind for (kind,) in self.operations("kind")], ["Back Up", "Restore"])

	def test_where_the_settings_allow_it_a_customer_restores_without_an_operator(self):
		run = self.a_good_run()
		with settings(customers_restore=1), self.set_user(ANN):
			restore = portal.request_restore(run.name)
		self.assertEqual(frappe.db.get_value("Restore Run", restore, "status"), "Queued")

	def test_a_restore_in_desk_needs_the_name_of_the_system_written_once_more(self):
		run = self.a_good_run()
		self.assertRaises(frappe.ValidationError, desk.restore, run.name, "another.example")
		self.assertEqual(frappe.db.count("Restore Run"), 0)
		desk.restore(run.name, self.site)
		self.assertEqual(frappe.db.count("Restore Run"), 1)


class TestKeysAndPlaces(DeskTestCase):
	def test_a_new_key_encrypts_and_the_earlier_one_reads_what_it_encrypted(self):
		run = self.a_good_run()
		first = BackupKeys().current()
		second = backup_keys.rotate()
		self.assertEqual((run.encryption_key, BackupKeys().current()), (first, second))
		response = desk.download(TestHandingOut.get_link(self, run))
		self.assertEqual(b"".join(response.response), CONTENT)
		self.assertRaises(frappe.ValidationError, frappe.delete_doc, "Backup Key", first)

	def test_the_private_key_is_encrypted_in_the_database(self):
		name = BackupKeys().current()
		raw = frappe.db.sql("select password from __Auth where doctype = 'Backup Key' and name = %s", name)[
			0
		][0]
		self.assertNotIn("AGE-SECRET-KEY", raw)
		self.assertTrue(backup_keys.private_key(name).startswith("AGE-SECRET-KEY"))

	def test_a_store_is_tried_and_says_what_is_wrong(self):
		self.assertIn("works", desk.test_store(STORE))
		frappe.db.set_value("Backup Store", STORE, "folder", "/proc/nothing")
		frappe.clear_document_cache("Backup Store", STORE)
		self.assertIn("/proc/nothing", desk.test_store(STORE))
		self.assertEqual(
			frappe.db.get_value("Backup Store", STORE, "last_test_result"), desk.test_store(STORE)
		)

	def test_another_machine_is_reached_with_a_key_of_the_site_and_only_if_it_shows_its_own(self):
		folder = Path(self.folder)
		with sftp_place(folder) as there:
			place = {
				"doctype": "Backup Store",
				"store_name": "_Test Machine",
				"kind": "SFTP",
				"folder": there.folder,
			}
			far = {"host": there.host, "port": there.port, "user": there.user}
			record = frappe.get_doc({**place, **far}).insert()
			self.assertIn("no host key", desk.test_store(record.name))
			record.reload()
			record.host_key = desk.read_host_key(record.name)["key"]
			record.save()
			self.assertEqual(record.host_key, there.host_key)
			self.assertIn("does not let us in", desk.test_store(record.name))
			(folder / "authorized_keys").write_text(record.public_key + "\n")
			self.assertIn("works", desk.test_store(record.name))
			record.reload()
			record.host_key = (folder / "own.pub").read_text()
			record.save()
			self.assertIn("does not let us in", desk.test_store(record.name))

	def test_a_second_place_on_the_site_itself_is_refused(self):
		inside = frappe.get_site_path("private", "backups")
		place = {"doctype": "Backup Store", "store_name": "_Test Inside", "kind": "Folder"}
		for folder in (str(Path(inside).resolve()), "relative/path"):
			self.assertRaises(frappe.ValidationError, frappe.get_doc({**place, "folder": folder}).insert)


class TestCertificate(DeskTestCase):
	def test_it_holds_what_was_reached_and_prints_in_the_customers_language(self):
		frappe.db.set_value("Hosted Instance", self.site, "creation", "2026-03-01 00:00:00")
		self.a_good_run(datetime(2026, 3, 2, 6, tzinfo=timezone.utc))
		self.a_good_run(datetime(2026, 3, 4, 12, tzinfo=timezone.utc))
		frappe.db.set_value("Customer", "_Test Ann's", "language", "es")
		name = certificate.issue("_Test Ann's", "2026-03-02", "2026-03-04")
		record = frappe.get_doc("Recovery Certificate", name)
		row = record.systems[0]
		self.assertEqual(
			(row.instance, row.longest_gap_minutes, row.gap_promise), (self.site, 54 * 60, "Broken")
		)
		self.assertEqual((record.language, row.promised_restore_minutes), ("es", 120))
		html = frappe.get_print("Recovery Certificate", name, "Recovery Certificate", doc=record)
		self.assertIn("54 h", html)
		with self.set_user(BOB), self.roles_count():
			self.assertRaises(
				frappe.PermissionError, certificate.issue, "_Test Ann's", "2026-03-02", "2026-03-04"
			)
			self.assertRaises(frappe.PermissionError, record.check_permission, "read")
