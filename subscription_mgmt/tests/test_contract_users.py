"""Are registered users kept, counted and shown to those who may, in Desk and in the portal?"""

from datetime import date, datetime
from unittest import mock

import frappe
from frappe.handler import execute_cmd

from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.adapters.user_records import DOCTYPE
from subscription_mgmt.api import quota, users
from subscription_mgmt.services.activate import activate
from subscription_mgmt.services.bill import bill
from subscription_mgmt.tests.records import (
	charges_of,
	clock_at,
	invoices_of,
	make_contract,
	make_customer,
	make_module,
	make_pack,
	make_plan,
	make_user,
)
from subscription_mgmt.tests.test_contract_desk import DeskTestCase
from subscription_mgmt.tests.test_usage import QUOTAS

START, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
NOON = datetime.fromisoformat("2026-01-10T16:00:00+00:00")
ADD, CHANGE, REMOVE = (f"subscription_mgmt.api.users.{verb}" for verb in ("add", "change", "remove"))
LISTED, WOULD = "subscription_mgmt.api.users.listed", "subscription_mgmt.api.users.would_add"


class UsersTestCase(DeskTestCase):
	def setUp(self):
		super().setUp()
		modules = [make_module("_Test CRM"), make_module("_Test Sales")]
		make_pack("_Test Seat", kind="Users", metric="users", per_module=1, quantity=1, prices={"Yearly": 90})
		quotas = [{**QUOTAS[0], "included": 1}, QUOTAS[1]]
		plan = make_plan(
			"_Test Users", quotas=quotas, modules=[{"service_module": module} for module in modules]
		)
		self.owner, self.viewer, self.other = (
			make_user(f"{name}@users.example", "Customer", user_type="Website User")
			for name in ("owner", "viewer", "other")
		)
		people = [
			{"user": self.owner, "portal_role": "Owner"},
			{"user": self.viewer, "portal_role": "Viewer"},
		]
		self.contract = self.running(make_customer("_Test Users Ltd", portal_users=people), plan.name)
		stranger = [{"user": self.other, "portal_role": "Owner"}]
		self.running(make_customer("_Test Users Inc", portal_users=stranger), plan.name)
		noon = mock.patch.object(users, "moment", lambda: NOON)
		noon.start()
		self.addCleanup(noon.stop)

	def call(self, by: str, method: str, verb: str = "POST", /, **arguments: object) -> object:
		"""As a request of `by` reaches it; `user` is an argument of the methods."""
		with self.set_user(by):
			frappe.local.request = frappe._dict(method=verb)
			frappe.local.form_dict = frappe._dict(arguments)
			try:
				return execute_cmd(method)
			finally:
				del frappe.local.request

	def running(self, customer: str, plan: str) -> str:
		contract = make_contract(
			customer=customer, plan=plan, interval="Yearly", start_date=START, time_zone="America/La_Paz"
		)
		activate(contract.name, START, site_ports())
		return contract.name

	def register(self, login: str, *modules: str, by: str | None = None) -> dict:
		named = {"full_name": login.partition("@")[0].title(), "modules": frappe.as_json(modules)}
		return self.call(by or self.user, ADD, contract=self.contract, user=login, **named)

	def levels(self) -> list[tuple]:
		rows = frappe.get_all(
			"Usage Record",
			{"subscription_contract": self.contract},
			["service_module", "value", "subjects"],
			order_by="usage_key",
		)
		return [(row.service_module, row.value, row.subjects.split("\n")) for row in rows]


