"""Does the job that runs every hour bill everything that is due once, and say what it could not?"""

from datetime import date
from unittest import mock

import frappe
from frappe.utils import add_to_date, now_datetime

from subscription_mgmt.adapters.billing_runs import DOCTYPE, close
from subscription_mgmt.adapters.scheduled_runs import add_problem, batch_done, close_abandoned, open_run
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.jobs import billing as job
from subscription_mgmt.services.activate import activate
from subscription_mgmt.tests.committed import CommittedTestCase
from subscription_mgmt.tests.records import (
	charges_of,
	clock_at,
	invoices_of,
	make_contract,
	make_customer,
	make_plan,
	settings,
	state_of,
)

START = date(2026, 1, 31)
NEXT = date(2026, 2, 28)


class RunTestCase(CommittedTestCase):
	def started(self, count: int = 1, **values: object) -> list[str]:
		names = [make_contract(**{"interval": "Monthly", **values}).name for _ in range(count)]
		for name in names:
			activate(name, START, site_ports())
		frappe.db.commit()
		return names

	def run_at(self, day: date) -> frappe._dict | None:
		"""One scheduled run with its batches, one after the other, as workers would take them off the queue."""
		with clock_at(day), mock.patch.object(job.frappe, "enqueue") as enqueue:
			run = job.start_run()
			self.queued = [call.kwargs for call in enqueue.call_args_list]
			for batch in self.queued:
				job.bill_batch(batch["run"], batch["contracts"])
		return frappe.get_doc("Billing Run", run) if run else None

	def figures(self, run: frappe._dict) -> tuple:
		return run.status, run.due, run.billed, run.invoices, run.failed, run.parked, run.nothing_due

	def invoices(self, contracts: list[str]) -> list[int]:
		return [len(invoices_of(name)) for name in contracts]

	def break_invoicing_of(self, *customers: str):
		"""ERPNext refuses what these customers are to be billed."""
		from erpnext.accounts.doctype.sales_invoice.sales_invoice import SalesInvoice

		validate = SalesInvoice.validate

		def refuse(invoice):
			if invoice.customer in customers:
				frappe.throw("Account _Test Poison is frozen")
			validate(invoice)

		return mock.patch.object(SalesInvoice, "validate", refuse)


class TestRuns(RunTestCase):
	def test_the_job_run_100_times_makes_one_invoice_per_period(self):
		contracts = self.started(3)
		runs = [self.run_at(NEXT) for _ in range(100)]
		self.assertEqual(self.figures(runs[0]), ("Finished", 3, 3, 3, 0, 0, 0))
		self.assertEqual(runs[1:], [None] * 99)
		self.assertEqual(self.invoices(contracts), [2, 2, 2])
		self.assertEqual(frappe.db.count("Billing Run"), 1)

	def test_a_month_of_nights_bills_each_period_on_its_day(self):
		(contract,) = self.started()
		for day in range(1, 29):
			self.run_at(date(2026, 2, day))
		self.assertEqual(
			[str(invoice.posting_date) for invoice in invoices_of(contract)], ["2026-01-31", "2026-02-28"]
		)

	def test_due_contracts_are_dealt_out_in_batches(self):
		contracts = self.started(5)
		with settings(batch_size=2):
			run = self.run_at(NEXT)
		self.assertEqual([len(batch["contracts"]) for batch in self.queued], [2, 2, 1])
		for batch in self.queued:
			self.assertEqual(batch["job_id"], f"subscription_mgmt:bill:{batch['contracts'][0]}")
			self.assertEqual((batch["queue"], batch["deduplicate"]), ("long", True))
		self.assertEqual(
			sorted(name for batch in self.queued for name in batch["contracts"]), sorted(contracts)
		)
		self.assertEqual((run.batches, run.batches_done), (3, 3))
		self.assertEqual(self.figures(run), ("Finished", 5, 5, 5, 0, 0, 0))

	def test_a_batch_that_waits_in_the_queue_is_not_queued_again(self):
		self.started(2)
		with mock.patch("subscription_mgmt.jobs.fan_out.is_job_enqueued", return_value=True):
			self.assertIsNone(self.run_at(NEXT))
		self.assertEqual(frappe.db.count("Billing Run"), 0)

	def test_a_run_stays_open_until_its_last_batch(self):
		self.started(2)
		with settings(batch_size=1), clock_at(NEXT), mock.patch.object(job.frappe, "enqueue") as enqueue:
			run = job.start_run()
			first, second = (call.kwargs for call in enqueue.call_args_list)
			job.bill_batch(run, first["contracts"])
			self.assertEqual(frappe.db.get_value("Billing Run", run, "status"), "Running")
			job.bill_batch(run, second["contracts"])
		self.assertEqual(frappe.db.get_value("Billing Run", run, "status"), "Finished")

	def test_a_contract_whose_day_has_not_begun_in_its_zone_waits(self):
		(contract,) = self.started(time_zone="Pacific/Pago_Pago")
		from datetime import datetime, timezone

		class TwoHoursIntoTheDay(datetime):
			@classmethod
			def now(cls, tz=None):
				return datetime(2026, 2, 28, 2, tzinfo=timezone.utc).astimezone(tz)

		with (
			mock.patch("subscription_mgmt.adapters.clock.datetime", TwoHoursIntoTheDay),
			mock.patch("subscription_mgmt.jobs.fan_out.datetime", TwoHoursIntoTheDay),
			mock.patch.object(job.frappe, "enqueue") as enqueue,
		):
			run = job.start_run()
			job.bill_batch(run, enqueue.call_args.kwargs["contracts"])
		self.assertEqual(self.figures(frappe.get_doc("Billing Run", run)), ("Finished", 1, 0, 0, 0, 0, 1))
		self.assertEqual(self.invoices([contract]), [1])
		self.run_at(NEXT)
		self.assertEqual(self.invoices([contract]), [2])

	def test_an_outage_of_months_is_caught_up_on_one_invoice_each(self):
		contracts = self.started(2)
		run = self.run_at(date(2026, 6, 15))
		self.assertEqual(self.figures(run), ("Finished", 2, 2, 2, 0, 0, 0))
		self.assertEqual([invoices_of(name)[1].net_total for name in contracts], [400, 400])

	def test_the_charges_name_their_run(self):
		(contract,) = self.started()
		run = self.run_at(NEXT)
		self.assertEqual([charge.billing_run for charge in charges_of(contract)], [None, run.name])


