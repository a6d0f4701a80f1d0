"""Does what a meter sends arrive once, on the right bill, and nothing from those who may not send it?"""

import json
from datetime import date, datetime
from unittest import mock

import frappe
from frappe.tests.utils import FrappeTestCase
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from subscription_mgmt.adapters.due_contracts import due_contracts
from subscription_mgmt.adapters.meter_keys import contract_of_key
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.api import usage
from subscription_mgmt.services.activate import activate
from subscription_mgmt.services.bill import bill
from subscription_mgmt.tests.records import (
	charges_of,
	invoices_of,
	make_contract,
	make_customer,
	make_module,
	make_pack,
	make_plan,
	make_user,
)

START, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
NOW = datetime.fromisoformat("2026-01-20T12:00:00+00:00")
QUOTAS = [
	{
		"metric": "users",
		"included": 1,
		"per_module": 1,
		"aggregate": "peak",
		"excess": "Bill",
		"price": 12,
		"currency": "USD",
	},
	{"metric": "companies", "included": 1, "aggregate": "last", "excess": "Block"},
	{
		"metric": "emails",
		"included": 1000,
		"aggregate": "sum",
		"excess": "Bill",
		"price": 0.5,
		"currency": "USD",
	},
]


class UsageTestCase(FrappeTestCase):
	def setUp(self):
		frappe.set_user("Administrator")
		self.contract = self.metered("_Test Acme", "acme.example")
		self.key = self.key_of(self.contract)
		self.now = NOW

	def tearDown(self):
		frappe.set_user("Administrator")
		frappe.local.request = None
		frappe.db.rollback()

	def metered(self, customer: str, instance: str) -> str:
		module = make_module()
		plan = make_plan("_Test Metered", quotas=QUOTAS, modules=[{"service_module": module}])
		contract = make_contract(
			customer=make_customer(customer),
			plan=plan.name,
			interval="Yearly",
			start_date=START,
			instance=instance,
			time_zone="America/La_Paz",
		)
		activate(contract.name, START, site_ports())
		return contract.name

	def key_of(self, contract: str) -> str:
		meter = {
			"doctype": "Usage Meter",
			"meter_name": f"_Test {contract}",
			"subscription_contract": contract,
		}
		return usage.new_key(frappe.get_doc(meter).insert().name)

	def send(self, body: object, key: str | None = None, **headers: str) -> dict:
		"""As Guest, over a request like the one Frappe would hand over."""
		data = body if isinstance(body, (bytes, str)) else json.dumps(body)
		builder = EnvironBuilder(
			method="POST", data=data, headers={"X-Meter-Key": key or self.key, **headers}
		)
		frappe.local.request = Request(builder.get_environ())
		frappe.set_user("Guest")
		try:
			# What these tests made must not outlive them; `test_usage_http` sends reports at once.
			with (
				mock.patch.object(usage, "moment", lambda: self.now),
				mock.patch.object(usage, "see_the_latest"),
			):
				return usage.report()
		finally:
			frappe.set_user("Administrator")

	def report(self, *records: dict, **more: object) -> dict:
		return self.send({"records": list(records), **more})

	def refused(self, status: int, body: object, key: str | None = None, **headers: str) -> None:
		before = frappe.db.count("Usage Record")
		with self.assertRaises(frappe.ValidationError) as refusal:
			self.send(body, key, **headers)
		self.assertEqual(refusal.exception.http_status_code, status)
		self.assertEqual(frappe.db.count("Usage Record"), before)


def users(value: int, at: str = "2026-01-10T08:00:00Z", **more: object) -> dict:
	record = {"metric": "users", "module": "_Test CRM", "value": value, "at": at}
	return {"key": f"{at} {value}", **record, **more}


def answer(taken: int = 0, duplicates: int = 0) -> dict:
	return {"taken": taken, "duplicates": duplicates, "refused": []}


