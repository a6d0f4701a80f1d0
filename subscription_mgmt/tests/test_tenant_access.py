"""Does a change of a site's access take hold, survive being killed, and give everything back? On a real site."""

import json
import os
import signal
import tempfile
import time

import pymysql

from subscription_mgmt.tests.guarded import CLERK, REASON, GuardTestCase
from subscription_mgmt.tests.tenant import ROOT


class TestJobs(GuardTestCase):
	def test_jobs_are_kept_while_the_site_is_closed_and_done_when_it_is_open(self) -> None:
		def count() -> int:
			return self.tenant.rows("select count(*) from tabNote where title like 'by a job%%'")[0][0]

		for mode in ("Read Only", "Restricted"):
			before = count()
			note = {"doctype": "Note", "title": f"by a job {mode}"}
			enqueue = {"method": "frappe.client.insert", "doc": note, "enqueue_after_commit": True}
			self.assertEqual(self.tenant.run("frappe.enqueue", **enqueue).returncode, 0)
			self.tenant.set_access(mode, reason=REASON)
			log = self.tenant.work()
			self.assertIn(f"Background jobs do not run on this site now: its access is {mode}.", log)
			self.assertEqual(count(), before)
			self.tenant.set_access("Full")
			self.tenant.work()
			self.assertEqual(count(), before + 1)
		self.tenant.work()
		self.assertEqual(count(), 2)  # neither was done again
		with self.tenant.database() as own, own.cursor() as cursor:
			cursor.execute("delete from tabNote where title like 'by a job%'")

	def test_the_scheduler_pauses_and_goes_on(self) -> None:
		self.tenant.run("frappe.utils.scheduler.enable_scheduler")
		self.addCleanup(self.tenant.run, "frappe.utils.scheduler.disable_scheduler")
		inactive = "frappe.utils.scheduler.is_scheduler_inactive"
		self.assertEqual(self.tenant.run(inactive, verbose=False).stdout.split(), [])
		for mode in ("Read Only", "Restricted"):
			self.tenant.set_access(mode)
			self.assertEqual(self.tenant.run(inactive, verbose=False).stdout.split(), ["true"])
		self.tenant.set_access("Full")
		self.assertEqual(self.tenant.run(inactive, verbose=False).stdout.split(), [])

	def test_a_scheduler_that_the_vendor_paused_stays_so(self) -> None:
		self.tenant.configure(pause_scheduler=1)
		self.tenant.set_access("Read Only")
		self.tenant.set_access("Restricted")
		self.tenant.set_access("Full")
		config = self.tenant.config
		self.assertEqual(config.pop("pause_scheduler"), 1)
		(self.tenant.path / "site_config.json").write_text(json.dumps(config))