class TestOneBadContract(RunTestCase):
	def test_the_others_are_billed_and_the_run_names_the_reason(self):
		good = self.started(4)
		(bad,) = self.started(customer=make_customer("_Test Poison"))
		before = state_of(bad)
		with self.break_invoicing_of("_Test Poison"):
			run = self.run_at(NEXT)
		self.assertEqual(self.figures(run), ("With Problems", 5, 4, 4, 1, 0, 0))
		(problem,) = run.problems
		self.assertEqual(
			(problem.subscription_contract, problem.outcome, problem.reason),
			(bad, "Failed", "Account _Test Poison is frozen"),
		)
		self.assertIn("Traceback", problem.detail)
		self.assertEqual(self.invoices(good), [2] * 4)
		self.assertEqual(state_of(bad), before)

	def test_it_is_tried_again_and_parked_when_it_failed_as_often_as_allowed(self):
		(bad,) = self.started(customer=make_customer("_Test Poison"))
		with self.break_invoicing_of("_Test Poison"):
			runs = [self.run_at(NEXT) for _ in range(4)]
		self.assertEqual(
			[self.figures(run) for run in runs[:3]],
			[
				("Nothing Billed", 1, 0, 0, 1, 0, 0),
				("Nothing Billed", 1, 0, 0, 1, 0, 0),
				("Nothing Billed", 1, 0, 0, 0, 1, 0),
			],
		)
		self.assertIsNone(runs[3])
		row = frappe.db.get_value("Subscription Contract", bad, ["parked", "parked_reason"])
		self.assertEqual(row, (1, "Account _Test Poison is frozen"))
		self.assertEqual((len(charges_of(bad)), self.invoices([bad])), (1, [1]))

	def test_once_it_succeeds_its_failures_are_forgotten(self):
		(bad,) = self.started(customer=make_customer("_Test Poison"))
		with self.break_invoicing_of("_Test Poison"):
			self.run_at(NEXT)
			self.run_at(NEXT)
		self.assertEqual(frappe.db.get_value("Subscription Contract", bad, "billing_failures"), 2)
		self.run_at(NEXT)
		self.assertEqual(frappe.db.get_value("Subscription Contract", bad, "billing_failures"), 0)
		self.assertEqual(self.invoices([bad]), [2])

	def test_what_a_rule_refuses_is_parked_at_once(self):
		(contract,) = self.started(customer=make_customer("_Test Leaver"))
		frappe.db.set_value("Customer", "_Test Leaver", "disabled", 1)
		frappe.db.commit()
		frappe.clear_document_cache("Customer", "_Test Leaver")
		before = charges_of(contract)
		run = self.run_at(NEXT)
		self.assertEqual(self.figures(run), ("Nothing Billed", 1, 0, 0, 0, 1, 0))
		self.assertEqual(run.problems[0].reason, "_Test Leaver is disabled. Enable the customer first.")
		self.assertEqual(charges_of(contract), before)
		self.assertEqual(
			frappe.db.get_value("Subscription Contract", contract, ["parked", "status", "next_billing_date"]),
			(1, "Active", NEXT),
		)

	def test_a_price_that_is_missing_is_parked_with_what_to_do(self):
		plan = make_plan("_Test Only January", prices={"Monthly": 10})
		(contract,) = self.started(plan=plan.name)
		frappe.db.set_value("Subscription Price", plan.prices[0].name, "interval", "Yearly")
		frappe.db.commit()
		frappe.clear_document_cache("Plan", plan.name)
		run = self.run_at(NEXT)
		self.assertEqual(
			run.problems[0].reason,
			"_Test Only January has no price for Monthly in USD on 02-28-2026. "
			"Add one to its prices, or choose another interval.",
		)
		self.assertEqual(frappe.db.get_value("Subscription Contract", contract, "parked"), 1)

	def test_a_parked_contract_is_left_out(self):
		good, parked = self.started(2)
		frappe.db.set_value("Subscription Contract", parked, {"parked": 1, "parked_reason": "Test"})
		frappe.db.commit()
		self.assertEqual(self.run_at(NEXT).due, 1)
		self.assertEqual(self.invoices([good, parked]), [2, 1])

	def test_parked_after_it_was_queued_it_is_left_alone(self):
		(contract,) = self.started()
		with clock_at(NEXT), mock.patch.object(job.frappe, "enqueue") as enqueue:
			run = job.start_run()
			frappe.db.set_value("Subscription Contract", contract, {"parked": 1, "parked_reason": "Test"})
			frappe.db.commit()
			job.bill_batch(run, enqueue.call_args.kwargs["contracts"])
		self.assertEqual(self.invoices([contract]), [1])

	def test_a_contract_deleted_after_it_was_queued_stops_nothing(self):
		(good,) = self.started()
		with clock_at(NEXT):
			run = open_run(DOCTYPE, due=2, batches=1)
			job.bill_batch(run, ["SUB-gone", good])
		self.assertEqual(self.figures(frappe.get_doc("Billing Run", run)), ("Finished", 2, 1, 1, 0, 0, 1))
		self.assertEqual(self.invoices([good]), [2])

	def test_a_problem_of_a_contract_that_is_gone_does_not_keep_the_run_open(self):
		with clock_at(NEXT):
			run = open_run(DOCTYPE, due=1, batches=1)
			add_problem(DOCTYPE, run, "SUB-gone", "Failed", "Test")
			job.bill_batch(run, [])
		self.assertEqual(frappe.db.get_value("Billing Run", run, "status"), "Nothing Billed")

	def test_a_run_that_bills_nothing_of_what_is_due_raises_an_alert(self):
		self.started(2, customer=make_customer("_Test Poison"))
		with self.break_invoicing_of("_Test Poison"):
			run = self.run_at(NEXT)
		self.assertEqual(run.status, "Nothing Billed")
		self.assertTrue(
			frappe.db.exists("Notification", {"document_type": "Billing Run", "enabled": 1}),
			"nobody is told of a run that billed nothing",
		)