class TestIntake(UsageTestCase):
	def test_a_record_counts_once_however_often_it_comes(self):
		self.assertEqual(self.report(users(4), users(4)), answer(1, 1))
		self.assertEqual(self.report(users(4)), answer(0, 1))
		self.assertEqual(frappe.db.count("Usage Record", {"subscription_contract": self.contract}), 1)

	def test_the_same_key_with_other_figures_is_refused_and_the_rest_taken(self):
		self.report(users(4, key="a"))
		told = self.report(users(5, key="a"), users(5, key="b"))
		self.assertEqual(told["taken"], 1)
		self.assertEqual(
			[(each["position"], each["code"]) for each in told["refused"]], [(0, "usage_key_reused")]
		)

	def test_what_cannot_have_been_measured_is_refused_record_by_record(self):
		told = self.report(
			users(-1),
			users(1, at="2026-01-20T12:00:01Z"),
			users(1, metric="printers"),
			users(1, module=None),
			{"key": "", "metric": "users", "value": 1},
			{"key": "x", "metric": "users", "value": "many"},
			{"key": "x", "metric": "users", "value": 1, "at": "yesterday"},
			"a text",
			users(1, at="2025-12-31T08:00:00Z"),
			users(2),
		)
		self.assertEqual(told["taken"], 1)
		self.assertEqual(
			[each["code"] for each in told["refused"]],
			["negative_usage", "usage_in_future", "unknown_metric", "usage_needs_module"]
			+ ["unreadable"] * 4
			+ ["usage_before_start"],
		)

	def test_a_time_with_an_offset_is_the_contracts_own_day(self):
		self.report(users(4, at="2026-01-10T02:00:00Z"))
		self.assertEqual(
			frappe.db.get_value("Usage Record", {"subscription_contract": self.contract}, "measured_at"),
			datetime.fromisoformat("2026-01-09 22:00:00"),
		)

	def test_the_customer_is_told_by_e_mail_once_a_month(self):
		frappe.db.set_value("Customer", "_Test Acme", "email_id", "ana@acme.example")
		frappe.clear_document_cache("Customer", "_Test Acme")
		about = {"reference_doctype": "Subscription Contract", "reference_name": self.contract}
		before = frappe.db.count("Email Queue", about)
		mail = {"metric": "companies", "at": "2026-01-10T08:00:00Z"}
		self.report({"key": "a", "value": 2, **mail}, {"key": "b", "value": 1, **mail})
		self.report({"key": "c", "value": 1, **mail})
		self.assertEqual(frappe.db.count("Email Queue", about) - before, 3)
		noted = frappe.get_all(
			"Subscription Activity", {"contract": self.contract, "action": "notice"}, pluck="figures"
		)
		kinds = sorted(json.loads(figures)["kind"] for figures in noted)
		self.assertEqual(kinds, ["blocked", "quota_100", "quota_80"])

	def test_a_batch_costs_a_few_queries_whatever_its_size(self):
		self.report(users(1))
		counts = []
		for size in (5, 400):
			records = [
				{"key": f"{size} {n}", "metric": "emails", "value": 1, "at": "2026-01-10T08:00:00Z"}
				for n in range(size)
			]
			with self.assertQueryCount(25):
				self.report(*records)
			counts.append(frappe.db.count("Usage Record", {"subscription_contract": self.contract}))
		self.assertEqual(counts, [6, 406])


