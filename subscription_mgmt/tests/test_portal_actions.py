"""Does what a customer does in the portal become fact, exactly as he was shown, and only if his role allows it?"""

import sys
import types
from datetime import timedelta
from html import unescape
from unittest import mock

import frappe
from erpnext.accounts.doctype.payment_entry.payment_entry import get_payment_entry
from frappe.utils import getdate

from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.api.portal import contract as contracts
from subscription_mgmt.api.portal import invoices, licences, orders
from subscription_mgmt.services.look_after import look_after
from subscription_mgmt.tests.portal import PortalCase, get_page, shown_total
from subscription_mgmt.tests.records import invoices_of, make_account, make_plan

CONTRACT = "Subscription Contract"


class ActionCase(PortalCase):
	def value(self, field: str) -> object:
		return frappe.db.get_value(CONTRACT, self.a.contract, field)


class TestOrders(ActionCase):
	def change(self, plan: str, interval: str = "Monthly") -> str:
		return (
			f"/services/change-plan?name={self.a.contract}&plan={plan.replace(' ', '+')}&interval={interval}"
		)

	def test_an_upgrade_invoices_exactly_the_lines_that_were_shown(self):
		path = self.change("_Test Large")
		html = get_page(path, self.a.users["Billing"]).html
		total = shown_total(self.a, path)
		with self.acting("Billing"):
			self.assertEqual(
				orders.change_plan(self.a.contract, "_Test Large", "Monthly", total),
				{"next": f"/services/contract?name={self.a.contract}"},
			)
		self.assertEqual(self.value("plan"), "_Test Large")
		made = [invoice for invoice in invoices_of(self.a.contract) if invoice.name != self.a.invoice]
		self.assertEqual(f"{sum(invoice.net_total for invoice in made):.2f}", total)
		for invoice in made:
			for line in invoice.items:
				self.assertTrue(line.description in unescape(html), line.description)

	def test_a_downgrade_waits_for_the_end_of_the_period_and_says_so(self):
		with self.acting("Owner"):
			orders.change_plan(
				self.a.contract, "_Test Large", "Monthly", shown_total(self.a, self.change("_Test Large"))
			)
		page = get_page(self.change("_Test Small"), self.a.users["Owner"])
		self.assertTrue("Nothing is charged before." in page.html)
		with self.acting("Owner"):
			orders.change_plan(self.a.contract, "_Test Small", "Monthly", "0")
		self.assertEqual((self.value("plan"), self.value("planned_plan")), ("_Test Large", "_Test Small"))

	def test_an_order_at_another_price_than_shown_is_not_carried_out(self):
		for total in ("1.00", "", "nonsense", "NaN", "-60"):
			with self.subTest(total), self.acting("Owner"), self.assertRaises(frappe.ValidationError):
				orders.change_plan(self.a.contract, "_Test Large", "Monthly", total)
			with (
				self.subTest(total, pack=True),
				self.acting("Owner"),
				self.assertRaises(frappe.ValidationError),
			):
				orders.buy_pack(self.a.contract, "_Test Seats", total, 1, "_Test Portal CRM")
		self.assertEqual((self.value("plan"), len(invoices_of(self.a.contract))), ("_Test Small", 1))

	def test_what_is_not_published_is_not_sold_whatever_the_price(self):
		with self.acting("Owner"):
			for total in ("0", "1.00"):
				with self.assertRaises(frappe.ValidationError):
					orders.change_plan(self.a.contract, "_Test Secret", "Monthly", total)
				with self.assertRaises(frappe.ValidationError):
					orders.buy_pack(self.a.contract, "_Test Hidden", total)
		self.assertEqual((self.value("plan"), self.value("changes")), ("_Test Small", 0))

	def test_packs_are_bought_for_a_module_of_the_plan_at_the_price_shown(self):
		path = (
			f"/services/add-pack?name={self.a.contract}&pack=_Test+Seats&quantity=2&module=_Test+Portal+CRM"
		)
		total = shown_total(self.a, path)
		with self.acting("Billing"):
			orders.buy_pack(self.a.contract, "_Test Seats", total, "2", "_Test Portal CRM")
			with self.assertRaises(frappe.ValidationError):
				orders.buy_pack(self.a.contract, "_Test Seats", total, "2", "Another module")
		rows = frappe.get_all("Contract Pack", {"parent": self.a.contract}, ["pack", "quantity"])
		self.assertEqual([(row.pack, row.quantity) for row in rows], [("_Test Seats", 2)])
		with self.acting("Billing"):
			contracts.remove_pack(self.a.contract, "_Test Seats", "_Test Portal CRM")
		self.assertTrue(frappe.db.get_value("Contract Pack", {"parent": self.a.contract}, "ends_on"))

	def test_what_is_not_possible_is_said_on_the_page(self):
		page = get_page(self.change("_Test Small"), self.a.users["Owner"])
		self.assertTrue("already. Choose another plan or interval." in page.html)
		self.is_silent_about('name="total"', page)

	def test_the_history_names_who_did_it_and_by_which_channel(self):
		with self.acting("Owner"):
			contracts.set_renewal(self.a.contract, "0")
		last = frappe.get_all(
			"Subscription Activity",
			{"contract": self.a.contract},
			["user", "action"],
			order_by="number desc",
			limit=1,
		)
		self.assertEqual((last[0].user, last[0].action), (self.a.users["Owner"], "renewal_off"))


