"""Do real invoices, payments and e-mails move a contract as the rules say?"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from unittest import mock

import frappe
from erpnext.accounts.doctype.payment_entry.payment_entry import get_payment_entry
from erpnext.controllers.sales_and_purchase_return import make_return_doc
from frappe.tests.utils import FrappeTestCase

from subscription_mgmt.adapters.manual_hosting import confirm_final_backup, confirm_mode, release_deletion
from subscription_mgmt.adapters.scheduled_runs import open_run
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.engine.periods import Interval
from subscription_mgmt.jobs.lifecycle import look_after_batch
from subscription_mgmt.refusals import refusals_worded
from subscription_mgmt.services.activate import activate
from subscription_mgmt.services.cancel import cancel_now
from subscription_mgmt.services.change_plan import change_plan
from subscription_mgmt.services.hold import hold, release
from subscription_mgmt.services.look_after import look_after
from subscription_mgmt.services.settle import settle
from subscription_mgmt.tests.records import invoices_of, make_contract, make_customer, make_plan

DAY = timedelta(days=1)


def make_policy() -> str:
	name = "_Test Standard"
	if not frappe.db.exists("Dunning Policy", name):
		frappe.get_doc(
			{
				"doctype": "Dunning Policy",
				"policy_name": name,
				"remind_days": [{"day": 1}, {"day": 5}],
				"restrict_after_days": 10,
				"delete_after_restriction_days": 30,
				"deletion_notice_days": [{"day": 15}, {"day": 7}, {"day": 1}],
			}
		).insert()
	return name


class TestLifecycle(FrappeTestCase):
	def setUp(self):
		frappe.db.savepoint("before_test")
		plan = make_plan("_Test Dunned", dunning_policy=make_policy(), notice_days=30, refundable=1, tier=1)
		customer = make_customer("_Test Late Payer", email_id="late@example.com", language="es")
		frappe.db.set_value("Customer", customer, "email_id", "late@example.com")
		self.contract = make_contract(plan=plan.name, customer=customer, instance="late.example")
		self.start = date(2026, 1, 31)
		activate(self.contract.name, self.start, site_ports())

	def tearDown(self):
		frappe.db.rollback(save_point="before_test")

	def live(self, days: int, since: int = 1) -> date:
		"""Look after the contract every day from `since` to `days` after its start; the last day."""
		for n in range(since, days + 1):
			look_after(self.contract.name, self.start + n * DAY, site_ports())
		return self.start + days * DAY

	def status(self) -> str:
		return frappe.db.get_value("Subscription Contract", self.contract.name, "status")

	def pay(self, invoice: str | None = None):
		payment = get_payment_entry("Sales Invoice", invoice or invoices_of(self.contract.name)[0].name)
		payment.reference_no, payment.reference_date = "1", date(2026, 3, 1)
		payment.insert()
		payment.submit()
		return payment

	def mails(self) -> list[str]:
		return frappe.get_all(
			"Email Queue",
			{"reference_name": self.contract.name},
			pluck="message",
			order_by="creation",
		)

	def test_unpaid_is_reminded_in_the_customers_language_then_suspended(self):
		self.live(9)
		self.assertEqual(self.status(), "Past Due")
		self.assertEqual(len(self.mails()), 2)
		self.assertIn("Recordatorio", self.mails()[0])
		self.live(10, since=10)
		self.assertEqual(self.status(), "Suspended")
		instance = frappe.get_doc("Hosted Instance", "late.example")
		self.assertEqual(instance.wanted_mode, "Restricted")
		self.assertTrue(frappe.db.exists("ToDo", {"reference_name": "late.example", "status": "Open"}))

	def test_looking_twice_on_a_day_sends_one_reminder(self):
		self.live(1)
		self.live(1)
		self.assertEqual(len(self.mails()), 1)

	def test_a_payment_entry_brings_full_access_back_and_its_cancellation_counts_back(self):
		self.live(10)
		payment = self.pay()
		settle_contract_on(self.contract.name, self.start + 11 * DAY)
		self.assertEqual(self.status(), "Active")
		self.assertEqual(frappe.db.get_value("Hosted Instance", "late.example", "wanted_mode"), "Full")
		payment.cancel()
		settle_contract_on(self.contract.name, self.start + 12 * DAY)
		self.assertEqual(self.status(), "Past Due")

	def test_a_payment_and_its_cancellation_are_heard(self):
		self.live(10)
		with heard_contracts() as heard:
			payment = self.pay()
			payment.cancel()
		self.assertEqual(heard.count(self.contract.name), 2)

	def test_a_journal_entry_counts_as_a_payment(self):
		self.live(10)
		invoice = invoices_of(self.contract.name)[0]
		bank = frappe.db.get_value(
			"Account", {"account_type": "Cash", "company": invoice.company, "is_group": 0}
		)
		line = {"reference_type": "Sales Invoice", "reference_name": invoice.name}
		party = {"party_type": "Customer", "party": invoice.customer}
		entry = frappe.get_doc(
			{
				"doctype": "Journal Entry",
				"company": invoice.company,
				"posting_date": date(2026, 3, 1),
				"accounts": [
					{
						"account": invoice.debit_to,
						"credit_in_account_currency": invoice.outstanding_amount,
						**line,
						**party,
					},
					{"account": bank, "debit_in_account_currency": invoice.outstanding_amount},
				],
			}
		).insert()
		with heard_contracts() as heard:
			entry.submit()
		self.assertEqual(heard, [self.contract.name])
		settle_contract_on(self.contract.name, self.start + 11 * DAY)
		self.assertEqual(self.status(), "Active")

	def test_a_credit_note_counts_as_a_payment(self):
		self.live(10)
		note = make_return_doc("Sales Invoice", invoices_of(self.contract.name)[0].name)
		note.update_outstanding_for_self = 0
		with heard_contracts() as heard:
			note.insert()
			note.submit()
		self.assertIn(self.contract.name, heard)
		settle_contract_on(self.contract.name, self.start + 11 * DAY)
		self.assertEqual(self.status(), "Active")

	def test_a_payment_on_account_counts_when_it_is_reconciled(self):
		self.live(10)
		invoice = invoices_of(self.contract.name)[0]
		payment = get_payment_entry("Sales Invoice", invoice.name)
		payment.reference_no, payment.reference_date, payment.references = "3", date(2026, 3, 1), []
		payment.insert()
		payment.submit()
		self.assertEqual(self.status(), "Suspended")
		tool = frappe.get_doc("Payment Reconciliation")
		tool.company, tool.party_type, tool.party = invoice.company, "Customer", invoice.customer
		tool.receivable_payable_account = invoice.debit_to
		tool.get_unreconciled_entries()
		wanted = [row.as_dict() for row in tool.invoices if row.invoice_number == invoice.name]
		paid = [row.as_dict() for row in tool.payments if row.reference_name == payment.name]
		tool.allocate_entries(frappe._dict({"invoices": wanted, "payments": paid}))
		with heard_contracts() as heard:
			tool.reconcile()
		self.assertIn(self.contract.name, heard)
		settle_contract_on(self.contract.name, self.start + 11 * DAY)
		self.assertEqual(self.status(), "Active")

	def test_two_persons_release_a_deletion_where_the_settings_ask_for_it(self):
		frappe.db.set_single_value("Subscription Mgmt Settings", "two_person_release", 1)
		frappe.clear_document_cache("Subscription Mgmt Settings", "Subscription Mgmt Settings")
		self.live(10)
		confirm_mode("late.example")
		confirm_final_backup("late.example")
		self.live(41, since=11)
		self.assertEqual(self.waits(), "hold")
		release_deletion("late.example")
		with self.assertRaisesRegex(frappe.ValidationError, "second person"):
			release_deletion("late.example")
		self.live(42, since=42)
		self.assertEqual(self.waits(), "hold")
		with self.set_user("test@example.com"):
			release_deletion("late.example")
		self.live(43, since=43)
		self.assertEqual(self.status(), "Ended")

	def test_respaldo_keeps_the_data_of_a_suspended_customer_read_only(self):
		make_plan("_Test Respaldo", kind="Read Only", prices={"Yearly": 200}, dunning_policy=make_policy())
		self.live(10)
		with refusals_worded():
			change_plan(
				self.contract.name,
				"_Test Respaldo",
				Interval.YEARLY,
				None,
				self.start + 11 * DAY,
				site_ports(),
			)
		self.assertEqual(self.status(), "Active")
		self.assertEqual(frappe.db.get_value("Hosted Instance", "late.example", "wanted_mode"), "Read Only")
		self.assertEqual(invoices_of(self.contract.name)[-1].net_total, 200)

	def test_the_nightly_run_looks_after_each_and_records_a_failure(self):
		broken = make_contract(customer="_Test Late Payer", plan="_Test Dunned", instance="broken.example")
		activate(broken.name, self.start, site_ports())
		frappe.db.set_value("Subscription Contract", broken.name, "interval", "Weekly")
		run = open_run("Lifecycle Run", due=2, batches=1)
		with mock.patch.object(frappe.db, "commit"), mock.patch.object(frappe.db, "rollback"):
			look_after_batch(run, [broken.name, self.contract.name], today=self.start + DAY)
		record = frappe.get_doc("Lifecycle Run", run)
		self.assertEqual((record.status, record.done, record.failed), ("With Problems", 1, 1))
		self.assertEqual(record.problems[0].subscription_contract, broken.name)
		self.assertEqual(self.status(), "Past Due")

	def test_a_mail_that_cannot_be_sent_keeps_nobody_who_paid_from_his_access(self):
		self.live(10)
		with heard_contracts():
			self.pay()  # and the job that would settle it is lost
		frappe.db.set_value("Plan", "_Test Dunned", "notice_days", 365)
		frappe.clear_document_cache("Plan", "_Test Dunned")
		run = open_run("Lifecycle Run", due=1, batches=1)
		no_account = frappe.OutgoingEmailError("no outgoing account")
		with (
			mock.patch.object(frappe, "sendmail", side_effect=no_account),
			mock.patch.object(frappe.db, "commit", lambda: frappe.db.savepoint("committed")),
			mock.patch.object(
				frappe.db, "rollback", lambda **_: frappe.db.sql("rollback to savepoint committed")
			),
		):
			look_after_batch(run, [self.contract.name], today=self.start + 11 * DAY)
		self.assertEqual(self.status(), "Active")
		record = frappe.get_doc("Lifecycle Run", run)
		self.assertEqual((record.failed, record.problems[0].reason), (1, "no outgoing account"))

	def waits(self) -> str:
		return frappe.db.get_value("Subscription Contract", self.contract.name, "deletion_waits")

	def test_a_payment_of_an_old_invoice_does_not_revive_an_ended_contract(self):
		invoice = invoices_of(self.contract.name)[0].name
		self.live(3)
		frappe.db.set_value("Plan", "_Test Dunned", "refundable", 0)
		frappe.clear_document_cache("Plan", "_Test Dunned")
		cancel_now(self.contract.name, self.start + 4 * DAY, site_ports())
		self.pay(invoice)
		settle_contract_on(self.contract.name, self.start + 5 * DAY)
		self.assertEqual(self.status(), "Cancelled")

	def test_deletion_waits_for_confirmed_restriction_and_backup_and_says_why(self):
		self.live(10 + 31)
		record = frappe.get_doc("Subscription Contract", self.contract.name)
		self.assertIsNone(record.data_deleted_on)
		self.assertEqual(set(record.deletion_waits.split()), {"backup", "notices", "restriction"})

	def test_deletion_comes_thirty_confirmed_days_after_the_restriction(self):
		self.live(10)
		confirm_mode("late.example")
		self.live(39, since=11)
		self.assertEqual(self.status(), "Suspended")
		with self.freeze_time("2026-03-11 10:00:00.000001"):
			confirm_final_backup("late.example")
		self.live(40, since=40)
		self.assertEqual(self.status(), "Ended")
		self.assertEqual(frappe.db.get_value("Hosted Instance", "late.example", "wanted_mode"), "Deleted")

	def test_a_hold_keeps_the_data(self):
		self.live(10)
		confirm_mode("late.example")
		confirm_final_backup("late.example")
		hold(self.contract.name, site_ports())
		self.live(45, since=11)
		waits = frappe.db.get_value("Subscription Contract", self.contract.name, "deletion_waits")
		self.assertEqual(waits, "hold")
		release(self.contract.name, site_ports())
		self.live(46, since=46)
		self.assertEqual(self.status(), "Ended")

	def test_a_part_payment_during_the_restriction_keeps_the_data(self):
		self.live(10)
		confirm_mode("late.example")
		confirm_final_backup("late.example")
		payment = get_payment_entry(
			"Sales Invoice", invoices_of(self.contract.name)[0].name, party_amount=100
		)
		payment.reference_no, payment.reference_date = "2", date(2026, 3, 1)
		payment.insert()
		payment.submit()
		self.live(45, since=11)
		waits = frappe.db.get_value("Subscription Contract", self.contract.name, "deletion_waits")
		self.assertEqual(waits, "unpaid_check")

	def test_an_upgrade_credits_by_credit_note_and_charges_by_invoice(self):
		make_plan("_Test Bigger", tier=2, prices={"Half-Yearly": 900})
		change_plan(self.contract.name, "_Test Bigger", None, None, date(2026, 5, 1), site_ports())
		first, credit, bigger = sorted(
			invoices_of(self.contract.name), key=lambda invoice: (invoice.posting_date, invoice.net_total)
		)
		self.assertEqual(credit.is_return, 1)
		self.assertEqual(credit.return_against, first.name)
		# 91 of 181 days are unused
		self.assertEqual(credit.net_total, -301.66)
		self.assertEqual(bigger.net_total, 452.49)

	def test_a_renewal_notice_goes_out_once(self):
		self.pay()
		look_after(self.contract.name, date(2026, 7, 2), site_ports())
		look_after(self.contract.name, date(2026, 7, 3), site_ports())
		self.assertEqual(len(self.mails()), 1)


def settle_contract_on(contract: str, today: date) -> None:
	settle(contract, today, site_ports())


@contextmanager
def heard_contracts() -> Iterator[list[str]]:
	"""Contracts whose settlement was enqueued for after the commit."""
	heard: list[str] = []
	enqueue = frappe.enqueue

	def listening(method: object, **values: object) -> object:
		if str(method).endswith("settle_contract"):
			assert values["enqueue_after_commit"]
			heard.append(str(values["contract"]))
			return None
		return enqueue(method, **values)

	with mock.patch.object(frappe, "enqueue", listening):
		yield heard
