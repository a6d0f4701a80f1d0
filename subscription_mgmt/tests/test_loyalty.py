"""Do ERPNext's loyalty points, set up from the example, come with 145.20 and pay 7.00 of the next invoice?"""

from datetime import date, timedelta

import frappe
from erpnext.accounts.doctype.loyalty_program.loyalty_program import get_loyalty_program_details_with_points
from frappe.model.document import Document

from subscription_mgmt.adapters.catalogue_import import put
from subscription_mgmt.adapters.promise_records import PromiseRecords, calendar_of
from subscription_mgmt.simulation.as_records import records_of
from subscription_mgmt.simulation.scenario_file import read_catalogue
from subscription_mgmt.simulation.support_catalogue import calendars_of, policies_of
from subscription_mgmt.tests.records import (
	ABBR,
	COMPANY,
	CURRENCY,
	make_account,
	make_customer,
	make_fiscal_year_of,
	settings,
)
from subscription_mgmt.tests.support import make_credit_pack
from subscription_mgmt.tests.test_import_catalogue import EXAMPLES, VENDORS
from subscription_mgmt.tests.test_support_credits import CreditsTestCase

PROGRAM = "Puntos de fidelidad"
BOUGHT = date(2026, 3, 2)


class TestLoyalty(CreditsTestCase):
	def setUp(self) -> None:
		super().setUp()
		make_fiscal_year_of(BOUGHT)
		make_fiscal_year_of(date(2027, 1, 1))
		with settings(company=COMPANY):
			put(records_of(read_catalogue(EXAMPLES / "es.yaml")))
		self.vat = make_account("_Test IVA 21", "Duties and Taxes", account_type="Tax", tax_rate=21)
		self.customer = make_customer("_Test Fiel")

	def test_the_program_needs_nothing_more_to_redeem_points(self):
		program = frappe.get_doc("Loyalty Program", PROGRAM)
		self.assertEqual(
			(program.company, program.conversion_factor, program.expiry_duration), (COMPANY, 0.5, 184)
		)
		self.assertTrue(program.expense_account and program.cost_center)
		self.assertEqual(frappe.db.get_value("Customer", self.customer, "loyalty_program"), PROGRAM)

	def test_145_20_with_tax_earns_14_points_worth_7_on_the_next_invoice(self):
		first = self.invoice(BOUGHT)
		first.submit()
		self.assertEqual(first.grand_total, 145.20)
		(entry,) = frappe.get_all(
			"Loyalty Point Entry", {"invoice": first.name}, ["loyalty_points", "expiry_date", "customer"]
		)
		self.assertEqual((entry.loyalty_points, entry.customer), (14, self.customer))
		self.assertEqual(entry.expiry_date, BOUGHT + timedelta(days=184))
		self.assertGreaterEqual(entry.expiry_date, date(2026, 9, 2))
		second = self.invoice(date(2026, 8, 31), redeemed=14)
		self.assertEqual(second.loyalty_amount, 7.00)
		second.submit()
		second.reload()
		self.assertEqual(second.outstanding_amount, 138.20)
		left = self.points_on(date(2026, 8, 31))
		self.assertEqual(left, 13)  # those of the 138 that were left to pay

	def test_more_points_than_there_are_and_points_after_six_months_are_not_taken(self):
		self.invoice(BOUGHT).submit()
		self.assertRaises(frappe.ValidationError, self.invoice, date(2026, 3, 3), redeemed=15)
		self.assertEqual(self.points_on(date(2026, 9, 3)), 0)
		self.assertRaises(frappe.ValidationError, self.invoice, date(2026, 9, 3), redeemed=14)

	def test_a_cancelled_invoice_takes_its_points_back(self):
		first = self.invoice(BOUGHT)
		first.submit()
		first.cancel()
		self.assertEqual(self.points_on(BOUGHT), 0)

	def invoice(self, day: date, redeemed: int = 0) -> Document:
		"""The pack of 120 credits with 21 % of tax, as the shop sells it."""
		invoice = frappe.get_doc(
			{
				"doctype": "Sales Invoice",
				"customer": self.customer,
				"company": COMPANY,
				"currency": CURRENCY,
				"set_posting_time": 1,
				"posting_date": day,
				"due_date": day,
				"items": [{"item_code": make_credit_pack().item, "qty": 1, "rate": 120}],
				"taxes": [
					{
						"charge_type": "On Net Total",
						"account_head": self.vat,
						"rate": 21,
						"description": "IVA",
						"cost_center": f"Main - {ABBR}",
					}
				],
				"redeem_loyalty_points": int(bool(redeemed)),
				"loyalty_points": redeemed,
				"loyalty_program": PROGRAM,
			}
		)
		invoice.set_missing_values()
		return invoice.insert()

	def points_on(self, day: date) -> int:
		details = get_loyalty_program_details_with_points(
			self.customer, loyalty_program=PROGRAM, expiry_date=day, company=COMPANY
		)
		return int(details.loyalty_points)


class TestPromisesOfTheFiles(CreditsTestCase):
	def test_a_site_reads_policies_and_calendars_as_a_simulation_does(self):
		for vendor in VENDORS:
			with self.subTest(vendor):
				offer = read_catalogue(EXAMPLES / f"{vendor}.yaml")
				put(records_of(offer))
				promises = PromiseRecords()
				for name, policy in policies_of(offer).items():
					self.assertEqual(promises.policy(name), policy)
				for name, calendar in calendars_of(offer).items():
					self.assertEqual(calendar_of(name), calendar)
				frappe.db.rollback()