class TestTerms(ActionCase):
	def test_renewal_is_switched_off_and_on_again(self):
		with self.acting("Billing"):
			contracts.set_renewal(self.a.contract, "0")
			self.assertEqual((self.value("auto_renew"), bool(self.value("ends_on"))), (0, True))
			contracts.set_renewal(self.a.contract, "1")
		self.assertEqual((self.value("auto_renew"), self.value("ends_on")), (1, None))

	def test_cancelling_ends_it_on_the_day_that_the_page_named(self):
		page = get_page(f"/services/cancel?name={self.a.contract}", self.a.users["Owner"])
		with self.acting("Owner"):
			contracts.cancel(self.a.contract)
		day = frappe.utils.formatdate(self.value("ends_on"))
		self.assertTrue(f"Cancel for {day}" in page.html)
		self.assertTrue("The data may be deleted 30 days after" in page.html)

	def test_a_licence_goes_local_and_comes_back(self):
		with self.acting("Technical"):
			licences.go_local(self.a.licence)
			self.assertEqual(frappe.db.get_value("Licence", self.a.licence, "deployment"), "Local")
			licences.go_online(self.a.licence)
		self.assertEqual(frappe.db.get_value("Licence", self.a.licence, "deployment"), "Online")

	def test_hosting_is_ordered_only_by_who_may_buy(self):
		make_plan("_Test Portal Hosting", kind="Hosting", prices={"Monthly": 9}, published=1)
		with self.acting("Technical"):
			licences.go_local(self.a.licence)
			with self.assertRaises(frappe.PermissionError):
				licences.go_online(self.a.licence, "_Test Portal Hosting|Monthly")
		with self.acting("Owner"):
			licences.go_online(self.a.licence, "_Test Portal Hosting|Monthly")
		hosting = frappe.db.get_value("Licence", self.a.licence, "hosting_contract")
		self.assertEqual(
			frappe.db.get_value(CONTRACT, hosting, ["plan", "status"]), ("_Test Portal Hosting", "Active")
		)


class TestNotPaying(ActionCase):
	def suspend(self) -> None:
		"""Twenty days after the invoice nobody has paid: the daily look has restricted access."""
		for days in (10, 20):
			look_after(self.a.contract, getdate() + timedelta(days=days), site_ports())

	def test_a_suspended_customer_reaches_every_page_pays_and_gets_out(self):
		self.suspend()
		self.assertEqual(self.value("status"), "Suspended")
		owner = self.a.users["Owner"]
		page = get_page(f"/services/contract?name={self.a.contract}", owner)
		self.assertTrue("pay what is open" in page.html and "data may be deleted" in page.html)
		self.assertTrue(self.a.invoice in get_page("/services/invoices", owner).html)
		self.assertEqual(get_page(f"/services/pay?invoice={self.a.invoice}", owner).status, 200)
		offered = get_page(f"/services/change-plan?name={self.a.contract}", owner).html
		self.assertTrue("_Test Archive" in offered)
		self.assertFalse("_Test Large" in offered)
		pay(self.a.invoice)
		look_after(self.a.contract, getdate(), site_ports())
		self.assertEqual(self.value("status"), "Active")
		self.assertEqual(frappe.db.get_value("Hosted Instance", "a.portal.example", "wanted_mode"), "Full")

	def test_instead_of_paying_he_goes_over_to_a_read_only_plan(self):
		self.suspend()
		path = f"/services/change-plan?name={self.a.contract}&plan=_Test+Archive&interval=Monthly"
		total = shown_total(self.a, path)
		with self.acting("Owner"):
			orders.change_plan(self.a.contract, "_Test Archive", "Monthly", total)
		self.assertEqual((self.value("status"), self.value("plan")), ("Active", "_Test Archive"))
		self.assertEqual(
			frappe.db.get_value("Hosted Instance", "a.portal.example", "wanted_mode"), "Read Only"
		)

	def test_without_a_gateway_nothing_is_paid_online(self):
		with self.acting("Owner"), self.assertRaises(frappe.ValidationError):
			invoices.pay(self.a.invoice)
		self.assertEqual(frappe.db.count("Payment Request", {"reference_name": self.a.invoice}), 0)

	def test_bank_details_are_those_of_the_company(self):
		bank = frappe.get_doc({"doctype": "Bank", "bank_name": "_Test Portal Bank"}).insert()
		account = make_account("_Test Portal Bank", "Bank Accounts", account_type="Bank")
		frappe.get_doc(
			{
				"doctype": "Bank Account",
				"account_name": "Main",
				"bank": bank.name,
				"is_company_account": 1,
				"company": "Wind Power LLC",
				"account": account,
				"iban": "GB33BUKB20201555555555",
			}
		).insert()
		html = get_page(f"/services/pay?invoice={self.a.invoice}", self.a.users["Billing"]).html
		self.assertTrue("GB33BUKB20201555555555" in html and "_Test Portal Bank" in html)


