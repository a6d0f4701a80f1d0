"""Does what a contract says really happen to a system, whatever becomes of the workers?"""

import io
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from unittest import addModuleCleanup

import frappe
from erpnext.accounts.doctype.payment_entry.payment_entry import get_payment_entry
from frappe.model.base_document import get_controller
from frappe.utils import get_bench_path, now_datetime

from subscription_mgmt.adapters import operation_records
from subscription_mgmt.adapters.operation_records import claim, order
from subscription_mgmt.adapters.runners import Runner
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.adapters.site_hosting import SURE_FOR, want
from subscription_mgmt.api import hosting as hosting_api
from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.bench_argv import alone
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.operations import MOST_TRIES, Kind
from subscription_mgmt.engine.systems import Access, System
from subscription_mgmt.jobs import hosting as job
from subscription_mgmt.services.activate import activate
from subscription_mgmt.services.look_after import look_after
from subscription_mgmt.services.settle import settle
from subscription_mgmt.tests.hosting import (
	POOL,
	SERVER,
	HostingTestCase,
	bench_provider,
	check_bench,
	drop_tenant,
	make_instance,
	make_server,
	nobody_woken,
	root_password,
	tenant_name,
)
from subscription_mgmt.tests.processes import Processes, together
from subscription_mgmt.tests.records import invoices_of, make_contract, make_plan, make_user
from subscription_mgmt.tests.test_lifecycle import make_policy

WORD = "life"


def setUpModule() -> None:
	check_bench()
	drop_tenant(WORD)
	addModuleCleanup(drop_tenant, WORD)


class OnATenant(HostingTestCase):
	def tenant(self) -> str:
		"""The module's tenant, in full use, on this test's own records."""
		make_server()
		if not frappe.db.exists("Hosted Instance", tenant_name(WORD)):
			make_instance(tenant_name(WORD))
		provider, system = bench_provider(), System(tenant_name(WORD), SERVER)
		provider.provision(system)
		provider.set_access(system, Access(Mode.FULL))
		values = {"wanted_mode": "Full", "actual_mode": "Full"}
		frappe.db.set_value("Hosted Instance", system.site, values)
		frappe.db.commit()
		return system.site

	def wait_until(self, is_so: Callable[[], bool], seconds: int = 60) -> None:
		deadline = time.monotonic() + seconds
		while not is_so():
			self.assertLess(time.monotonic(), deadline, self.problems())
			time.sleep(0.2)

	def done_after_back_off(self, name: str) -> bool:
		"""The killed worker's own command may be at it still: then the next try waits."""
		if self.operation(name).status == "Queued":
			frappe.db.set_value("Hosting Operation", name, "due_at", now_datetime())
			frappe.db.commit()
			job.work(name)
		return self.operation(name).status == "Done"