class TestRegistering(UsersTestCase):
	def test_a_user_is_registered_counted_billed_and_named_on_the_invoice(self):
		self.register("Ana@Users.example")
		told = self.register("ben@users.example", "_Test CRM")
		self.assertEqual(
			[(user["user"], user["modules"], user["is_administrator"]) for user in told["users"]],
			[("ana@users.example", [], True), ("ben@users.example", ["_Test CRM"], False)],
		)
		crm = told["seats"][0]
		self.assertEqual(
			(crm["module"], crm["users"], crm["quota"], crm["extra"], crm["price"], bool(crm["pack"])),
			("_Test CRM", 2, 1, 1, "12.0", True),
		)
		self.assertEqual(self.levels()[-1], ("_Test CRM", 2, ["ana@users.example", "ben@users.example"]))
		bill(self.contract, FEBRUARY, site_ports())
		usage = [(row.service_module, row.amount) for row in charges_of(self.contract) if row.kind == "usage"]
		self.assertEqual(usage, [("_Test CRM", 12)])
		self.assertIn("ben@users.example", invoices_of(self.contract)[-1].items[0].description)

	def test_it_says_beforehand_what_would_be_metered_and_stores_nothing(self):
		self.register("ana@users.example")
		arguments = {"contract": self.contract, "user": "ben", "modules": '["_Test CRM"]'}
		told = self.call(self.user, WOULD, "GET", **arguments)
		self.assertEqual([each["extra"] for each in told["seats"]], [1, 0])
		self.assertEqual(frappe.db.count(DOCTYPE, {"subscription_contract": self.contract}), 1)

	def test_rights_change_and_users_go(self):
		self.register("ana@users.example")
		self.register("ben@users.example", "_Test CRM")
		given = {"contract": self.contract, "user": "ben@users.example"}
		told = self.call(self.user, CHANGE, **given, modules='["_Test Sales"]')
		self.assertEqual([each["users"] for each in told["seats"]], [1, 2])
		told = self.call(self.user, CHANGE, **given, enabled="0")
		self.assertEqual([each["users"] for each in told["seats"]], [1, 1])
		self.assertEqual(told["users"][1]["modules"], ["_Test Sales"])
		told = self.call(self.user, CHANGE, **given, enabled="1", is_administrator="1")
		self.assertEqual([user["is_administrator"] for user in told["users"]], [False, True])
		given["user"] = "ana@users.example"
		self.assertEqual(len(self.call(self.user, REMOVE, **given)["users"]), 1)
		actions = frappe.get_all(
			"Subscription Activity", {"contract": self.contract, "action": ["like", "user_%"]}, pluck="action"
		)
		self.assertEqual(sorted(actions), ["user_added"] * 2 + ["user_changed"] * 3 + ["user_removed"])

	def test_what_is_refused_is_said_in_a_sentence_and_changes_nothing(self):
		self.register("ana@users.example")
		before = self.levels()
		for words, login, modules in (
			("is registered already", "ana@users.example", ()),
			("does not contain _Test HR", "eva@users.example", ("_Test HR",)),
			("a name of 1 to 140", "  ", ()),
		):
			self.assert_refused(words, frappe.ValidationError, self.register, login, *modules)
		given = {"contract": self.contract, "user": "ana@users.example"}
		words = "is the administrator"
		self.assert_refused(words, frappe.ValidationError, self.call, self.user, REMOVE, **given)
		self.assertEqual(self.levels(), before)

	def test_nobody_edits_the_records_past_the_buttons(self):
		self.register("ana@users.example")
		record = frappe.get_last_doc(DOCTYPE)
		record.is_administrator = 0
		self.assertRaises(frappe.ValidationError, record.save)
		self.assertRaises(frappe.ValidationError, record.delete)
		new = frappe.get_doc(
			{"doctype": DOCTYPE, "subscription_contract": self.contract, "user_name": "x", "name": "x"}
		)
		self.assertRaises(frappe.ValidationError, new.insert)

	def test_the_list_costs_the_same_few_queries_however_many_users_there_are(self):
		self.register("ana@users.example")
		for n in range(3):
			self.register(f"u{n}@users.example", "_Test CRM")
		users.listed(self.contract)
		with self.assertQueryCount(12):
			users.listed(self.contract)


