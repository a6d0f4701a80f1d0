"""Does billing inside ERPNext make the invoices it should, and no others?"""

from datetime import date

import frappe
from frappe.tests.utils import FrappeTestCase

from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.services.activate import activate
from subscription_mgmt.services.bill import bill
from subscription_mgmt.tests.records import charges_of, invoices_of, make_contract, make_pack


class TestBilling(FrappeTestCase):
	def test_activating_bills_the_first_period_with_ledger_entries(self):
		contract = make_contract()
		activate(contract.name, date(2026, 1, 31), site_ports())

		(invoice,) = invoices_of(contract.name)
		self.assertEqual(invoice.docstatus, 1)
		self.assertEqual((str(invoice.from_date), str(invoice.to_date)), ("2026-01-31", "2026-07-30"))
		self.assertEqual(invoice.net_total, 600)
		self.assertEqual(invoice.items[0].item_code, "_Test Basic")
		(charge,) = charges_of(contract.name)
		self.assertEqual(charge.sales_invoice, invoice.name)
		self.assertEqual(invoice.items[0].contract_charge, charge.name)
		entries = frappe.get_all("GL Entry", {"voucher_no": invoice.name}, ["debit", "credit", "account"])
		self.assertEqual(sum(entry.debit for entry in entries), 600)
		self.assertEqual(sum(entry.credit for entry in entries), 600)

	def test_billing_again_on_the_same_day_changes_nothing(self):
		contract = make_contract()
		activate(contract.name, date(2026, 1, 31), site_ports())
		bill(contract.name, date(2026, 1, 31), site_ports())
		self.assertEqual(len(invoices_of(contract.name)), 1)
		self.assertEqual(len(charges_of(contract.name)), 1)

	def test_missed_periods_come_on_one_invoice(self):
		contract = make_contract(interval="Monthly", packs=[{"pack": make_pack().name, "quantity": 2}])
		activate(contract.name, date(2026, 1, 31), site_ports())
		bill(contract.name, date(2026, 4, 2), site_ports())

		_first, catch_up = invoices_of(contract.name)
		self.assertEqual(catch_up.net_total, 2 * (100 + 2 * 10))
		self.assertEqual(
			[str(charge.period_start) for charge in charges_of(contract.name) if charge.kind == "plan"],
			["2026-01-31", "2026-02-28", "2026-03-31"],
		)