class TestAContractAndItsSystem(OnATenant):
	"""The first test by name makes the system that the others use; each sets it to full use first."""

	def test_a_contract_that_begins_gets_its_system_made_and_opened(self):
		drop_tenant(WORD)
		server = make_server(database_password="quite wrong")
		frappe.get_doc(
			{"doctype": "Hosting Server", "server_name": "_Test Full", "pool": POOL, "capacity": 0}
		).insert()
		contract = make_contract(
			plan=make_plan("_Test Hosted", server_pool=POOL).name, instance=tenant_name(WORD)
		)
		activate(contract.name, contract.start_date, site_ports())
		frappe.db.commit()
		instance = frappe.get_doc("Hosted Instance", tenant_name(WORD))
		self.assertEqual((instance.hosting_server, instance.provider), (SERVER, "Bench"))
		self.assertEqual((instance.wanted_mode, instance.actual_mode), ("Full", ""))
		self.work_off()
		((made, tries, problem, output), (opened, *_others)) = self.operations(
			"status", "tries", "problem", "output"
		)
		self.assertEqual((made, tries, opened), ("Queued", 1, "Queued"), "nothing is opened that is not made")
		self.assertIn("Access denied", problem)
		self.assertNotIn("quite wrong", problem + output)
		server.update({"database_password": root_password()}).save()
		frappe.db.set_value("Hosting Operation", {"kind": "Provision"}, "due_at", now_datetime())
		self.work_off()
		self.assertEqual(
			self.operations("kind", "status", "tries"),
			[("Provision", "Done", 2), ("Set Access", "Done", 1)],
			self.problems(),
		)
		instance.reload()
		self.assertEqual((instance.actual_mode, instance.version.split()[0]), ("Full", "frappe"))
		self.assertIs(bench_provider().access(System(instance.name, SERVER)), Mode.FULL)
		self.assertEqual(len(instance.get_password("administrator_password")), 20)

	def test_what_is_owed_restricts_the_system_and_paying_opens_it_within_a_minute(self):
		instance = self.tenant()
		provider, system = bench_provider(), System(instance, SERVER)
		plan = make_plan("_Test Dunned", dunning_policy=make_policy(), server_pool=POOL).name
		contract = make_contract(instance=instance, plan=plan)
		activate(contract.name, contract.start_date, site_ports())
		for day in range(1, 12):
			look_after(contract.name, contract.start_date + timedelta(days=day), site_ports())
		frappe.db.commit()
		self.assertEqual(frappe.db.get_value("Subscription Contract", contract.name, "status"), "Suspended")
		self.work_off()
		self.assertIs(provider.access(system), Mode.RESTRICTED, self.problems())
		config = frappe.get_file_json(frappe.get_site_path("..", instance, "site_config.json"))
		access = config["subscription_access"]
		self.assertEqual(
			access["reason"], "An invoice is unpaid. Pay it, and this system opens again within a minute."
		)
		self.assertTrue(access["pay_at"].endswith("/services"), access["pay_at"])
		self.assertTrue(site_ports().hosting.is_in_force(instance, Mode.RESTRICTED))
		payment = get_payment_entry("Sales Invoice", invoices_of(contract.name)[0].name)
		payment.update({"reference_no": "1", "reference_date": contract.start_date})
		payment.insert().submit()
		frappe.db.commit()
		began = time.monotonic()
		settle(
			contract.name, contract.start_date + timedelta(days=11), site_ports()
		)  # the payment's event has it done
		frappe.db.commit()
		self.assertEqual(self.woken.call_args.kwargs["at_front"], True)
		self.work_off()
		self.assertIs(provider.access(system), Mode.FULL, self.problems())
		self.assertLess(time.monotonic() - began, 60)
		self.assertFalse(site_ports().hosting.is_in_force(instance, Mode.RESTRICTED))

	def test_the_newest_mode_wins(self):
		instance = self.tenant()
		for mode in (Mode.RESTRICTED, Mode.READ_ONLY, Mode.FULL):
			want(instance, mode)
			order(instance, Kind.SET_ACCESS, mode)
		self.work_off()
		self.assertEqual(
			self.operations("mode", "status"),
			[("Restricted", "Superseded"), ("Read Only", "Superseded"), ("Full", "Done")],
			self.problems(),
		)

	def test_what_is_done_is_forgotten_and_what_failed_is_not(self):
		instance = make_instance("hosting-nobody.localhost", make_server().name)
		for kind, status in ((Kind.UPDATE, "Done"), (Kind.BACK_UP, "Failed"), (Kind.RESTORE, "Queued")):
			name = order(instance, kind)
			old = {"status": status, "creation": now_datetime() - timedelta(days=181)}
			frappe.db.set_value("Hosting Operation", name, old)
		get_controller("Hosting Operation").clear_old_logs(180)
		frappe.db.commit()
		self.assertEqual(set(self.operations("status")), {("Failed",), ("Queued",)})

	def test_an_order_that_is_no_longer_wanted_is_not_carried_out(self):
		instance = self.tenant()
		want(instance, Mode.RESTRICTED)
		name = order(instance, Kind.SET_ACCESS, Mode.RESTRICTED)
		want(instance, Mode.FULL)  # and the order for it was lost
		self.work_off()
		self.assertEqual(self.operation(name).status, "Superseded")
		self.assertIs(bench_provider().access(System(instance, SERVER)), Mode.FULL)

	def test_what_differs_from_what_is_wanted_is_ordered_again(self):
		instance = self.tenant()
		want(instance, Mode.READ_ONLY)
		frappe.db.commit()
		job.drive()
		job.drive()
		self.assertEqual(self.operations("kind", "mode", "status"), [("Set Access", "Read Only", "Queued")])
		self.work_off()
		self.assertEqual(frappe.db.get_value("Hosted Instance", instance, "actual_mode"), "Read Only")
		job.drive()
		self.assertEqual(len(self.operations("name")), 1)

	def test_a_restriction_that_somebody_lifted_by_hand_is_noticed_and_put_back(self):
		instance = self.tenant()
		want(instance, Mode.RESTRICTED)
		order(instance, Kind.SET_ACCESS, Mode.RESTRICTED)
		self.work_off()
		hosting = site_ports().hosting
		self.assertTrue(hosting.is_in_force(instance, Mode.RESTRICTED))
		bench_provider().set_access(System(instance, SERVER), Access(Mode.FULL))
		long_ago = now_datetime() - SURE_FOR - timedelta(minutes=1)
		frappe.db.set_value("Hosted Instance", instance, "confirmed_at", long_ago)
		self.assertFalse(hosting.is_in_force(instance, Mode.RESTRICTED))
		frappe.db.commit()
		job.drive()
		self.work_off()
		self.assertTrue(hosting.is_in_force(instance, Mode.RESTRICTED))
		self.assertIs(bench_provider().access(System(instance, SERVER)), Mode.RESTRICTED)

	def test_a_worker_killed_in_the_middle_is_followed_by_another(self):
		instance = self.tenant()
		want(instance, Mode.RESTRICTED)
		name = order(instance, Kind.SET_ACCESS, Mode.RESTRICTED)
		frappe.db.commit()
		processes = Processes(1)
		worker = processes.start(job.work, name)
		self.wait_until(lambda: self.operation(name).status == "Running")
		time.sleep(0.5)  # the bench's own command has begun
		os.kill(worker.pid, signal.SIGKILL)
		worker.join()
		self.assertEqual(worker.exitcode, -signal.SIGKILL)
		self.assertEqual(self.operation(name).status, "Running")
		job.drive()
		self.assertEqual(self.operation(name).status, "Running", "the lease has not run out")
		self.assertIsNone(claim(name, "another"))
		frappe.db.set_value("Hosting Operation", name, "lease_until", now_datetime() - timedelta(seconds=1))
		frappe.db.commit()
		job.drive()
		self.assertEqual(self.operation(name).status, "Queued")
		self.wait_until(lambda: self.done_after_back_off(name))
		self.assertGreaterEqual(self.operation(name).tries, 2)
		self.assertIs(bench_provider().access(System(instance, SERVER)), Mode.RESTRICTED)

	def test_of_two_workers_one_gets_the_operation_and_one_system_has_one_at_a_time(self):
		instance = make_instance("hosting-nobody.localhost", make_server().name)
		first = order(instance, Kind.UPDATE)
		second = order(instance, Kind.RESTORE)
		frappe.db.commit()
		claimed = together(4, claim_one, first)
		self.assertEqual(sorted(each == "None" for each in claimed), [False, True, True, True])
		self.assertEqual(together(2, claim_one, second), ["None", "None"])
		want(instance, Mode.FULL)
		paid = order(instance, Kind.SET_ACCESS, Mode.FULL)
		frappe.db.commit()
		self.assertIsNone(claim(paid, "w"), "an update is not a backup")
		frappe.db.set_value("Hosting Operation", first, "kind", "Back Up")
		frappe.db.commit()
		self.assertIsNotNone(claim(paid, "w"), "who paid waits for no backup")

	def test_a_worker_that_lost_its_lease_writes_nothing(self):
		instance = make_instance("hosting-nobody.localhost", make_server().name)
		name = order(instance, Kind.UPDATE)
		frappe.db.commit()
		todo, lease = claim(name, "slow")
		frappe.db.set_value("Hosting Operation", name, "lease_until", now_datetime() - timedelta(seconds=1))
		frappe.db.commit()
		job.drive()
		again, newer = claim(name, "quick")
		self.assertFalse(operation_records.finish(todo, lease, "done", result="stale"))
		self.assertTrue(operation_records.finish(again, newer, "done", result="fresh"))
		frappe.db.commit()
		self.assertEqual((self.operation(name).result, self.operation(name).tries), ("fresh", 2))

	def test_a_full_server_takes_the_next_heavy_one_when_a_slot_is_free(self):
		make_server(parallel=1)
		one, two = (make_instance(f"hosting-{n}.localhost") for n in ("one", "two"))
		first, second = order(one, Kind.UPDATE), order(two, Kind.UPDATE)
		want(two, Mode.FULL)
		frappe.db.commit()
		todo, lease = claim(first, "w")
		self.assertIsNone(claim(second, "w"))
		access = order(two, Kind.SET_ACCESS, Mode.FULL)
		frappe.db.commit()
		self.assertIsNotNone(claim(access, "w"), "access needs no slot")
		operation_records.finish(todo, lease, "done")
		frappe.db.set_value("Hosting Operation", access, "status", "Done")
		frappe.db.commit()
		self.assertIsNotNone(claim(second, "w"))

	def test_a_given_up_operation_is_a_task_that_trying_again_closes(self):
		make_user("_test_operator@example.com", "Subscription Manager")
		instance = self.tenant()
		server = frappe.get_doc("Hosting Server", SERVER)
		server.update({"database_password": "quite wrong"}).save()
		want(instance, Mode.READ_ONLY)
		name = order(instance, Kind.SET_ACCESS, Mode.READ_ONLY)
		frappe.db.set_value("Hosting Operation", name, "tries", MOST_TRIES - 1)
		frappe.db.commit()
		job.work(name)
		failed = self.operation(name)
		self.assertEqual((failed.status, failed.tries), ("Failed", MOST_TRIES))
		self.assertNotIn("quite wrong", f"{failed.problem} {failed.output}")
		tasks = {"reference_type": "Hosting Operation", "reference_name": name}
		self.assertEqual(frappe.get_all("ToDo", tasks, pluck="status"), ["Open"])
		noticed = frappe.get_all("Notification Log", {"document_name": name}, pluck="for_user")
		self.assertIn("_test_operator@example.com", noticed)
		job.drive()
		self.assertEqual(len(self.operations("name")), 1, "not ordered again for an hour")
		server.update({"database_password": root_password()}).save()
		hosting_api.try_again(name)
		self.work_off()
		self.assertEqual(self.operation(name).status, "Done", self.problems())
		self.assertEqual(frappe.get_all("ToDo", tasks, pluck="status"), ["Closed"])


