"""What becomes of charges when someone changes an invoice by hand, or ERPNext cannot make one?"""

from datetime import date
from unittest import mock

import frappe
from erpnext.controllers.sales_and_purchase_return import make_return_doc
from frappe.tests.utils import FrappeTestCase

from subscription_mgmt.adapters.due_contracts import due_contracts
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.api import contract as buttons
from subscription_mgmt.services.bill import bill
from subscription_mgmt.tests.records import (
	COMPANY,
	charges_of,
	clock_at,
	invoices_of,
	ledger_of,
	make_contract,
	make_customer,
	make_pack,
	make_plan,
	roll_back,
	state_of,
	waiting_charges_of,
)
from subscription_mgmt.tests.test_billing import START, euro_plan, started

NEXT = date(2026, 2, 28)


class ByHandTestCase(FrappeTestCase):
	def setUp(self):
		self.addCleanup(roll_back)
		frappe.db.set_value("Sales Taxes and Charges Template", {"is_default": 1}, "is_default", 0)

	def parked(self, contract: str) -> str | None:
		"""The reason the contract is parked for, if it is."""
		parked, reason = frappe.db.get_value("Subscription Contract", contract, ["parked", "parked_reason"])
		self.assertEqual(bool(parked), bool(reason))
		return reason


class TestInvoiceByHand(ByHandTestCase):
	def setUp(self):
		super().setUp()
		self.contract = started(interval="Monthly", packs=[{"pack": make_pack().name, "quantity": 2}])
		(self.invoice,) = invoices_of(self.contract)

	def test_a_cancelled_invoice_parks_the_contract_and_its_charges_wait(self):
		self.invoice.cancel()
		self.assertEqual(len(waiting_charges_of(self.contract)), 2)
		self.assertEqual(
			self.parked(self.contract),
			f"Invoice {self.invoice.name} was cancelled or deleted. "
			"Amend it, or un-park to bill its charges on a new one.",
		)

	def test_the_nightly_job_leaves_a_parked_contract_alone(self):
		self.invoice.cancel()
		self.assertNotIn(self.contract, due_contracts(NEXT))

	def test_bill_now_says_that_the_contract_is_parked(self):
		self.invoice.cancel()
		before = state_of(self.contract)
		with (
			self.assertRaisesRegex(frappe.ValidationError, "is parked. Un-park it to bill it."),
			clock_at(NEXT),
		):
			buttons.bill_now(self.contract)
		self.assertEqual(state_of(self.contract), before)

	def test_un_parking_bills_what_waits_once_on_a_new_invoice(self):
		self.invoice.cancel()
		with clock_at(date(2026, 2, 5)):
			buttons.unpark(self.contract)
			buttons.bill_now(self.contract)
		old, new = invoices_of(self.contract)
		self.assertEqual((old.docstatus, new.docstatus, new.net_total), (2, 1, 120))
		self.assertEqual({charge.sales_invoice for charge in charges_of(self.contract)}, {new.name})
		self.assertEqual((len(charges_of(self.contract)), self.parked(self.contract)), (2, None))
		self.assertEqual(ledger_of(old.name), {})

	def test_the_preview_shows_what_waits_with_what_is_due(self):
		self.invoice.cancel()
		with clock_at(NEXT):
			previewed = buttons.preview(self.contract, 1)["invoices"][0]
			buttons.unpark(self.contract)
		made = invoices_of(self.contract)[-1]
		self.assertEqual(float(previewed["total"]), made.net_total)
		self.assertEqual(
			[line["description"] for line in previewed["lines"]], [line.description for line in made.items]
		)

	def test_un_parking_later_bills_what_waits_with_what_is_due_since(self):
		self.invoice.cancel()
		with clock_at(NEXT):
			buttons.unpark(self.contract)
		_old, new = invoices_of(self.contract)
		self.assertEqual((len(new.items), new.net_total), (4, 240))
		self.assertEqual((str(new.from_date), str(new.to_date)), ("2026-01-31", "2026-03-30"))

	def test_a_pack_added_to_a_parked_contract_does_not_bill_what_was_taken_back(self):
		self.invoice.cancel()
		with clock_at(date(2026, 2, 10)):
			buttons.add_pack(self.contract, "_Test Extra User", 1)
		self.assertEqual(len(invoices_of(self.contract)), 1)
		self.assertEqual(len(waiting_charges_of(self.contract)), 3)
		with clock_at(date(2026, 2, 11)):
			buttons.unpark(self.contract)
		self.assertEqual(waiting_charges_of(self.contract), [])
		self.assertEqual(invoices_of(self.contract)[1].net_total, 126.43)

	def test_an_amended_invoice_takes_its_charges_back_and_un_parks(self):
		self.invoice.cancel()
		amended = frappe.copy_doc(self.invoice)
		amended.update({"amended_from": self.invoice.name, "docstatus": 0})
		amended.insert()
		self.assertEqual({charge.sales_invoice for charge in charges_of(self.contract)}, {amended.name})
		self.assertIsNone(self.parked(self.contract))
		amended.submit()
		bill(self.contract, START, site_ports())
		self.assertEqual([invoice.docstatus for invoice in invoices_of(self.contract)], [2, 1])

	def test_a_duplicate_does_not_take_the_charges(self):
		duplicate = frappe.copy_doc(self.invoice, ignore_no_copy=False)
		duplicate.update({"docstatus": 0, "set_posting_time": 1, "posting_date": START})
		duplicate.insert()
		self.assertEqual({charge.sales_invoice for charge in charges_of(self.contract)}, {self.invoice.name})
		duplicate.delete()
		self.assertEqual(waiting_charges_of(self.contract), [])
		self.assertIsNone(self.parked(self.contract))

	def test_a_copy_that_claims_the_charges_is_refused_by_name(self):
		copy = frappe.copy_doc(self.invoice)
		copy.update({"docstatus": 0, "set_posting_time": 1, "posting_date": START})
		with self.assertRaisesRegex(
			frappe.ValidationError,
			f"is on invoice {self.invoice.name} already. Remove its line here, or cancel",
		):
			copy.insert()

	def test_a_credit_note_made_by_hand_leaves_the_charges_where_they_are(self):
		credit = make_return_doc("Sales Invoice", self.invoice.name)
		credit.update({"set_posting_time": 1, "posting_date": NEXT})
		credit.insert().submit()
		self.assertEqual({charge.sales_invoice for charge in charges_of(self.contract)}, {self.invoice.name})
		bill(self.contract, START, site_ports())
		self.assertIsNone(self.parked(self.contract))

	def test_cancelling_the_credit_note_makes_the_credit_wait(self):
		plan = make_plan("_Test Refundable", refundable=1).name
		contract = started(plan=plan, interval="Monthly")
		with clock_at(date(2026, 2, 14)):
			buttons.cancel(contract, "now")
		invoices_of(contract)[1].cancel()
		self.assertEqual([charge.amount for charge in waiting_charges_of(contract)], [-50])
		with clock_at(date(2026, 2, 15)):
			buttons.unpark(contract)
		self.assertEqual([invoice.docstatus for invoice in invoices_of(contract)], [1, 2, 1])
		self.assertEqual(waiting_charges_of(contract), [])