class TestHostileIntake(UsageTestCase):
	def test_a_wrong_missing_disabled_or_replaced_key_opens_nothing(self):
		old, self.key = self.key, usage.new_key(f"_Test {self.contract}")
		for key in ("none", "um_", "um_.", old, self.key[:-1], self.key + "x", f"um_{'a' * 200}.b", "um_é.ü"):
			self.refused(401, {"records": [users(1)]}, key)
		frappe.db.set_value("Usage Meter", f"_Test {self.contract}", "enabled", 0)
		self.refused(401, {"records": [users(1)]})

	def test_the_key_is_kept_nowhere(self):
		stored = frappe.db.get_value("Usage Meter", f"_Test {self.contract}", "*", as_dict=True)
		self.assertNotIn(self.key.partition(".")[2], str(stored))
		self.assertEqual(contract_of_key(self.key), self.contract)

	def test_a_key_cannot_speak_for_another_customers_instance(self):
		other = self.metered("_Test Other", "other.example")
		self.refused(403, {"records": [users(1)], "instance": "other.example"})
		told = self.report(users(1, subscription_contract=other, contract=other), instance="acme.example")
		self.assertEqual(told, answer(1))
		self.assertEqual(frappe.db.count("Usage Record", {"subscription_contract": other}), 0)

	def test_two_customers_may_use_the_same_record_key(self):
		other = self.key_of(self.metered("_Test Other", "other.example"))
		self.report(users(1, key="a"))
		self.assertEqual(self.send({"records": [users(3, key="a")]}, other), answer(1))

	def test_too_large_a_report_is_refused(self):
		self.refused(413, b"x" * 10_000_000)
		self.refused(413, {"records": [users(1)] * 501})

	def test_what_is_no_report_is_refused(self):
		for body in ("", "{", "[]", "null", '{"records": {}}', '{"records": 5}', "[" * 100_000, b"\xff\xfe"):
			self.refused(400, body)

	def test_a_replay_with_its_idempotency_key_gets_the_answer_it_got(self):
		body = {"records": [users(4), users(-1)]}
		first = self.send(body, **{"Idempotency-Key": f"{self.contract} 1"})
		frappe.db.after_commit.run()
		self.assertEqual(self.send(body, **{"Idempotency-Key": f"{self.contract} 1"}), first)
		self.refused(409, {"records": [users(5)]}, **{"Idempotency-Key": f"{self.contract} 1"})

	def test_names_that_would_be_sql_are_only_names(self):
		nasty = "x' OR '1'='1"
		self.assertEqual(self.report(users(1, key=nasty)), answer(1))
		self.assertEqual(self.report(users(1, key=nasty)), answer(0, 1))
		told = self.report(users(1, metric=nasty))
		self.assertEqual(told["refused"][0]["code"], "unknown_metric")

	def test_a_contract_that_is_over_takes_no_more(self):
		frappe.db.set_value("Subscription Contract", self.contract, {"status": "Ended", "ends_on": FEBRUARY})
		self.refused(409, {"records": [users(1)]})


class TestBilling(UsageTestCase):
	def usage_charges(self) -> list[tuple]:
		return [
			(str(charge.period_start), charge.kind, charge.service_module, charge.quantity, charge.amount)
			for charge in charges_of(self.contract)
			if charge.what in ("users", "emails")
		]

	def test_what_is_beyond_the_quota_is_invoiced_on_the_monthly_billing_date_of_a_yearly_contract(self):
		self.report(users(4))
		self.assertNotIn(self.contract, due_contracts(date(2026, 1, 31)))
		self.assertIn(self.contract, due_contracts(FEBRUARY))
		bill(self.contract, FEBRUARY, site_ports())
		self.assertEqual(self.usage_charges(), [("2026-01-01", "usage", "_Test CRM", 3, 36)])
		line = invoices_of(self.contract)[-1].items[0]
		self.assertEqual((line.qty, line.rate, line.amount), (3, 12, 36))
		self.assertIn("users (_Test CRM), 3 × 12.00 beyond the quota", line.description)
		bill(self.contract, FEBRUARY, site_ports())
		self.assertEqual(len(self.usage_charges()), 1)
		self.assertNotIn(self.contract, due_contracts(FEBRUARY))

	def test_late_records_go_to_the_next_bill(self):
		self.report(users(4))
		bill(self.contract, FEBRUARY, site_ports())
		self.now = datetime.fromisoformat("2026-02-10T12:00:00+00:00")
		self.assertEqual(self.report(users(6, at="2026-01-25T08:00:00Z")), answer(1))
		bill(self.contract, date(2026, 3, 1), site_ports())
		self.assertEqual(
			self.usage_charges()[1:],
			[
				("2026-01-01", "usage", "_Test CRM", 2, 24),
				("2026-02-01", "usage", "_Test CRM", 5, 60),
			],
		)
		self.assertEqual(
			frappe.db.count("Usage Record", {"subscription_contract": self.contract, "billed": 0}), 0
		)

	def test_a_part_of_a_unit_is_invoiced_to_the_cent(self):
		self.report({"key": "a", "metric": "emails", "value": 1001.5, "at": "2026-01-10T08:00:00Z"})
		bill(self.contract, FEBRUARY, site_ports())
		line = invoices_of(self.contract)[-1].items[0]
		self.assertEqual((line.qty, line.amount), (1, 0.75))

	def test_a_level_carries_over_on_a_site_too(self):
		self.report(users(4))
		for day in (FEBRUARY, date(2026, 3, 1), date(2026, 4, 1)):
			bill(self.contract, day, site_ports())
		self.assertEqual([charge[3] for charge in self.usage_charges()], [3, 3, 3])


