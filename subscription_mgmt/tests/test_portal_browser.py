"""Does a person with a browser get what he came for: sign up, pay, upgrade, stop renewing, and out of a suspension?

Against a web server of its own, in a real Chromium. Skipped, and said so, where there is none.
"""

import email as mails
import re
from datetime import timedelta
from html import unescape

import frappe
from erpnext.accounts.doctype.payment_entry.payment_entry import get_payment_entry
from frappe.utils import getdate
from frappe.utils.password import update_password

from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.adapters.support_site import support_ports
from subscription_mgmt.jobs.lifecycle import settle_contract
from subscription_mgmt.jobs.support import settle_packs
from subscription_mgmt.services.look_after import look_after
from subscription_mgmt.services.resolve import resolve
from subscription_mgmt.tests.browser import Browser, Server, browser_wanted, has_axe
from subscription_mgmt.tests.committed import CommittedTestCase
from subscription_mgmt.tests.portal import Tenant, make_tenant, prepare_catalogue
from subscription_mgmt.tests.records import invoices_of, settings
from subscription_mgmt.tests.support import make_credit_pack, make_policy
from subscription_mgmt.tests.test_portal_pages import PAGES, PUBLIC

CONTRACT = "Subscription Contract"
PORTAL = "subscription_mgmt.api.portal"
PASSWORD = "Eight-words-that-nobody-guesses-7"
PHONE, DESKTOP = (390, 844), (1280, 900)