class TestDraftByHand(ByHandTestCase):
	def setUp(self):
		super().setUp()
		frappe.db.set_single_value("Subscription Mgmt Settings", "submit_invoices", 0)
		frappe.clear_document_cache("Subscription Mgmt Settings", "Subscription Mgmt Settings")
		self.contract = started(interval="Monthly", packs=[{"pack": make_pack().name, "quantity": 2}])
		(self.invoice,) = invoices_of(self.contract)

	def test_a_deleted_draft_parks_the_contract_and_is_billed_anew_on_un_parking(self):
		self.invoice.delete()
		self.assertIn("was cancelled or deleted", self.parked(self.contract))
		self.assertEqual(len(waiting_charges_of(self.contract)), 2)
		with clock_at(START):
			buttons.unpark(self.contract)
		(new,) = invoices_of(self.contract)
		self.assertEqual((new.docstatus, new.net_total), (0, 120))
		self.assertEqual(waiting_charges_of(self.contract), [])

	def test_a_line_removed_from_a_draft_waits_alone(self):
		self.invoice.items = [line for line in self.invoice.items if line.item_code == "_Test Basic"]
		self.invoice.save()
		(waiting,) = waiting_charges_of(self.contract)
		self.assertEqual((waiting.what, waiting.amount), ("_Test Extra User", 20))
		self.assertIn(f"Lines were removed from invoice {self.invoice.name}.", self.parked(self.contract))
		with clock_at(START):
			buttons.unpark(self.contract)
		self.assertEqual([invoice.net_total for invoice in invoices_of(self.contract)], [100, 20])

	def test_a_draft_saved_again_with_other_terms_stays_as_linked(self):
		self.invoice.remarks = "Thank you"
		self.invoice.save()
		self.assertEqual(waiting_charges_of(self.contract), [])
		self.assertIsNone(self.parked(self.contract))