class Provider:
	"""Stands in for a payment provider's controller of Frappe's app `payments`: it knows where it takes money."""

	def __init__(self) -> None:
		self.asked: list[dict] = []

	def validate_transaction_currency(self, currency: str) -> None:
		assert currency == "USD"

	def get_payment_url(self, **order: object) -> str:
		self.asked.append(order)
		return f"https://provider.example/pay/{order['reference_docname']}"


class TestPayingOnline(ActionCase):
	"""ERPNext's Payment Request with everything but the provider itself, which is not on this machine."""

	def setUp(self):
		super().setUp()
		self.provider = Provider()
		utils = types.ModuleType("payments.utils")
		utils.get_payment_gateway_controller = lambda name: self.provider
		modules = {"payments": types.ModuleType("payments"), "payments.utils": utils}
		for patch in (
			mock.patch.dict(sys.modules, modules),
			mock.patch("subscription_mgmt.adapters.portal_payment.has_gateways", return_value=True),
		):
			patch.start()
			self.addCleanup(patch.stop)
		account = make_account("_Test Portal Gateway", "Bank Accounts", account_type="Bank")
		columns = ("name", "payment_gateway", "payment_account", "currency", "is_default", "payment_channel")
		row = ("_Test Gateway - USD", "_Test Gateway", account, "USD", 1, "Email")
		frappe.db.bulk_insert("Payment Gateway Account", columns, [row])

	def test_the_page_offers_it_and_the_button_leads_to_the_provider(self):
		page = get_page(f"/services/pay?invoice={self.a.invoice}", self.a.users["Billing"])
		self.says("subscription_mgmt.api.portal.invoices.pay", page)
		with self.acting("Billing"):
			answer = invoices.pay(self.a.invoice)
		(request,) = frappe.get_all("Payment Request", {"reference_name": self.a.invoice}, ["*"])
		self.assertEqual(answer, {"next": f"https://provider.example/pay/{request.name}"})
		open_amount = frappe.db.get_value("Sales Invoice", self.a.invoice, "outstanding_amount")
		self.assertEqual(
			(request.docstatus, request.grand_total, request.party), (1, open_amount, self.a.customer)
		)
		self.assertEqual(self.provider.asked[0]["amount"], open_amount)

	def test_pressing_twice_asks_for_the_money_once(self):
		with self.acting("Owner"):
			self.assertEqual(invoices.pay(self.a.invoice), invoices.pay(self.a.invoice))
		self.assertEqual(frappe.db.count("Payment Request", {"reference_name": self.a.invoice}), 1)

	def test_when_the_provider_reports_it_the_invoice_is_paid(self):
		with self.acting("Owner"):
			invoices.pay(self.a.invoice)
		name = frappe.db.get_value("Payment Request", {"reference_name": self.a.invoice})
		frappe.get_doc("Payment Request", name).set_as_paid()
		page = get_page(f"/services/pay?invoice={self.a.invoice}", self.a.users["Owner"])
		self.says("This invoice is paid. Thank you.", page)
		with self.acting("Owner"), self.assertRaises(frappe.ValidationError):
			invoices.pay(self.a.invoice)

	def test_who_only_looks_asks_for_nothing(self):
		with self.acting("Technical"), self.assertRaises(frappe.PermissionError):
			invoices.pay(self.a.invoice)
		self.assertEqual(self.provider.asked, [])


def pay(invoice: str) -> None:
	"""The transfer that the vendor books."""
	entry = get_payment_entry("Sales Invoice", invoice)
	entry.update({"reference_no": "1", "reference_date": getdate()})
	entry.insert().submit()