class TestAbandonedRuns(RunTestCase):
	def test_a_run_whose_workers_are_gone_is_closed_and_the_rest_is_billed(self):
		contracts = self.started(2)
		with clock_at(NEXT), mock.patch.object(job.frappe, "enqueue") as enqueue:
			dead = job.start_run()
			ports = site_ports(billing_run=dead)
			job.bill_one(dead, enqueue.call_args.kwargs["contracts"][0], ports)
		three_hours_ago = add_to_date(now_datetime(), hours=-3)
		frappe.db.set_value("Billing Run", dead, "modified", three_hours_ago, update_modified=False)
		frappe.db.commit()

		run = self.run_at(NEXT)
		self.assertEqual(self.figures(run), ("Finished", 1, 1, 1, 0, 0, 0))
		closed = frappe.get_doc("Billing Run", dead)
		self.assertEqual(
			(closed.status, closed.due, closed.billed, closed.invoices), ("Interrupted", 2, 1, 1)
		)
		self.assertEqual(self.invoices(contracts), [2, 2])

	def test_a_long_run_whose_batches_go_on_is_not_closed(self):
		run = open_run(DOCTYPE, due=2, batches=2)
		long_ago = {
			"started_at": add_to_date(now_datetime(), hours=-9),
			"modified": add_to_date(now_datetime(), hours=-9),
		}
		frappe.db.set_value("Billing Run", run, long_ago, update_modified=False)
		batch_done(DOCTYPE, run, close)
		close_abandoned(DOCTYPE, close)
		frappe.db.commit()
		self.assertEqual(frappe.db.get_value("Billing Run", run, "status"), "Running")

	def test_a_run_that_is_still_at_work_is_not_closed(self):
		self.started()
		with clock_at(NEXT), mock.patch.object(job.frappe, "enqueue"):
			run = job.start_run()
			close_abandoned(DOCTYPE, close)
		self.assertEqual(frappe.db.get_value("Billing Run", run, "status"), "Running")
