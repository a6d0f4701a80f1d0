"""Does a customer see in the portal what is behind his usage, what it will cost, and which pack would hold it?"""

from datetime import date
from unittest import mock

import frappe

from subscription_mgmt.adapters.portal_contracts import standings_of
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.api.portal import guard
from subscription_mgmt.services.bill import bill
from subscription_mgmt.tests.portal import get_page
from subscription_mgmt.tests.records import clock_at, invoices_of, make_pack
from subscription_mgmt.tests.test_contract_users import FEBRUARY, UsersTestCase


class TestPortalUsage(UsersTestCase):
	def setUp(self):
		super().setUp()
		today = mock.patch.object(guard, "today_in", lambda _zone: date(2026, 1, 12))
		today.start()
		self.addCleanup(today.stop)
		self.register("ana@users.example")
		self.register("ben@users.example", "_Test CRM")

	def page(self, query: str, by: str | None = None):
		with clock_at(date(2026, 1, 12)):
			return get_page(f"/services/{query}", by or self.viewer)

	def says(self, text: str, page: object) -> None:
		self.assertTrue(text in page.html, f"{text!r} is not on the page")

	def test_the_running_month_says_what_it_will_come_to_and_who_is_counted(self):
		page = self.page(f"usage?name={self.contract}")
		self.assertEqual(page.status, 200)
		for text in ("Users · _Test CRM", "2 of 1", "12.00", "ana@users.example, ben@users.example"):
			self.says(text, page)
		self.says("services/usage?name=", self.page(f"contract?name={self.contract}"))

	def test_the_bars_of_a_new_month_begin_at_the_level_of_the_old_one(self):
		contract = site_ports().contracts.get(self.contract)
		users = {("users", "_Test CRM"): 2, ("users", "_Test Sales"): 1}
		for today in (date(2026, 1, 12), date(2026, 2, 12), date(2026, 4, 1)):
			found = standings_of([(contract, today)])[self.contract]
			with self.subTest(today):
				self.assertEqual({what: each.highest for what, each in found.items()}, users)
		self.assertEqual({each.total for each in found.values()}, {0})

	def test_an_invoice_is_explained_and_one_without_usage_has_no_link(self):
		bill(self.contract, FEBRUARY, site_ports())
		first, second = invoices_of(self.contract)
		listed = self.page("invoices")
		self.says(f"usage?invoice={second.name}", listed)
		self.assertFalse(f"usage?invoice={first.name}" in listed.html)
		page = self.page(f"usage?invoice={second.name}")
		self.says("1 beyond the quota at $ 12.00 each: $ 12.00", page)
		self.says("ana@users.example, ben@users.example", page)
		self.says("No usage was measured.", self.page(f"usage?invoice={first.name}"))

	def test_what_late_records_changed_is_told_apart_from_what_was_billed(self):
		bill(self.contract, FEBRUARY, site_ports())
		second = invoices_of(self.contract)[1]
		self.register("eva@users.example", "_Test CRM")  # counted on the 10th, after January was billed
		page = self.page(f"usage?invoice={second.name}")
		self.says("1 beyond the quota at $ 12.00 each: $ 12.00", page)
		self.says("The month comes to 2 beyond the quota in all.", page)

	def test_another_customer_a_draft_and_an_unknown_invoice_are_refused_alike(self):
		bill(self.contract, FEBRUARY, site_ports())
		second = invoices_of(self.contract)[1]
		for query in (f"name={self.contract}", f"invoice={second.name}", "invoice=NO-SUCH"):
			with self.subTest(query):
				page = self.page(f"usage?{query}", self.other)
				self.assertEqual(page.status, 403)
				self.assertFalse("ben@users.example" in page.html)
		frappe.db.set_value("Sales Invoice", second.name, "docstatus", 0)
		self.assertEqual(self.page(f"usage?invoice={second.name}").status, 403)


class TestPacksToldToCustomers(UsersTestCase):
	def test_whom_a_full_quota_refuses_is_told_so_before_with_the_pack_that_makes_room(self):
		frappe.db.set_value("Pack", "_Test Seat", "published", 1)
		frappe.db.set_value("Plan Quota", {"parent": "_Test Users", "metric": "users"}, "excess", "Block")
		frappe.clear_document_cache("Plan", "_Test Users")
		self.register("ana@users.example")
		query = f"/services/users?name={self.contract}&user=ben@users.example&modules=_Test+CRM"
		page = get_page(query, self.owner)
		for text in ("2 of 1", "take the pack", "There is no room for this user yet."):
			self.assertTrue(text in page.html, text)
		self.assertFalse("api.users.add" in page.html)
		free = get_page(query.replace("&modules=_Test+CRM", ""), self.owner)
		self.assertTrue("api.users.add" in free.html)

	def test_what_another_user_costs_is_told_before_he_is_registered(self):
		self.register("ana@users.example")
		page = get_page(f"/services/users?name={self.contract}", self.viewer)
		self.assertTrue("each one beyond: $ 12.00 a month" in page.html)

	def test_a_customer_is_told_of_packs_that_are_sold_and_shown_and_staff_of_all_that_are_sold(self):
		make_pack("_Test Old", kind="Users", metric="users", per_module=1, quantity=1, prices={"Yearly": 1})
		frappe.db.set_value("Pack", "_Test Old", "disabled", 1)
		for name in frappe.get_all("Pack", {"metric": "users"}, pluck="name"):
			frappe.db.set_value("Pack", name, "published", 0)
		by_staff = self.register("ana@users.example")["seats"][0]["pack"]
		self.assertNotIn(by_staff, (None, "_Test Old"))
		listed = "subscription_mgmt.api.users.listed"
		told = self.call(self.owner, listed, "GET", contract=self.contract)
		self.assertIsNone(told["seats"][0]["pack"])
		frappe.db.set_value("Pack", "_Test Seat", "published", 1)
		told = self.call(self.owner, listed, "GET", contract=self.contract)
		self.assertEqual(told["seats"][0]["pack"], "_Test Seat")