class TestExplained(UsageTestCase):
	def test_a_charge_tells_the_days_and_users_behind_it_to_its_customer_alone(self):
		self.report(users(3, at="2026-01-10T12:00:00Z", subjects=["ana", "ben", "eva"]))
		bill(self.contract, FEBRUARY, site_ports())
		charge = next(row for row in charges_of(self.contract) if row.kind == "usage")
		told = usage.explain(charge.name)
		self.assertEqual((told["over"], told["price"], told["until"]), (2, 12, FEBRUARY))
		self.assertEqual(
			[(row["day"].day, row["used"], row["over"], row["subjects"]) for row in told["days"][8:10]],
			[(9, 0, 0, []), (10, 3, 2, ["ana", "ben", "eva"])],
		)
		frappe.set_user(make_user("stranger@other.example", user_type="Website User"))
		self.assertRaises(frappe.PermissionError, usage.explain, charge.name)
		self.assertRaises(frappe.PermissionError, usage.running, self.contract)

	def test_the_running_month_is_told_before_it_is_billed(self):
		self.report(users(4))
		with mock.patch.object(usage, "moment", lambda: self.now):
			(figure,) = usage.running(self.contract)
		self.assertEqual((figure["module"], figure["over"], len(figure["days"])), ("_Test CRM", 3, 20))


class TestEntitlement(UsageTestCase):
	def ask(self, metric: str, module: str | None = None, more: int = 1) -> dict:
		builder = EnvironBuilder(headers={"X-Meter-Key": self.key})
		frappe.local.request = Request(builder.get_environ())
		with mock.patch.object(usage, "moment", lambda: self.now):
			return usage.entitlement(metric, module, more)

	def test_a_blocked_metric_is_refused_beyond_its_quota_and_the_pack_named(self):
		make_pack("_Test Company", kind="Companies", metric="companies", quantity=2)
		self.assertTrue(self.ask("companies")["allowed"])
		self.report({"key": "a", "metric": "companies", "value": 1, "at": "2026-01-10T08:00:00Z"})
		self.assertEqual(
			self.ask("companies"),
			{"allowed": False, "billed": False, "used": 1, "quota": 1, "pack": "_Test Company"},
		)

	def test_a_billed_metric_goes_on_at_its_price(self):
		self.report(users(2))
		told = self.ask("users", "_Test CRM")
		self.assertEqual((told["allowed"], told["billed"], told["used"]), (True, True, 2))


class TestNobodyWritesIt(UsageTestCase):
	def test_not_even_administrator_changes_or_deletes_a_record(self):
		self.report(users(4))
		record = frappe.get_last_doc("Usage Record", {"subscription_contract": self.contract})
		record.value = 1
		for attempt in (record.save, record.delete, lambda: record.db_set("value", 1)):
			with self.assertRaises(frappe.PermissionError):
				attempt()

	def test_a_customer_sees_his_own_records_only(self):
		self.report(users(4))
		user = make_user("usage@acme.example", user_type="Website User")
		customer = frappe.get_doc("Customer", "_Test Acme")
		customer.append("portal_users", {"user": user})
		customer.save()
		self.key = self.key_of(self.metered("_Test Other", "other.example"))
		self.report(users(3))
		frappe.set_user(user)
		seen = frappe.get_list("Usage Record", fields=["customer", "value"])
		self.assertEqual([(row.customer, row.value) for row in seen], [("_Test Acme", 4)])
		self.assertRaises(frappe.PermissionError, frappe.get_list, "Usage Meter")