class TestSwitching(GuardTestCase):
	def grants(self) -> dict[str, set[str]]:
		accounts = self.tenant.rows(
			"select host from mysql.user where user = %s", self.tenant.config["db_name"]
		)
		return {
			host: {
				line
				for (line,) in self.tenant.rows(f"show grants for '{self.tenant.config['db_name']}'@'{host}'")
			}
			for (host,) in accounts
		}

	def root(self, *statements: str) -> None:
		with self.tenant.database(as_root=True) as connection, connection.cursor() as cursor:
			for statement in statements:
				cursor.execute(statement)

	def test_full_access_gives_back_exactly_what_was_there(self) -> None:
		config, grants = self.tenant.config, self.grants()
		for mode in ("Read Only", "Restricted"):
			self.assertEqual(self.tenant.set_access(mode), {"mode": mode})
			self.assertEqual(self.tenant.set_access(mode), {"mode": mode})
			self.assertEqual(self.tenant.get_access(), {"mode": mode})
			self.assertNotEqual(self.grants(), grants)
		self.assertEqual(self.tenant.set_access("Full"), {"mode": "Full"})
		self.assertEqual(self.tenant.set_access("Full"), {"mode": "Full"})
		self.assertEqual((self.tenant.config, self.grants()), (config, grants))

	def test_accounts_of_several_hosts_and_few_privileges_come_back_as_they_were(self) -> None:
		name = self.tenant.config["db_name"]
		escaped = name.replace("_", "\\_")
		self.root(
			f"create user '{name}'@'10.0.0.%' identified by 'x'",
			f"grant select, insert, update, delete, create on `{escaped}`.* to '{name}'@'10.0.0.%'",
			f"grant select, trigger on `{name}`.`tabToDo` to '{name}'@'10.0.0.%'",
		)
		self.addCleanup(self.root, f"drop user '{name}'@'10.0.0.%'")
		grants = self.grants()
		self.tenant.set_access("Read Only")
		self.assertFalse([line for line in self.grants()["10.0.0.%"] if "CREATE" in line])
		self.tenant.set_access("Full")
		self.assertEqual(self.grants(), grants)

	def test_an_account_that_may_write_everywhere_is_not_called_read_only(self) -> None:
		name = self.tenant.config["db_name"]
		self.root(
			f"create user '{name}'@'10.0.0.%' identified by 'x'",
			f"grant insert on *.* to '{name}'@'10.0.0.%'",
		)
		self.addCleanup(self.root, f"drop user '{name}'@'10.0.0.%'")
		done = self.tenant.bench("subscription-access", "set", "--mode", "Read Only")
		self.assertEqual((done.returncode, len(done.stderr.splitlines())), (1, 1), done.stderr)
		self.assertIn("INSERT on *.*", done.stderr)
		self.assertEqual(self.tenant.get_access(), {"mode": "Full"})

	def test_a_connection_from_before_does_not_write_on(self) -> None:
		with self.tenant.database() as own, own.cursor() as cursor:
			cursor.execute("update tabToDo set priority = 'High'")
			self.tenant.set_access("Read Only")
			with self.assertRaises(pymysql.err.Error):
				cursor.execute("update tabToDo set priority = 'Low'")
		self.tenant.set_access("Full")
		self.assertEqual(self.tenant.rows("select distinct priority from tabToDo"), [("High",)])

	def test_whatever_kills_it_a_second_call_completes(self) -> None:
		config, grants = self.tenant.config, self.grants()
		began = time.monotonic()
		self.tenant.set_access("Full")
		whole = time.monotonic() - began
		for mode, share in (("Read Only", 0.75), ("Full", 0.85), ("Restricted", 0.95)):
			process = self.tenant.start("subscription-access", "set", "--mode", mode)
			time.sleep(whole * share)
			os.kill(process.pid, signal.SIGKILL)
			process.wait()
			found = self.tenant.get_access()
			self.assertTrue(found["mode"] or found["problem"])
			self.assertEqual(self.tenant.set_access(mode), {"mode": mode})
		self.tenant.set_access("Full")
		self.assertEqual((self.tenant.config, self.grants()), (config, grants))

	def test_configuration_and_database_that_disagree_are_no_mode(self) -> None:
		grants = self.grants()
		self.tenant.set_access("Read Only")
		name = self.tenant.config["db_name"]
		self.root(f"grant insert on `{name}`.* to '{name}'@'%'")
		self.assertIsNone(self.tenant.get_access()["mode"])
		self.assertIn("may write", self.tenant.get_access()["problem"])
		self.tenant.set_access("Read Only")
		self.root(f"grant insert on `{name}`.`tabToDo` to '{name}'@'%'")
		self.assertIsNone(self.tenant.get_access()["mode"])
		self.tenant.set_access("Full")
		self.assertEqual(self.grants(), grants)

	def test_the_account_that_grants_is_named_in_one_of_three_ways(self) -> None:
		login, password = self.tenant.root
		bare = {name: value for name, value in self.tenant.environment.items() if name not in ROOT}
		words = ("subscription-access", "set", "--mode", "Full")
		nobody = self.tenant.bench(*words, environment=bare)
		self.assertEqual((nobody.returncode, len(nobody.stderr.splitlines())), (1, 1), nobody.stderr)
		self.assertIn("name an account that may grant", nobody.stderr)
		asked = self.tenant.bench(*words, environment={**bare, ROOT[0]: login}, text=f"{password}\n")
		self.assertEqual(asked.returncode, 0, asked.stderr)
		wrong = self.tenant.bench(*words, environment={**bare, ROOT[0]: login}, text="wrong\n")
		self.assertIn("does not let us in", wrong.stderr)
		config = self.tenant.config
		with tempfile.NamedTemporaryFile("w", suffix=".cnf") as file:
			file.write(f"[client]\nuser={login}\npassword={password}\n")
			file.flush()
			self.tenant.configure(subscription_db_root_file=file.name)
			self.assertEqual(self.tenant.bench(*words, environment=bare).returncode, 0)
		(self.tenant.path / "site_config.json").write_text(json.dumps(config, indent=1))

	def test_mistakes_are_one_line_and_change_nothing(self) -> None:
		for words, said in (
			(("set", "--mode", "Full", "--pay-at", "javascript:alert(1)"), "no http(s) address"),
			(("set", "--mode", "Restricted", "--pay-at", "http:///x"), "no http(s) address"),
		):
			done = self.tenant.bench("subscription-access", *words)
			self.assertEqual((done.returncode, len(done.stderr.splitlines())), (1, 1), done.stderr)
			self.assertIn(said, done.stderr)
		done = self.tenant.bench("subscription-usage", "--since", "yesterday")
		self.assertEqual((done.returncode, len(done.stderr.splitlines())), (1, 1), done.stderr)
		self.assertEqual(self.tenant.get_access(), {"mode": "Full"})

	def test_with_full_access_everything_works(self) -> None:
		self.tenant.set_access("Restricted")
		self.tenant.set_access("Full")
		session = self.tenant.login(CLERK)
		made = self.fetch(session, "POST", "/api/resource/Note", json={"title": "new"})
		self.assertEqual(made.status_code, 200)
		gone = self.fetch(session, "DELETE", f"/api/resource/Note/{made.json()['data']['name']}")
		self.assertEqual(gone.status_code, 202)