class TestWhatGoesWrong(OnATenant):
	def test_a_dump_for_which_there_is_no_room_leaves_nothing_that_looks_like_one(self):
		system = System(self.tenant(), SERVER)
		with self.assertRaises(DomainError) as refused:
			bench_provider(SmallDisk()).back_up(system, "too-big")
		self.assertEqual(refused.exception.code, "provider_failed")
		folder = Path(bench_provider().backups_of(system))
		self.assertFalse((folder / "too-big").exists())
		files = bench_provider().back_up(system, "too-big")
		self.assertEqual({each.kind for each in files}, {"database", "public", "private", "config"})

	def test_a_file_for_which_there_is_no_room_replaces_nothing(self):
		system = System(self.tenant(), SERVER)
		path = f"{bench_provider().backups_of(system)}/kept.bin"
		bench_provider().write(system, path, io.BytesIO(b"before"))
		with self.assertRaises(DomainError):
			bench_provider(SmallDisk()).write(system, path, io.BytesIO(b"x" * 1_000_000))
		self.assertEqual(Path(path).read_bytes(), b"before")

	def test_a_restricted_system_is_backed_up_still(self):
		system = System(self.tenant(), SERVER)
		bench_provider().set_access(system, Access(Mode.RESTRICTED, "unpaid"))
		files = bench_provider().back_up(system, "restricted")
		self.assertEqual({each.kind for each in files}, {"database", "public", "private", "config"})
		bench_provider().restore(system, files)
		self.assertIs(bench_provider().access(system), Mode.RESTRICTED, "a restore opens nothing")

	def test_a_site_that_is_there_already_and_is_not_ours_is_left_alone(self):
		name = tenant_name("foreign")
		folder = Path(get_bench_path(), "sites", name)
		folder.mkdir()
		self.addCleanup(folder.rmdir)
		with self.assertRaises(DomainError):
			bench_provider().provision(System(name, SERVER))
		self.assertEqual(list(folder.iterdir()), [])

	def test_two_commands_do_not_change_one_system_at_once(self):
		system = System(self.tenant(), SERVER)
		words = alone(bench_provider()._bench, system.site, ["sh", "-c", "echo begun; cat"])
		with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
			self.assertEqual(other.stdout.readline(), b"begun\n")
			with self.assertRaises(DomainError) as refused:
				bench_provider().set_access(system, Access(Mode.READ_ONLY))
			other.stdin.close()
			self.assertEqual(other.wait(10), 0)
		self.assertEqual(refused.exception.code, "system_busy")
		bench_provider().set_access(system, Access(Mode.READ_ONLY))
		self.assertIs(bench_provider().access(system), Mode.READ_ONLY)

	def test_what_lies_outside_of_a_systems_own_backups_is_not_read(self):
		system = System(self.tenant(), SERVER)
		site = Path(get_bench_path(), "sites", system.site).resolve()
		for path in (
			f"{site}/site_config.json",
			"/etc/passwd",
			f"{site}/private/backups/../../site_config.json",
		):
			with self.assertRaises(DomainError) as refused:
				with bench_provider().read(system, path) as stream:
					stream.read()
			self.assertEqual(refused.exception.code, "word_refused")

	def test_names_that_could_harm_do_not_become_instances_of_a_machine(self):
		make_server()
		for name in ("--force", "../t2.localhost", "a b.example", "x;id.example", "UPPER.example"):
			with self.assertRaises(frappe.ValidationError):
				make_instance(name)
		with self.assertRaises(frappe.LinkValidationError):
			make_instance("fine.example", "no such server")
		for apps in ("--force", "erpnext; id", "../x"):
			with self.assertRaises(frappe.ValidationError):
				make_instance("fine.example", apps=apps)

	def test_of_two_contracts_at_once_one_gets_the_last_place(self):
		make_server(capacity=1)
		plan = make_plan("_Test Hosted", server_pool=POOL).name
		names = [make_contract(plan=plan, instance=f"hosting-{n}.localhost").name for n in ("one", "two")]
		frappe.db.commit()
		processes = Processes(2)
		for name in names:
			processes.start(activate_one, name)
		self.assertEqual(processes.outcomes(), ["Active", "Active"], "the contract starts in any case")
		placed = frappe.get_all("Hosted Instance", pluck="hosting_server", order_by="hosting_server")
		self.assertEqual(placed, [None, SERVER])
		tasks = frappe.get_all("ToDo", {"reference_type": "Hosted Instance"}, pluck="description")
		self.assertTrue(any("has room for" in task for task in tasks), tasks)


class SmallDisk(Runner):
	"""A machine on which no file grows beyond 100 kB."""

	@contextmanager
	def _words(self, argv: Sequence[str]) -> Iterator[list[str]]:
		yield ["prlimit", "--fsize=100000", *argv]


def activate_one(name: str) -> str:
	with nobody_woken():
		activate(name, date(2026, 1, 31), site_ports())
		frappe.db.commit()
	return frappe.db.get_value("Subscription Contract", name, "status")


def claim_one(name: str) -> object:
	claimed = claim(name, "worker")
	return claimed and claimed[0].name