class TestErpnextCannot(ByHandTestCase):
	"""Something is missing in ERPNext: a sentence says what, and nothing half-written stays."""

	def assert_refused(self, contract: str, day: date, *words: str) -> None:
		before = state_of(contract)
		frappe.db.savepoint("untouched")
		with self.assertRaises(Exception) as refused, clock_at(day):
			buttons.bill_now(contract)
		frappe.db.rollback(save_point="untouched")
		reason = frappe.utils.strip_html(str(refused.exception))
		self.assertIsInstance(refused.exception, frappe.ValidationError, reason)
		for word in words:
			self.assertIn(word, reason)
		self.assertEqual(state_of(contract), before)

	def test_no_receivable_account(self):
		plan = make_plan("_Test Trial", trial_days=28).name
		contract = started(plan=plan, interval="Monthly", customer=make_customer("_Test No Account"))
		frappe.db.set_value("Company", COMPANY, "default_receivable_account", None)
		frappe.clear_document_cache("Company", COMPANY)
		self.assert_refused(
			contract,
			NEXT,
			f"_Test No Account has no account to debit. Set the Default Receivable Account of company {COMPANY}.",
		)

	def test_no_income_account(self):
		contract = started(interval="Monthly")
		frappe.db.set_value("Company", COMPANY, "default_income_account", None)
		frappe.clear_document_cache("Company", COMPANY)
		self.assert_refused(
			contract,
			NEXT,
			f"Item _Test Basic has no income account. Set the Default Income Account of company {COMPANY}, or",
		)

	def test_no_deferred_revenue_account(self):
		plan = make_plan("_Test Deferred")
		contract = started(plan=plan.name, interval="Monthly")
		frappe.db.set_value("Item", plan.item, "enable_deferred_revenue", 1)
		frappe.clear_document_cache("Item", plan.item)
		self.assert_refused(contract, NEXT, "Row #1: Please update deferred revenue")

	def test_no_exchange_rate(self):
		contract = started(plan=euro_plan(), interval="Monthly", currency="EUR", start_date=date(2026, 5, 1))
		# ERPNext asks the internet for a rate it has not got.
		with mock.patch("requests.get", side_effect=ConnectionError("no network in tests")):
			self.assert_refused(contract, date(2026, 5, 1), "EUR", "USD", "Currency Exchange")

	def test_a_currency_the_customers_account_does_not_take(self):
		contract = started(plan=euro_plan(), interval="Monthly", currency="EUR", start_date=date(2026, 5, 1))
		frappe.get_doc(
			{
				"doctype": "Currency Exchange",
				"from_currency": "EUR",
				"to_currency": "USD",
				"exchange_rate": 1.1,
				"date": date(2026, 5, 1),
			}
		).insert()
		self.assert_refused(contract, date(2026, 5, 1), "Debtors - WP", "EUR")

	def test_no_fiscal_year(self):
		contract = started(interval="Yearly")
		self.assert_refused(contract, date(2031, 2, 1), "Fiscal Year")

	def test_a_disabled_item(self):
		contract = started(interval="Monthly")
		frappe.db.set_value("Item", "_Test Basic", "disabled", 1)
		frappe.clear_document_cache("Item", "_Test Basic")
		self.assert_refused(contract, NEXT, "_Test Basic", "disabled")

	def test_a_disabled_customer(self):
		contract = started(interval="Monthly")
		frappe.db.set_value("Customer", "_Test Acme", "disabled", 1)
		frappe.clear_document_cache("Customer", "_Test Acme")
		self.assert_refused(contract, NEXT, "_Test Acme is disabled. Enable the customer first.")

	def test_activating_is_refused_as_a_whole(self):
		contract = make_contract(interval="Monthly", customer=make_customer("_Test No Account"))
		frappe.db.set_value("Company", COMPANY, "default_receivable_account", None)
		frappe.clear_document_cache("Company", COMPANY)
		before = state_of(contract.name)
		frappe.db.savepoint("untouched")
		with self.assertRaises(frappe.ValidationError), clock_at(START):
			buttons.activate(contract.name)
		frappe.db.rollback(save_point="untouched")
		self.assertEqual(state_of(contract.name), before)
