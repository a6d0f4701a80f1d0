"""Is a system on another machine run as one on this? By OpenSSH, against a real server."""

import io
import os
import time
from unittest import addModuleCleanup

import frappe
from frappe.tests.utils import FrappeTestCase

from subscription_mgmt.adapters.providers import provider_of
from subscription_mgmt.adapters.runners import SshRunner
from subscription_mgmt.adapters.server_records import new_key_pair
from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.bench_argv import read_file
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.systems import Access
from subscription_mgmt.tests.hosting import (
	bench_provider,
	drop_tenant,
	make_instance,
	make_server,
	make_tenant,
	tenant_name,
)
from subscription_mgmt.tests.ssh_server import SshServer

WORD = "far"
SSHD: SshServer


def setUpModule() -> None:
	global SSHD
	SSHD = SshServer()
	addModuleCleanup(SSHD.stop)
	addModuleCleanup(drop_tenant, WORD)
	make_tenant(WORD)


class TestSshBench(FrappeTestCase):
	def setUp(self) -> None:
		values = {"application_host": "127.0.0.1", "ssh_port": SSHD.port, "ssh_user": SSHD.user}
		self.server = make_server("_Test Far", provider="SSH Bench", ssh_host_keys=SSHD.host_key, **values)
		SSHD.authorized_keys.write_text(self.server.ssh_public_key + "\n")
		make_instance(tenant_name(WORD), self.server.name)
		self.provider, self.system = provider_of(tenant_name(WORD))

	def tearDown(self) -> None:
		frappe.db.rollback()

	def test_its_access_is_changed_and_really_is_so(self):
		self.provider.ping()
		self.provider.set_access(
			self.system, Access(Mode.READ_ONLY, "it's \"paid\"; $(touch /tmp/x) `id` -- 'no'")
		)
		self.assertIs(self.provider.access(self.system), Mode.READ_ONLY)
		self.assertIs(bench_provider().access(self.system), Mode.READ_ONLY)
		config = frappe.get_file_json(frappe.get_site_path("..", self.system.site, "site_config.json"))
		said = config["subscription_access"]["reason"]
		self.assertEqual(said, "it's \"paid\"; $(touch /tmp/x) `id` -- 'no'")
		self.provider.set_access(self.system, Access(Mode.FULL))
		self.assertIs(self.provider.access(self.system), Mode.FULL)

	def test_a_backup_is_read_written_and_restored(self):
		before = self.provider.fingerprint(self.system)
		files = self.provider.back_up(self.system, "over-ssh")
		self.assertEqual({file.kind for file in files}, {"database", "public", "private", "config"})
		copies = []
		for file in files:
			with self.provider.read(self.system, file.path) as stream:
				content = stream.read()
			self.assertEqual(len(content), file.size)
			path = f"{self.provider.backups_of(self.system)}/copied/{os.path.basename(file.path)}"
			self.provider.write(self.system, path, io.BytesIO(content))
			copies.append(type(file)(file.kind, path, file.size))
		self.provider.restore(self.system, copies)
		self.assertEqual(self.provider.fingerprint(self.system).rows.keys(), before.rows.keys())

	def test_a_server_that_shows_another_key_is_not_spoken_to(self):
		_private, other = new_key_pair("an impostor")
		self.server.update({"ssh_host_keys": other}).save()
		frappe.clear_document_cache("Hosting Server", self.server.name)
		provider, system = provider_of(tenant_name(WORD))
		with self.assertRaises(DomainError) as refused:
			provider.version(system)
		self.assertEqual(refused.exception.code, "provider_failed")
		self.assertIn("Host key verification failed", refused.exception.context["reason"])

	def test_without_our_key_nobody_gets_in(self):
		SSHD.authorized_keys.write_text("")
		with self.assertRaises(DomainError) as refused:
			self.provider.version(self.system)
		self.assertIn("Permission denied", refused.exception.context["reason"])
		self.assertIsNone(self.provider.access(self.system))

	def test_a_machine_that_does_not_answer_is_given_up_soon(self):
		runner = SshRunner(
			"127.0.0.1", SSHD.user, SSHD.host_key, new_key_pair("x")[0], port=9, seconds_to_connect=2
		)
		began = time.monotonic()
		done = bench_provider(runner)
		with self.assertRaises(DomainError) as refused:
			done.version(self.system)
		self.assertEqual(refused.exception.code, "provider_failed")
		self.assertLess(time.monotonic() - began, 10)

	def test_what_takes_too_long_is_ended_on_the_far_machine_too(self):
		mark = str(86400 + SSHD.port)
		runner = self.provider._runner
		began = time.monotonic()
		self.assertIn(runner.run(["sleep", mark], 1).code, (124, 137))
		self.assertLess(time.monotonic() - began, 20)
		self.assertEqual(runner.run(["pgrep", "-f", f"^sleep {mark}"], 5).code, 1)

	def test_a_file_that_is_not_there_is_no_empty_file(self):
		path = f"{self.provider.backups_of(self.system)}/nothing.sql.gz"
		with self.assertRaises(DomainError) as refused:
			with self.provider.read(self.system, path) as stream:
				stream.read()
		self.assertIn("No such file", refused.exception.context["reason"])

	def test_our_private_key_is_shown_nowhere(self):
		private = self.server.get_password("ssh_private_key")
		self.assertIn("OPENSSH PRIVATE KEY", private)
		self.assertNotIn(private, repr(self.provider._runner))
		self.assertNotIn("PRIVATE", str(frappe.get_doc("Hosting Server", self.server.name).as_dict()))
		with self.provider._runner._words(read_file("/etc/hostname")) as words:
			self.assertNotIn("PRIVATE", " ".join(words))
			key = words[words.index("-i") + 1]
			self.assertEqual(os.stat(key).st_mode & 0o777, 0o600)
			self.assertIn("memfd", os.readlink(key), "on no disk, where a killed worker would leave it")
		self.assertFalse(os.path.exists(key))
