"""Does every page of the portal show what it should to whom it should, in few queries?"""

from pathlib import Path

import frappe

from subscription_mgmt.tests.portal import ROLES, PortalCase, get_page, make_tenant
from subscription_mgmt.tests.records import make_user, settings

# Every page: its query, with {contract}, {invoice}, {licence} of the tenant; who sees it, and a text found on it.
ALL, MONEY, SYSTEM, OWNER = set(ROLES), {"Owner", "Billing"}, {"Owner", "Technical"}, {"Owner"}
PAGES = {
	"services": ("", ALL, "{contract}"),
	"services/contract": ("name={contract}", ALL, "{invoice}"),
	"services/history": ("name={contract}", ALL, "Draft → Active"),
	"services/invoices": ("", ALL, "{invoice}"),
	"services/licences": ("", ALL, "{licence}"),
	"services/change-plan": ("name={contract}", MONEY, "_Test Large"),
	"services/add-pack": ("name={contract}", MONEY, "_Test Seats"),
	"services/pay": ("invoice={invoice}", MONEY, "{invoice}"),
	"services/cancel": ("name={contract}", OWNER, "What it means"),
	"services/support": ("", ALL, "{ticket}"),
	"services/new-ticket": ("contract={contract}", {"Owner", "Billing", "Technical"}, "How bad is it?"),
	"services/ticket": ("name={ticket}", ALL, "Printer of A"),
	"services/backups": ("", ALL, "a.portal.example"),
	"services/training": ("", ALL, "You have no training."),
	"services/credits": ("", ALL, "Nothing was booked yet."),
	"services/usage": ("name={contract}", ALL, "Forecast of the month"),
	"services/users": ("name={contract}", ALL, "Users per module"),
	"services/people": ("", OWNER, "viewer@a.portal.example"),
}
PUBLIC = {
	"services/prices": ("", "_Test Large"),
	"services/signup": ("plan=_Test+Large&interval=Monthly", "_Test Large"),
	"services/confirm": ("key=nonsense", "not valid any more"),
}
MOST_QUERIES = 25


class TestPortalPages(PortalCase):
	def url(self, route: str, query: str) -> str:
		return f"/{route}?{query.format(**vars(self.a))}"

	def test_every_page_is_named_here(self):
		folder = Path(frappe.get_app_path("subscription_mgmt", "www", "services"))
		found = {f"services/{path.stem}".removesuffix("/index") for path in folder.glob("*.html")}
		self.assertEqual(found, {*PAGES, *PUBLIC})

	def test_a_page_is_shown_to_those_whose_role_allows_it_and_refused_to_others(self):
		for route, (query, roles, text) in PAGES.items():
			for role in ROLES:
				with self.subTest(route, role=role):
					page = get_page(self.url(route, query), self.a.users[role])
					self.assertEqual(page.status, 200 if role in roles else 403)
					if role in roles:
						self.says(text.format(**vars(self.a)), page)
					else:
						self.is_silent_about(self.a.invoice, page)

	def test_no_page_needs_many_queries(self):
		"""Beside what Frappe itself asks for any page of its website: some 18, for menus and settings."""
		owner = self.a.users["Owner"]
		for route, query, user in (
			*((route, each[0], owner) for route, each in PAGES.items()),
			*((route, each[0], "Guest") for route, each in PUBLIC.items()),
		):
			get_page(self.url(route, query), user)  # what is cached for everybody
			own = get_page(self.url(route, query), user).queries - self.of_an_empty_page(user)
			with self.subTest(route):
				self.assertLessEqual(own, MOST_QUERIES)
				self.assertGreater(own, 0)

	def of_an_empty_page(self, user: str) -> int:
		get_page("/message", user)
		return get_page("/message", user).queries

	def test_guests_are_sent_to_log_in_and_come_back(self):
		for route, (query, *_rest) in PAGES.items():
			with self.subTest(route):
				page = get_page(self.url(route, query), "Guest")
				self.assertEqual(page.status, 302)
				self.assertTrue(
					page.location.startswith(f"/login?redirect-to=%2F{route.replace('/', '%2F')}")
				)

	def test_the_public_pages_are_for_everybody(self):
		for route, (query, text) in PUBLIC.items():
			for user in ("Guest", self.a.users["Owner"]):
				with self.subTest(route, user=user):
					page = get_page(f"/{route}?{query}", user)
					self.assertEqual(page.status, 200)
					self.says(text, page)

	def test_who_is_no_portal_user_sees_no_page(self):
		stranger = make_user("stranger@portal.example", "Customer", user_type="Website User")
		for route, (query, *_rest) in PAGES.items():
			with self.subTest(route):
				self.assertEqual(get_page(self.url(route, query), stranger).status, 403)

	def test_what_is_not_published_is_on_no_page(self):
		for route in ("services/prices", f"services/change-plan?name={self.a.contract}"):
			page = get_page(f"/{route}", self.a.users["Owner"])
			self.says("_Test Large", page)
			self.is_silent_about("_Test Secret", page)
		packs = get_page(f"/services/add-pack?name={self.a.contract}", self.a.users["Owner"])
		self.is_silent_about("_Test Hidden", packs)

	def test_what_a_customer_is_called_cannot_break_out_of_the_page(self):
		evil = "<img src=x onerror=alert(1)>"
		frappe.db.set_value("Subscription Contract", self.a.contract, "instance", evil)
		for path in ("/services", f"/services/contract?name={self.a.contract}"):
			page = get_page(path, self.a.users["Owner"])
			self.is_silent_about(evil, page)
			self.says("&lt;img src=x", page)

	def test_pages_speak_the_language_of_the_user(self):
		for language, text in (("es", "Sus contratos"), ("fr", "Vos contrats")):
			frappe.local.lang = language
			self.addCleanup(setattr, frappe.local, "lang", "en")
			with self.subTest(language):
				self.says(text, get_page("/services", self.a.users["Owner"]))

	def test_a_user_of_two_customers_chooses_whose_portal_he_sees(self):
		from subscription_mgmt.api.portal.people import switch

		b = make_tenant("B")
		user = self.a.users["Owner"]
		record = frappe.get_doc("Customer", b.customer)
		record.append("portal_users", {"user": user, "portal_role": "Viewer"})
		record.save()
		self.says(self.a.contract, get_page("/services", user))
		with self.set_user(user):
			switch(b.customer)
		page = get_page("/services", user)
		self.says(b.contract, page)
		self.is_silent_about(self.a.contract, page)
		# He only reads there, and a link to his other customer still leads there.
		self.assertEqual(get_page(f"/services/cancel?name={b.contract}", user).status, 403)
		self.assertEqual(get_page(f"/services/cancel?name={self.a.contract}", user).status, 200)

	def test_a_transfer_is_asked_for_where_no_gateway_is_set_up(self):
		with settings(payment_days=14):
			page = get_page(f"/services/pay?invoice={self.a.invoice}", self.a.users["Billing"])
		self.says("By bank transfer", page)
		self.is_silent_about("api.portal.invoices.pay", page)