class TestPortalInABrowser(CommittedTestCase):
	@classmethod
	def setUpClass(cls) -> None:
		browser_wanted()
		super().setUpClass()
		frappe.db.set_single_value("Website Settings", "disable_signup", 0)
		prepare_catalogue()
		cls.holding = settings(submit_invoices=1, payment_days=0)
		cls.holding.__enter__()
		cls.addClassCleanup(cls.holding.__exit__, None, None, None)
		frappe.db.commit()
		frappe.clear_cache()
		cls.server = Server()
		cls.addClassCleanup(cls.server.stop)

	def setUp(self) -> None:
		super().setUp()
		self.browser = Browser(self.server.url)
		self.addCleanup(self.browser.quit)

	def tenant(self, letter: str, **changes: object) -> Tenant:
		tenant = make_tenant(letter, **changes)
		update_password(tenant.users["Owner"], PASSWORD)
		frappe.db.commit()
		return tenant

	def log_in(self, user: str) -> None:
		self.assertEqual(self.browser.login(user=user, password=PASSWORD), 200)

	def sees(self, *texts: str) -> None:
		shown = self.browser.text()
		for text in texts:
			self.assertTrue(text in shown, f"{text!r} is not on {self.browser.url()}: {shown[:600]}")

	def fresh(self) -> None:
		"""What the web server has committed is seen."""
		frappe.db.rollback()

	def pay(self, invoice: str) -> None:
		"""The vendor books the transfer; a worker would then look at the contract."""
		self.fresh()
		entry = get_payment_entry("Sales Invoice", invoice)
		entry.update({"reference_no": "1", "reference_date": getdate()})
		entry.insert().submit()
		frappe.db.commit()
		if contract := frappe.db.get_value("Sales Invoice", invoice, "subscription_contract"):
			settle_contract(contract)
			frappe.db.commit()

	def link_mailed_to(self, address: str) -> str:
		self.fresh()
		(queue,) = frappe.get_all("Email Queue Recipient", {"recipient": address}, pluck="parent")
		message = mails.message_from_string(str(frappe.db.get_value("Email Queue", queue, "message")))
		html = next(part for part in message.walk() if part.get_content_type() == "text/html")
		found = re.search(r'href="https?://[^/]+(/services/[^"]*)"', html.get_payload(decode=True).decode())
		return unescape(found.group(1))

	def test_a_visitor_signs_up_confirms_pays_and_works(self):
		self.browser.goto(path="/services/prices")
		self.sees("_Test Large", "Prices before tax.")
		self.browser.click(role="link", name=": _Test Large, Monthly")
		for label, value in {
			"Organisation": "_Test Browser Ltd",
			"Your name": "Bea Browser",
			"E-mail address": "bea@browser.example",
			"Address": "1 High Street",
			"City": "La Paz",
		}.items():
			self.browser.fill(label=label, value=value)
		self.browser.select(label="Country", value="Mexico")
		self.assertEqual(self.browser.submit(name="Order with obligation to pay"), 200)
		self.sees("We sent you an e-mail.")
		self.fresh()
		self.assertFalse(frappe.db.exists("Customer", {"customer_name": "_Test Browser Ltd"}))

		self.browser.goto(path=self.link_mailed_to("bea@browser.example"))
		self.sees("_Test Browser Ltd", "bea@browser.example")
		self.assertEqual(self.browser.submit(name="Confirm and begin"), 200)
		self.browser.arrives(path="/update-password")
		self.browser.type(selector="#new_password", value=PASSWORD)
		self.browser.type(selector="#confirm_password", value=PASSWORD)
		# Frappe looks at the password on the server, and at the button again with the next key.
		self.browser.waits(text="Success!")
		self.browser.keys(keys=["End"])
		self.browser.click(role="button", name="Confirm")
		# Frappe sends him to the home page of a customer.
		self.browser.arrives(path="/services")
		self.fresh()
		customer = frappe.db.get_value("Portal User", {"user": "bea@browser.example"}, "parent")
		contract = frappe.db.get_value(CONTRACT, {"customer": customer})
		(invoice,) = invoices_of(contract)
		self.sees("_Test Large", "Active", contract)
		self.browser.goto(path="/services/invoices")
		self.browser.click(role="link", name=f"Pay {invoice.name}")
		self.sees("By bank transfer", invoice.name)
		self.pay(invoice.name)
		self.browser.goto(path=f"/services/pay?invoice={invoice.name}")
		self.sees("This invoice is paid. Thank you.")
		self.assertEqual(frappe.db.get_value(CONTRACT, contract, "status"), "Active")

	def test_an_upgrade_is_previewed_and_charged_as_shown(self):
		a = self.tenant("A")
		self.log_in(a.users["Owner"])
		self.browser.goto(path=f"/services/contract?name={a.contract}")
		self.browser.click(role="link", name="Change plan")
		self.browser.click(role="link", name=": _Test Large, Monthly")
		self.sees("Credit for the unused days of _Test Small", "Total before tax")
		shown = re.search(r"Total before tax\s+\$ ([\d.,]+)", self.browser.text()).group(1)
		self.assertEqual(self.browser.submit(name="Order with obligation to pay"), 200)
		self.browser.arrives(path="/services/contract")
		self.sees("_Test Large", "Goes over from _Test Small to _Test Large today")
		self.fresh()
		made = [invoice.net_total for invoice in invoices_of(a.contract) if invoice.name != a.invoice]
		self.assertEqual(f"{sum(made):.2f}", shown)

	def test_renewal_is_switched_off_by_keyboard_alone(self):
		a = self.tenant("A")
		self.log_in(a.users["Owner"])
		self.browser.goto(path=f"/services/contract?name={a.contract}")
		for _ in range(80):
			self.browser.keys(keys=["Tab"])
			if self.browser.focused() == "Switch renewal off":
				break
		self.assertEqual(self.browser.focused(), "Switch renewal off")
		self.browser.keys(keys=["Enter"])
		self.browser.waits(text="Switch renewal on")
		self.sees("This contract does not renew.")
		self.fresh()
		self.assertEqual(frappe.db.get_value(CONTRACT, a.contract, "auto_renew"), 0)

	def test_a_suspended_customer_pays_and_has_his_access_back(self):
		a = self.tenant("A")
		for days in (10, 20):
			look_after(a.contract, getdate() + timedelta(days=days), site_ports())
		frappe.db.commit()
		self.log_in(a.users["Owner"])
		self.browser.goto(path="/services")
		self.sees("Suspended: pay what is open and your access comes back at once.", "Restricted")
		self.browser.goto(path=f"/services/contract?name={a.contract}")
		self.browser.click(role="link", name=f"Pay {a.invoice}")
		self.sees("By bank transfer")
		self.pay(a.invoice)
		self.browser.goto(path=f"/services/contract?name={a.contract}")
		self.sees("Active", "Full")
		self.assertEqual(frappe.db.get_value("Hosted Instance", a_system(a), "wanted_mode"), "Full")

	def test_credits_are_bought_spent_on_a_ticket_and_shown(self):
		a = self.tenant("A")
		policy = make_policy("_Test Credits", uses_credits=1, low_balance=30)
		frappe.db.set_value("Customer", a.customer, "support_policy", policy)
		make_credit_pack(published=1)
		frappe.db.commit()
		frappe.clear_cache()
		self.log_in(a.users["Owner"])
		self.browser.goto(path="/services/credits")
		self.assertEqual(self.browser.submit(name=": _Test 120 Credits"), 200)
		self.browser.arrives(path="/services/invoices")
		self.fresh()
		sold = frappe.db.get_value(
			"Contract Charge", {"customer": a.customer, "what": "_Test 120 Credits"}, "sales_invoice"
		)
		self.sees(sold)
		self.pay(sold)
		settle_packs(sold)
		frappe.db.commit()
		self.browser.goto(path="/services/credits")
		self.sees("120 credits.")

		self.browser.goto(path="/services/new-ticket")
		self.sees("You have 120.")
		self.browser.fill(label="Subject", value="The printer")
		self.browser.fill(label="What happens, and what did you expect?", value="It does not print.")
		self.assertEqual(self.browser.submit(name="Send"), 200)
		self.browser.arrives(path="/services/ticket")
		self.sees(
			"The printer", "It does not print.", "It costs 15 credits as far as we know now. You have 120."
		)
		self.fresh()
		resolve(frappe.db.get_value("SLA Ticket", {"customer": a.customer}), moment(), support_ports())
		frappe.db.commit()
		self.browser.goto(path="/services/credits")
		self.sees("105 credits.", "-15")

	def test_a_forged_request_without_the_token_is_refused(self):
		a = self.tenant("A")
		self.log_in(a.users["Owner"])
		self.browser.goto(path=f"/services/contract?name={a.contract}")
		self.browser.forget_token()
		self.assertEqual(self.browser.submit(name="Switch renewal off"), 400)
		# Nor from a session that has seen no page yet.
		self.browser.cookies()
		self.log_in(a.users["Owner"])
		form = {"contract": a.contract, "renew": "0"}
		self.assertEqual(self.browser.post(method=f"{PORTAL}.contract.set_renewal", form=form), 400)
		self.fresh()
		self.assertEqual(frappe.db.get_value(CONTRACT, a.contract, "auto_renew"), 1)

	def test_every_page_fits_a_phone_has_labels_and_raises_no_error(self):
		a = self.tenant("A")
		for route, query in {**{route: each[0] for route, each in PUBLIC.items()}}.items():
			self.look_at(f"/{route}?{query}", route)
		self.log_in(a.users["Owner"])
		for route, (query, *_rest) in PAGES.items():
			self.look_at(f"/{route}?{query.format(**vars(a))}", route)

	def look_at(self, path: str, route: str) -> None:
		for width, height in (DESKTOP, PHONE):
			with self.subTest(route, width=width):
				self.browser.size(width=width, height=height)
				self.assertLess(self.browser.goto(path=path), 400)
				self.assertLessEqual(self.browser.overflow(), 0)
				self.assertEqual(self.browser.errors(), [])
				if has_axe():
					self.assertEqual(self.browser.axe(only="main"), [])


def a_system(tenant: Tenant) -> str:
	return frappe.db.get_value(CONTRACT, tenant.contract, "instance")
