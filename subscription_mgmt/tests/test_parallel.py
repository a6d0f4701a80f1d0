"""Do parallel workers, a killed one and impatient people bill anything twice, or lose anything?"""

import os
import random
import signal
import time
from datetime import date
from unittest import mock

import frappe
from frappe.utils.background_jobs import get_queue
from rq import SimpleWorker

from subscription_mgmt.adapters.billing_runs import DOCTYPE as BILLING_RUN
from subscription_mgmt.adapters.contract_records import DOCTYPE
from subscription_mgmt.adapters.scheduled_runs import open_run
from subscription_mgmt.api import contract as buttons
from subscription_mgmt.jobs import billing as job
from subscription_mgmt.tests.processes import Processes, together
from subscription_mgmt.tests.records import (
	charges_of,
	clock_at,
	invoices_of,
	make_contract,
	make_customer,
	make_pack,
	waiting_charges_of,
)
from subscription_mgmt.tests.test_runs import NEXT, RunTestCase

FULL = bool(os.environ.get("SUBSCRIPTION_MGMT_FULL"))


class ParallelTestCase(RunTestCase):
	def running(self, count: int, customer: str | None = None) -> list[str]:
		"""Active monthly contracts that were charged until NEXT, made at once and without their past."""
		template = make_contract(interval="Monthly", customer=customer or make_customer())
		row = frappe.db.get_value(DOCTYPE, template.name, "*", as_dict=True)
		template.delete()
		row.update({"status": "Active", "anchor": NEXT, "next_billing_date": NEXT})
		row.update({"activity_number": 0, "activity_hash": None})
		names = [f"_Test-{frappe.generate_hash(length=6)}-{n:04}" for n in range(count)]
		frappe.db.bulk_insert(DOCTYPE, list(row), [tuple((row | {"name": name}).values()) for name in names])
		frappe.db.commit()
		return names

	def open_run(self, due: int, batches: int) -> str:
		run = open_run(BILLING_RUN, due=due, batches=batches)
		frappe.db.commit()
		return run

	def assert_billed_once(self, contracts: list[str], amount: float = 100) -> None:
		"""One submitted invoice each for the period that began, with ledger entries and its charge on it."""
		frappe.db.rollback()
		one_each = dict.fromkeys(contracts, 1)
		for doctype, filters in (
			("Sales Invoice", {"docstatus": 1, "grand_total": amount}),
			("Sales Invoice", {}),
			("Contract Charge", {"sales_invoice": ["is", "set"], "period_start": NEXT}),
			("Contract Charge", {}),
		):
			rows = frappe.get_all(
				doctype,
				{**filters, "subscription_contract": ["in", contracts]},
				["subscription_contract", "count(name) as n"],
				group_by="subscription_contract",
			)
			self.assertEqual({row.subscription_contract: row.n for row in rows}, one_each, (doctype, filters))
		invoices = frappe.get_all("Sales Invoice", {"subscription_contract": ["in", contracts]}, pluck="name")
		debits = frappe.get_all(
			"GL Entry",
			{"voucher_no": ["in", invoices], "is_cancelled": 0},
			["sum(debit) as debit", "sum(credit) as credit"],
		)[0]
		self.assertEqual((debits.debit, debits.credit), (amount * len(contracts),) * 2)
		dates = frappe.get_all(DOCTYPE, {"name": ["in", contracts]}, pluck="next_billing_date", distinct=True)
		self.assertEqual(dates, [date(2026, 3, 28)])


class TestParallel(ParallelTestCase):
	def test_eight_workers_on_the_same_contracts_make_one_invoice_each(self):
		contracts = self.running(12)
		run = self.open_run(due=len(contracts), batches=8)
		with clock_at(NEXT):
			processes = Processes(8)
			for seed in range(8):
				mixed = random.Random(seed).sample(contracts, len(contracts))
				processes.start(job.bill_batch, run, mixed)
			self.assertEqual(processes.outcomes(), ["None"] * 8)
		self.assert_billed_once(contracts)
		record = frappe.get_doc("Billing Run", run)
		self.assertEqual(self.figures(record), ("Finished", 12, 12, 12, 0, 0, 0))
		self.assertEqual(record.batches_done, 8)

	def test_eight_scheduled_runs_at_once_make_one_invoice_each(self):
		contracts = self.running(8)
		self.open_run(due=0, batches=1)  # MariaDB deadlocks on the first number of a series

		def scheduled() -> None:
			with mock.patch.object(job.frappe, "enqueue") as enqueue:
				job.start_run()
			for call in enqueue.call_args_list:
				job.bill_batch(call.kwargs["run"], call.kwargs["contracts"])

		with clock_at(NEXT):
			self.assertEqual(together(8, scheduled), ["None"] * 8)
		self.assert_billed_once(contracts)

	def test_of_two_activations_at_once_one_wins(self):
		contract = make_contract(interval="Monthly", start_date=NEXT).name
		frappe.db.commit()
		with clock_at(NEXT):
			outcomes = together(4, buttons.activate, contract)
		self.assertEqual(
			sorted(outcomes),
			sorted(["None", *[f"{contract} is Active already. Reload it to see what was done."] * 3]),
		)
		self.assert_billed_once([contract])

	def test_of_two_clicks_on_bill_now_one_bills(self):
		(contract,) = self.running(1)
		with clock_at(NEXT):
			self.assertEqual(together(4, buttons.bill_now, contract), ["None"] * 4)
		self.assert_billed_once([contract])

	def test_two_people_who_un_park_bill_what_waits_once(self):
		(contract,) = self.started()
		(invoice,) = invoices_of(contract)
		invoice.cancel()
		frappe.db.commit()
		with clock_at(date(2026, 2, 5)):
			outcomes = together(3, buttons.unpark, contract)
		self.assertIn("None", outcomes)
		self.assertEqual([invoice.docstatus for invoice in invoices_of(contract)], [2, 1], outcomes)
		self.assertEqual(waiting_charges_of(contract), [])

	def test_two_people_who_add_a_pack_both_get_it(self):
		(contract,) = self.started()
		pack = make_pack().name
		frappe.db.commit()
		with clock_at(date(2026, 2, 14)):
			self.assertEqual(together(3, buttons.add_pack, contract, pack, 2), ["None"] * 3)
		self.assertEqual(frappe.db.count("Contract Pack", {"parent": contract}), 3)
		packs = [charge.amount for charge in charges_of(contract) if charge.kind == "pack"]
		self.assertEqual(packs, [10, 10, 10])
		self.assertEqual(len(invoices_of(contract)), 4)


