"""Who gets into the portal: people whom the owner invites, and visitors who sign up and confirm their address?"""

import email as mails
import re
from html import unescape
from typing import ClassVar

import frappe

from subscription_mgmt.adapters.portal_members import roles_of
from subscription_mgmt.api.portal import people, signup
from subscription_mgmt.api.portal.home import home_page
from subscription_mgmt.engine.portal_roles import PortalRole
from subscription_mgmt.tests.portal import PortalCase, get_page, make_tenant, shown_total
from subscription_mgmt.tests.records import invoices_of, make_plan, make_user, settings

CONTRACT = "Subscription Contract"


class TestPeople(PortalCase):
	def invite(self, email: str, role: str = "Billing") -> dict:
		with self.acting("Owner"):
			return people.invite(self.a.customer, email, role, "Carla <b>Costa</b>")

	def mails_to(self, email: str) -> int:
		return frappe.db.count("Email Queue Recipient", {"recipient": email})

	def test_an_invited_person_gets_an_account_a_role_and_a_mail(self):
		self.invite("carla@portal.example")
		self.assertEqual(roles_of("carla@portal.example"), {self.a.customer: PortalRole.BILLING})
		user = frappe.get_doc("User", "carla@portal.example")
		self.assertEqual((user.user_type, user.first_name), ("Website User", "Carla Costa"))
		self.assertIn("Customer", {row.role for row in user.roles})
		self.assertTrue(user.reset_password_key)
		self.assertEqual(self.mails_to("carla@portal.example"), 1)

	def test_the_answer_is_the_same_whether_there_is_an_account_or_not(self):
		known = make_user("known@portal.example", user_type="Website User")
		frappe.db.set_value("User", known, "first_name", "Secret Name")
		self.assertEqual(self.invite(known), self.invite("unknown@portal.example"))
		self.assertEqual((self.mails_to(known), self.mails_to("unknown@portal.example")), (1, 1))
		html = get_page("/services/people", self.a.users["Owner"]).html
		self.assertTrue(known in html)
		self.assertFalse("Secret Name" in html)

	def test_an_account_that_is_disabled_stays_so_and_gets_no_mail(self):
		user = make_user("gone@portal.example", user_type="Website User")
		frappe.db.set_value("User", user, "enabled", 0)
		self.invite(user)
		self.assertEqual((frappe.db.get_value("User", user, "enabled"), self.mails_to(user)), (0, 0))

	def test_only_the_owner_manages_people_and_only_his_own(self):
		b = make_tenant("B")
		for role in ("Billing", "Technical", "Viewer"):
			with self.acting(role), self.assertRaises(frappe.PermissionError):
				people.invite(self.a.customer, "x@portal.example", "Owner")
		with self.acting("Owner"):
			for work in (people.remove, people.set_role):
				arguments = [b.customer, b.users["Viewer"], *(["Owner"] if work is people.set_role else [])]
				with self.assertRaises(frappe.PermissionError):
					work(*arguments)
			with self.assertRaises(frappe.ValidationError):
				people.set_role(self.a.customer, b.users["Viewer"], "Owner")
		self.assertEqual(roles_of(b.users["Viewer"]), {b.customer: PortalRole.VIEWER})

	def test_who_is_removed_sees_nothing_from_then_on(self):
		with self.acting("Owner"):
			people.remove(self.a.customer, self.a.users["Viewer"])
		self.assertEqual(get_page("/services", self.a.users["Viewer"]).status, 403)

	def test_the_last_owner_can_neither_leave_nor_become_less(self):
		owner = self.a.users["Owner"]
		with self.acting("Owner"):
			for work in (
				lambda: people.remove(self.a.customer, owner),
				lambda: people.set_role(self.a.customer, owner, "Viewer"),
			):
				with self.assertRaises(frappe.ValidationError):
					work()
			people.set_role(self.a.customer, self.a.users["Billing"], "Owner")
			people.remove(self.a.customer, owner)
		self.assertEqual(roles_of(owner), {})

	def test_roles_are_given_to_portal_users_that_somebody_adds_in_desk(self):
		record = frappe.get_doc("Customer", self.a.customer)
		make_user("late@portal.example", "Customer", user_type="Website User")
		record.append("portal_users", {"user": "late@portal.example"})
		record.save()
		self.assertEqual(roles_of("late@portal.example"), {self.a.customer: PortalRole.VIEWER})