class TestWhoMay(UsersTestCase):
	def test_the_owner_registers_in_the_portal_and_a_viewer_only_reads(self):
		self.register("ana@users.example", by=self.owner)
		self.assertEqual(len(self.call(self.viewer, LISTED, "GET", contract=self.contract)["users"]), 1)
		self.assertRaises(frappe.PermissionError, self.register, "ben@users.example", by=self.viewer)
		self.assertEqual(frappe.db.count(DOCTYPE, {"subscription_contract": self.contract}), 1)
		channel = frappe.get_all(
			"Subscription Activity", {"contract": self.contract, "action": "user_added"}, pluck="user"
		)
		self.assertEqual(channel, [self.owner])

	def test_another_customer_sees_and_changes_nothing(self):
		self.register("ana@users.example")
		self.assertRaises(frappe.PermissionError, self.register, "eva@users.example", by=self.other)
		given = {"contract": self.contract, "user": "ana@users.example"}
		for method, verb in ((LISTED, "GET"), (WOULD, "GET"), (CHANGE, "POST"), (REMOVE, "POST")):
			arguments = given if method != LISTED else {"contract": self.contract}
			self.assertRaises(frappe.PermissionError, self.call, self.other, method, verb, **arguments)
		self.assertRaises(
			frappe.PermissionError,
			self.call,
			self.other,
			"subscription_mgmt.api.quota.of_contract",
			"GET",
			contract=self.contract,
		)
		with self.set_user(self.other):
			self.assertEqual(frappe.get_list(DOCTYPE), [])

	def test_nobody_without_a_role_registers(self):
		self.assertRaises(frappe.PermissionError, self.register, "ana@users.example", by=self.stranger)


class TestQuotas(UsersTestCase):
	def test_the_bars_show_used_allowed_and_what_the_month_will_cost(self):
		self.register("ana@users.example")
		self.register("ben@users.example", "_Test CRM")
		with clock_at(date(2026, 1, 12)):
			told = quota.of_contract(self.contract)
		shown = [
			(
				each["metric"],
				each["module"],
				each["used"],
				each["quota"],
				each["expected_amount"],
				each["blocks"],
			)
			for each in told["quotas"]
		]
		self.assertEqual(
			shown,
			[
				("users", "_Test CRM", 2, 1, "12.00", False),
				("users", "_Test Sales", 1, 1, "0.00", False),
				("companies", None, 0, 1, "0", True),
			],
		)
		self.assertEqual((told["from"], told["until"]), (START, FEBRUARY))

	def test_an_invoice_explains_its_usage_and_one_without_has_nothing_to_say(self):
		self.register("ana@users.example")
		self.register("ben@users.example", "_Test CRM")
		bill(self.contract, FEBRUARY, site_ports())
		first, second = invoices_of(self.contract)
		self.assertEqual(quota.of_invoice(first.name), [])
		(told,) = quota.of_invoice(second.name)
		self.assertEqual((told["module"], told["over"], told["price"]), ("_Test CRM", 1, 12))
		self.assertEqual(told["days"][9]["subjects"], ["ana@users.example", "ben@users.example"])
		with self.set_user(self.other):
			self.assertRaises(frappe.PermissionError, quota.of_invoice, second.name)

	def test_a_draft_has_no_quotas_yet(self):
		draft = make_contract(plan="_Test Users", interval="Yearly").name
		self.assertEqual(quota.of_contract(draft), {"quotas": []})


class TestPrices(UsersTestCase):
	def test_a_quota_has_a_price_for_each_currency_in_a_line_of_its_own(self):
		euros = {**QUOTAS[0], "price": 11, "currency": "EUR"}
		later = {**euros, "price": 13, "valid_from": FEBRUARY}
		plan = frappe.get_doc("Plan", "_Test Users")
		plan.extend("quotas", [euros, later])
		plan.append("prices", {"interval": "Yearly", "currency": "EUR", "price": 500})
		plan.save()
		kept = site_ports().catalogue.plan("_Test Users").quotas[0]
		found = [
			kept.price_in(currency, day)
			for currency, day in (("USD", START), ("EUR", START), ("EUR", FEBRUARY))
		]
		self.assertEqual(found, [12, 11, 13])
		self.assertIsNone(kept.price_in("BOB", START))

	def test_two_lines_that_differ_in_more_than_their_price_are_refused(self):
		plan = frappe.get_doc("Plan", "_Test Users")
		plan.append("quotas", {**QUOTAS[0], "included": 5, "currency": "EUR"})
		self.assert_refused("two quotas for users", frappe.ValidationError, plan.save)
		plan = frappe.get_doc("Plan", "_Test Users")
		plan.append("quotas", {**QUOTAS[0], "price": 9})
		self.assert_refused("two prices", frappe.ValidationError, plan.save)
