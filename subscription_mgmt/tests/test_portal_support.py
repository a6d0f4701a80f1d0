"""Does a customer get from the pages of support what he is promised, and nothing that his role does not allow?"""

import frappe
from frappe.tests.utils import FrappeTestCase

from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.adapters.conversation_records import take_from_portal, write_note
from subscription_mgmt.adapters.support_site import support_ports
from subscription_mgmt.api.portal import access, conversation, credits, support
from subscription_mgmt.engine.access_grants import Purpose
from subscription_mgmt.services.request_access import request_access
from subscription_mgmt.services.resolve import resolve
from subscription_mgmt.tests.portal import get_page, make_tenant, prepare_catalogue
from subscription_mgmt.tests.records import roll_back
from subscription_mgmt.tests.support import balance_of, grant, make_credit_pack, make_policy, make_ticket


class TestPortalSupport(FrappeTestCase):
	def setUp(self) -> None:
		self.addCleanup(roll_back)
		self.addCleanup(frappe.set_user, "Administrator")
		prepare_catalogue()
		self.a = make_tenant("A")
		self.owner, self.viewer = self.a.users["Owner"], self.a.users["Viewer"]

	def says(self, text: str, path: str, user: str | None = None) -> None:
		self.assertTrue(text in get_page(path, user or self.owner).html, f"{text!r} is not on {path}")

	def is_silent_about(self, text: str, path: str) -> None:
		self.assertFalse(text in get_page(path, self.owner).html, f"{text!r} is on {path}")

	def promise(self, policy: str) -> None:
		frappe.db.set_value("Customer", self.a.customer, "support_policy", policy)
		frappe.clear_document_cache("Customer", self.a.customer)

	def pay_with_credits(self) -> None:
		self.promise(make_policy("_Test Credits", uses_credits=1))

	def test_what_a_ticket_costs_is_said_before_it_is_opened(self):
		self.pay_with_credits()
		grant(self.a.customer, 120)
		self.says("You have 120.", "/services/new-ticket")
		self.says("Query: at least 15 credits", "/services/new-ticket")
		self.says("Intervention: at least 45 credits", "/services/new-ticket")

	def test_who_has_no_plan_is_told_that_nothing_is_promised(self):
		self.says("goes to the community", "/services/new-ticket")

	def test_outside_hours_he_is_told_when_work_resumes(self):
		never_now = frappe.get_doc(
			{
				"doctype": "Service Calendar",
				"calendar_name": "_Test Tomorrow Only",
				"time_zone": "UTC",
				"windows": [
					{
						"weekday": frappe.utils.add_days(frappe.utils.getdate(), 2).strftime("%A"),
						"start": "09:00:00",
						"end": "10:00:00",
					}
				],
			}
		).insert()
		self.promise(make_policy("_Test Rarely", service_calendar=never_now.name))
		self.says("We are out of office.", "/services/new-ticket")
		self.promise(make_policy())
		self.is_silent_about("We are out of office.", "/services/new-ticket")

	def test_from_a_ticket_to_its_solution_the_balance_and_the_rating(self):
		self.pay_with_credits()
		grant(self.a.customer, 60)
		with self.set_user(self.owner):
			name = conversation.open_ticket(
				self.a.customer, "It does not print.", subject="Printer", severity="4", kind="Query"
			)
		page = f"/services/ticket?name={name}"
		self.says("It costs 15 credits as far as we know now. You have 60.", page)
		self.says("It does not print.", page)
		write_note(name, "_Among ourselves")
		self.is_silent_about("_Among ourselves", page)
		resolve(name, moment(), support_ports())
		self.assertEqual(balance_of(self.a.customer), 45)
		self.says("It cost 15 credits. You have 45 left.", page)
		self.says("How was it?", page)
		self.says(f"{name}: Printer", "/services/credits")
		with self.set_user(self.owner):
			conversation.rate(name, 4, "Quick")
		self.says("4 of 5 stars", page)

	def test_what_a_customer_wrote_cannot_break_out_of_the_page(self):
		ticket = make_ticket(customer=self.a.customer, subject="<script>alert(1)</script>")
		take_from_portal(ticket, "<p>Hello <img src=x onerror=alert(2)></p>")
		self.is_silent_about("<script>alert(1)", f"/services/ticket?name={ticket.name}")
		self.is_silent_about("onerror", f"/services/ticket?name={ticket.name}")
		self.is_silent_about("<script>alert(1)", "/services/support")

	def test_credits_are_ordered_once_at_the_price_shown(self):
		make_credit_pack("_Test Portal 120", published=1)
		make_credit_pack("_Test Portal Hidden")
		self.says("_Test Portal 120", "/services/credits")
		self.is_silent_about("_Test Portal Hidden", "/services/credits")
		with self.set_user(self.owner):
			self.assertRaises(frappe.ValidationError, credits.buy, "_Test Portal 120", "ref1", "1.00")
			self.assertRaises(frappe.ValidationError, credits.buy, "_Test Portal 120", "ref1", "nonsense")
			self.assertRaises(frappe.ValidationError, credits.buy, "_Test Portal Hidden", "ref1", "120")
			credits.buy("_Test Portal 120", "ref1", "120", 2)
			self.assertRaises(frappe.ValidationError, credits.buy, "_Test Portal 120", "ref1", "120", 2)
		charges = frappe.get_all(
			"Contract Charge", {"customer": self.a.customer, "what": "_Test Portal 120"}, ["amount"]
		)
		self.assertEqual([charge.amount for charge in charges], [240])
		self.assertEqual(balance_of(self.a.customer), 0)

	def test_a_viewer_reads_and_does_nothing(self):
		make_credit_pack("_Test Portal 120", published=1)
		wanted = request_access(self.a.ticket, Purpose.SYSTEM, "", moment(), support_ports())
		with self.set_user(self.viewer):
			for verb in (
				lambda: conversation.open_ticket(self.a.customer, "Hello", subject="Hello"),
				lambda: conversation.say(self.a.ticket, "Hello"),
				lambda: credits.buy("_Test Portal 120", "ref1", "120"),
				lambda: access.hand_in(self.a.ticket, "root", "secret"),
				lambda: access.erase(wanted.name),
			):
				self.assertRaises(frappe.PermissionError, verb)
		self.assertFalse("Order with obligation" in get_page("/services/credits", self.viewer).html)

	def test_another_customers_ticket_is_not_there(self):
		b = make_tenant("B")
		self.assertEqual(get_page(f"/services/ticket?name={b.ticket}", self.owner).status, 403)
		self.assertEqual(get_page("/services/ticket?name=nonsense", self.owner).status, 403)
		self.is_silent_about(b.ticket, "/services/support")
		self.is_silent_about(b.contract, f"/services/new-ticket?contract={b.contract}")

	def test_articles_that_may_help_are_suggested(self):
		category = frappe.get_doc({"doctype": "Help Category", "category_name": "_Test"}).insert()
		for title, published in (("Restoring a password", 1), ("Passwords of our own", 0), ("Printing", 1)):
			frappe.get_doc(
				{
					"doctype": "Help Article",
					"title": title,
					"category": category.name,
					"content": title,
					"published": published,
				}
			).insert()
		with self.set_user(self.owner):
			found = [article["title"] for article in support.suggestions("I lost my password")]
			self.assertEqual(found, ["Restoring a password"])
			self.assertEqual(support.suggestions("a b %"), [])
		with self.set_user("Guest"):
			self.assertRaises(frappe.PermissionError, support.suggestions, "password")

	def test_access_is_handed_in_on_the_ticket_and_taken_back(self):
		wanted = request_access(self.a.ticket, Purpose.SYSTEM, "https://a.example", moment(), support_ports())
		page = f"/services/ticket?name={self.a.ticket}"
		self.says("Hand in", page)
		with self.set_user(self.a.users["Technical"]):
			access.hand_in(self.a.ticket, "temporary", "s3cret-of-a", "https://a.example")
		self.is_silent_about("s3cret-of-a", page)
		self.says("Erase now", page)
		with self.set_user(self.a.users["Technical"]):
			access.erase(wanted.name)
		self.says("It is removed", page)