class TestSignup(PortalCase):
	FORM: ClassVar[dict[str, str]] = {
		"plan": "_Test Large",
		"interval": "Monthly",
		"full_name": "Nora <script>x</script>New",
		"organisation": "_Test Newcomers & Sons",
		"address_line": "1 High Street",
		"postcode": "12345",
		"city": "La Paz",
		"country": "Mexico",
	}

	def setUp(self):
		super().setUp()
		frappe.db.set_single_value("Website Settings", "disable_signup", 0)
		frappe.clear_document_cache("Website Settings", "Website Settings")

	def apply(self, email: str = "nora@new.example", **changes: str) -> dict:
		with self.set_user("Guest"):
			return signup.sign_up(**{**self.FORM, "email": email, **changes})

	def link_mailed_to(self, email: str) -> str | None:
		"""The link in the last mail to the address."""
		queue = frappe.get_all(
			"Email Queue Recipient", {"recipient": email}, pluck="parent", order_by="creation desc", limit=1
		)
		if not queue:
			return None
		message = frappe.get_doc("Email Queue", queue[0]).message
		text = message if isinstance(message, str) else message.decode()
		parts = [
			part for part in mails.message_from_string(text).walk() if part.get_content_type() == "text/html"
		]
		html = parts[0].get_payload(decode=True).decode()
		return unescape(re.search(r'href="([^"]*/services/[^"]*)"', html).group(1))

	def key_mailed_to(self, email: str) -> str:
		return re.search(r"/services/confirm\?key=(\w+)", self.link_mailed_to(email)).group(1)

	def confirm(self, key: str) -> dict:
		with self.set_user("Guest"):
			return signup.confirm(key)

	def test_nothing_is_made_or_billed_before_the_address_is_confirmed(self):
		before = self.counts()
		self.apply()
		self.assertEqual(self.counts(), before)
		self.assertEqual(frappe.db.count("Portal Signup", {"email": "nora@new.example"}), 1)

	def counts(self) -> list[int]:
		return [frappe.db.count(doctype) for doctype in ("User", "Customer", CONTRACT, "Sales Invoice")]

	def test_whoever_confirms_is_a_customer_with_a_contract_and_its_first_invoice(self):
		self.apply()
		with settings(submit_invoices=1):
			answer = self.confirm(self.key_mailed_to("nora@new.example"))
		self.assertTrue(answer["next"].startswith("/update-password?key="))
		(customer,) = roles_of("nora@new.example")
		self.assertEqual(roles_of("nora@new.example"), {customer: PortalRole.OWNER})
		contract = frappe.get_doc(CONTRACT, {"customer": customer})
		self.assertEqual((contract.status, contract.plan), ("Active", "_Test Large"))
		(invoice,) = invoices_of(contract.name)
		self.assertEqual((invoice.docstatus, invoice.net_total, invoice.customer), (1, 90, customer))
		user = frappe.get_doc("User", "nora@new.example")
		self.assertEqual((user.user_type, user.first_name), ("Website User", "Nora xNew"))
		self.assertEqual({row.role for row in user.roles}, {"Customer"})
		page = get_page("/services", "nora@new.example")
		self.assertTrue(contract.name in page.html)
		self.assertEqual(frappe.session.user, "Administrator")

	def test_a_trial_begins_without_an_invoice(self):
		make_plan("_Test Portal Trial", prices={"Monthly": 12}, trial_days=14, published=1)
		self.apply(plan="_Test Portal Trial")
		self.confirm(self.key_mailed_to("nora@new.example"))
		(customer,) = roles_of("nora@new.example")
		contract = frappe.get_doc(CONTRACT, {"customer": customer})
		self.assertEqual((contract.status, invoices_of(contract.name)), ("Trialling", []))

	def test_a_link_works_once_and_for_two_days(self):
		self.apply()
		key = self.key_mailed_to("nora@new.example")
		self.confirm(key)
		with self.assertRaises(frappe.ValidationError):
			self.confirm(key)
		self.apply("late@new.example")
		frappe.db.set_value("Portal Signup", {"email": "late@new.example"}, "expires_at", "2020-01-01")
		for bad in (self.key_mailed_to("late@new.example"), "", "x" * 40):
			with self.assertRaises(frappe.ValidationError):
				self.confirm(bad)
		self.assertFalse(frappe.db.exists("User", "late@new.example"))

	def test_the_key_is_kept_nowhere(self):
		self.apply()
		key = self.key_mailed_to("nora@new.example")
		row = frappe.get_all("Portal Signup", {"email": "nora@new.example"}, ["*"])[0]
		self.assertNotIn(key, row.values())

	def test_an_address_that_is_known_is_answered_alike_and_gets_a_mail_of_its_own(self):
		known = self.a.users["Owner"]
		self.assertEqual(self.apply(known), self.apply("nobody@new.example"))
		self.assertTrue("/services/signup?plan=" in self.link_mailed_to(known))
		self.assertTrue("/services/confirm?key=" in self.link_mailed_to("nobody@new.example"))

	def test_a_machine_that_fills_in_the_hidden_field_is_answered_and_forgotten(self):
		self.assertEqual(
			self.apply("bot@new.example", website="http://spam.example"), self.apply("nora@new.example")
		)
		self.assertEqual(frappe.db.count("Portal Signup", {"email": "bot@new.example"}), 0)

	def test_what_is_not_for_sale_is_refused(self):
		for changes in (
			{"plan": "_Test Secret"},
			{"plan": "_Test Archive"},
			{"plan": "_Test Portal Edition"},
			{"interval": "Quarterly"},
			{"country": "Nowhere"},
			{"organisation": " "},
			{"email": "no address"},
		):
			with self.subTest(changes), self.assertRaises(frappe.ValidationError):
				self.apply(**{"email": "nora@new.example", **changes})
		self.assertEqual(frappe.db.count("Portal Signup"), 0)

	def test_a_site_that_lets_nobody_sign_up_lets_nobody_sign_up(self):
		frappe.db.set_single_value("Website Settings", "disable_signup", 1)
		frappe.clear_document_cache("Website Settings", "Website Settings")
		with self.assertRaises(frappe.ValidationError):
			self.apply()
		html = get_page("/services/prices", "Guest").html
		self.assertTrue("_Test Large" in html)
		self.assertFalse("/services/signup" in html)

	def test_a_customer_orders_another_contract_at_the_price_shown(self):
		total = shown_total(self.a, "/services/signup?plan=_Test+Large&interval=Monthly")
		with self.acting("Viewer"), self.assertRaises(frappe.PermissionError):
			signup.order(self.a.customer, "_Test Large", "Monthly", total)
		with self.acting("Owner"):
			with self.assertRaises(frappe.ValidationError):
				signup.order(self.a.customer, "_Test Large", "Monthly", "1")
			signup.order(self.a.customer, "_Test Large", "Monthly", total)
		plans = frappe.get_all(CONTRACT, {"customer": self.a.customer}, pluck="plan", order_by="creation")
		self.assertEqual(plans, ["_Test Small", "_Test Large"])

	def test_old_applications_are_forgotten(self):
		self.apply("old@new.example")
		frappe.db.set_value(
			"Portal Signup", {"email": "old@new.example"}, "modified", "2020-01-01", update_modified=False
		)
		self.apply("fresh@new.example")
		frappe.get_doc("Portal Signup", {"email": "fresh@new.example"}).clear_old_logs(7)
		self.assertEqual(frappe.get_all("Portal Signup", pluck="email"), ["fresh@new.example"])


class TestHome(PortalCase):
	def test_a_customer_lands_in_the_portal_unless_the_site_has_a_home_page(self):
		self.assertEqual(home_page(self.a.users["Viewer"]), "services")
		self.assertIsNone(home_page("Administrator"))
		self.assertIsNone(home_page("Guest"))
		frappe.db.set_single_value("Website Settings", "home_page", "welcome")
		frappe.clear_document_cache("Website Settings", "Website Settings")
		self.assertIsNone(home_page(self.a.users["Viewer"]))
