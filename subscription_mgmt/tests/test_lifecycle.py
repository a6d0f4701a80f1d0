"""Do real invoices, payments and e-mails move a contract as the rules say?"""

from datetime import date, timedelta

import frappe
from erpnext.accounts.doctype.payment_entry.payment_entry import get_payment_entry
from frappe.tests.utils import FrappeTestCase

from subscription_mgmt.adapters.manual_hosting import confirm_final_backup, confirm_mode
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.jobs.lifecycle import settle_contract
from subscription_mgmt.services.activate import activate
from subscription_mgmt.services.cancel import cancel_now
from subscription_mgmt.services.change_plan import change_plan
from subscription_mgmt.services.hold import hold, release
from subscription_mgmt.services.look_after import look_after
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

	def test_every_way_to_pay_is_heard_after_commit(self):
		self.live(10)
		heard = []
		original = frappe.enqueue
		frappe.enqueue = lambda method, **values: heard.append(values.get("contract"))
		try:
			payment = self.pay()
			payment.cancel()
		finally:
			frappe.enqueue = original
		self.assertEqual(heard.count(self.contract.name), 2)

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
		payment = get_payment_entry("Sales Invoice", invoices_of(self.contract.name)[0].name, party_amount=100)
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
	from subscription_mgmt.services.settle import settle

	settle(contract, today, site_ports())


assert settle_contract