class TestKilled(ParallelTestCase):
	def test_a_worker_killed_twice_in_the_middle_doubles_and_loses_nothing(self):
		contracts = self.running(24)
		with clock_at(NEXT):
			for enough in (4, 11):
				run = self.open_run(due=len(contracts), batches=1)
				processes = Processes(1)
				process = processes.start(job.bill_batch, run, contracts)
				self.wait_for_invoices(enough)
				time.sleep(random.random() / 4)
				os.kill(process.pid, signal.SIGKILL)
				process.join()
				self.assertEqual(process.exitcode, -signal.SIGKILL)
			frappe.db.rollback()
			billed = frappe.db.count("Sales Invoice", {"subscription_contract": ["in", contracts]})
			self.assertLess(billed, len(contracts), "the worker was done before it was killed")
			run = self.run_at(NEXT)
		self.assertEqual((run.status, run.due), ("Finished", len(contracts) - billed))
		self.assert_billed_once(contracts)

	def wait_for_invoices(self, enough: int) -> None:
		deadline = time.monotonic() + 60
		while time.monotonic() < deadline:
			frappe.db.rollback()
			if frappe.db.count("Sales Invoice") >= enough:
				return
			time.sleep(0.01)
		self.fail("no invoices within a minute")


class TestQueue(ParallelTestCase):
	def test_the_batches_go_through_redis_once(self):
		contracts = self.running(4)
		# A queue of its own: workers of the bench leave it alone.
		with (
			mock.patch("frappe.utils.background_jobs.get_bench_id", return_value="subscription-mgmt-tests"),
			clock_at(NEXT),
		):
			queue = get_queue("long")
			self.addCleanup(queue.delete, delete_jobs=True)
			run = job.start_run()
			self.assertEqual((queue.count, frappe.db.get_value("Billing Run", run, "due")), (1, 4))
			self.assertIsNone(job.start_run(), "queued twice")
			self.assertEqual(queue.count, 1)
			self.assertEqual(together(1, work_off, "long"), ["True"])
			self.assertEqual(frappe.db.get_value("Billing Run", run, "status"), "Finished")
			self.assert_billed_once(contracts)
			self.assertIsNone(job.start_run())


def work_off(queue: str) -> bool:
	worker = get_queue(queue)
	return SimpleWorker([worker], connection=worker.connection).work(burst=True, logging_level="WARNING")


class TestOnePoisonedOfMany(ParallelTestCase):
	def test_all_but_the_poisoned_one_are_billed(self):
		"""1,000 with SUBSCRIPTION_MGMT_FULL=1, else 100."""
		many = 1000 if FULL else 100
		contracts = self.running(many - 1)
		(poisoned,) = self.running(1, customer=make_customer("_Test Poison"))
		mixed = sorted([*contracts, poisoned])
		half = len(mixed) // 2
		run = self.open_run(due=many, batches=2)
		with clock_at(NEXT), self.break_invoicing_of("_Test Poison"):
			processes = Processes(2)
			for batch in (mixed[:half], mixed[half:]):
				processes.start(job.bill_batch, run, batch)
			self.assertEqual(processes.outcomes(timeout=900), ["None"] * 2)
		record = frappe.get_doc("Billing Run", run)
		self.assertEqual(self.figures(record), ("With Problems", many, many - 1, many - 1, 1, 0, 0))
		self.assertEqual([row.subscription_contract for row in record.problems], [poisoned])
		self.assert_billed_once(contracts)
		self.assertEqual((charges_of(poisoned), invoices_of(poisoned)), ([], []))
