"""Does the demo fill a site with an example's year, once, and touch nothing else?"""

from collections.abc import Iterable
from contextlib import nullcontext
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import frappe
from frappe.tests.utils import FrappeTestCase

from subscription_mgmt.adapters.moments import moment_of
from subscription_mgmt.demo import load as loading
from subscription_mgmt.demo.schedule import months_until_today, steps
from subscription_mgmt.demo.site import make_fiscal_years
from subscription_mgmt.simulation.run import simulate
from subscription_mgmt.simulation.scenario_file import Scenario, read_scenario
from subscription_mgmt.tests.records import COMPANY, make_customer

TODAY = date(2026, 11, 22)
SCENARIO = """
name: A demo
start: 2026-01-01
until: 2027-01-31
timezone: America/La_Paz
currency: CURRENCY
plans:
  _Test Demo Plan: {kind: Subscription, refundable: true, prices: {Monthly: 100.00, Half-Yearly: 550.00}}
packs:
  _Test Demo Pack: {kind: Users, prices: {Monthly: 10.00, Half-Yearly: 55.00}}
customers: {_Test Demo Ana: {language: es}, _Test Demo Ben: {}}
events:
  - {at: 2026-07-31, do: subscribe, contract: D1, customer: _Test Demo Ana, plan: _Test Demo Plan, every: Half-Yearly,
     instance: demo.example}
  - {at: 2026-08-02, do: pay, contract: D1}
  - {at: 2026-09-10, do: add_pack, contract: D1, pack: _Test Demo Pack, quantity: 2}
  - {at: 2026-09-11, do: pay, customer: _Test Demo Ana}
  - {at: 2026-09-20 22:00, do: outage, instance: demo.example, minutes: 90, planned: true}
  - {at: 2026-10-05, do: subscribe, contract: D2, customer: _Test Demo Ben, plan: _Test Demo Plan, every: Monthly}
  - {at: 2026-10-06, do: pay, contract: D2}
  - {at: 2026-11-04, do: scheduler_down, until: 2026-11-10}
  - {at: 2026-11-11, do: pay, contract: D2}
  - {at: 2026-12-20, do: cancel, contract: D2}
"""


def no_bar(all_steps: Iterable, label: str) -> nullcontext:
	return nullcontext(all_steps)


class TestDemo(FrappeTestCase):
	"""Nothing is committed, so that each test's year is rolled back."""

	def setUp(self):
		self.folder = TemporaryDirectory()
		self.addCleanup(self.folder.cleanup)
		for patch in (
			mock.patch.object(frappe.db, "commit"),
			mock.patch.object(loading, "today_in", return_value=TODAY),
			# A worker would find nothing of what was not committed.
			mock.patch("subscription_mgmt.events.payment_ledger_entry.frappe.enqueue"),
		):
			patch.start()
			self.addCleanup(patch.stop)
		self.addCleanup(frappe.db.rollback)

	def example(self, currency: str = "USD", name: str = "_test_demo") -> Path:
		path = Path(self.folder.name) / f"{name}.yaml"
		path.write_text(SCENARIO.replace("CURRENCY", currency), encoding="utf-8")
		return path

	def load(self, path: Path, bar=no_bar) -> list[str]:
		return list(loading.load(path, bar))

	def contract(self, name: str) -> dict:
		return frappe.get_doc("Subscription Contract", {"notes": ["like", f"%{name}: A demo%"]})

	def test_the_year_is_the_one_the_simulation_shows(self):
		path = self.example()
		self.load(path)
		scenario = moved(read_scenario(path))
		simulated = simulate(scenario, TODAY)["summary"]["contracts"]
		for name, expected in simulated.items():
			contract = self.contract(name)
			invoices = frappe.get_all(
				"Sales Invoice",
				{"subscription_contract": contract.name, "docstatus": 1},
				["net_total", "outstanding_amount"],
			)
			self.assertEqual(f"{sum(row.net_total for row in invoices):.2f}", expected["invoiced"])
			paid = sum(row.net_total for row in invoices if not row.outstanding_amount)
			self.assertEqual(f"{paid:.2f}", expected["paid"])
			self.assertEqual(contract.status, expected["status"])

	def test_days_keep_their_place_in_the_month_and_the_year_ends_today(self):
		self.load(self.example())
		days = frappe.get_all(
			"Sales Invoice",
			{"subscription_contract": self.contract("D2").name},
			pluck="posting_date",
			order_by="posting_date",
		)
		# Two months earlier; in September the scheduler rests from the 4th to the 10th.
		self.assertEqual([str(day) for day in days], ["2026-08-05", "2026-09-10", "2026-10-05"])
		self.assertEqual(str(self.contract("D1").start_date), "2026-05-31")
		self.assertEqual(str(self.contract("D2").ends_on), "2026-11-05")

	def test_outages_are_records_of_their_instance(self):
		self.load(self.example())
		fields = ["customer", "started_at", "ended_at", "planned", "found_by"]
		[outage] = frappe.get_all("Outage", {"hosted_instance": "demo.example"}, fields)
		self.assertEqual((outage.customer, outage.planned, outage.found_by), ("_Test Demo Ana", 1, "Person"))
		self.assertEqual(moment_of(outage.started_at), datetime(2026, 7, 21, 2, tzinfo=timezone.utc))
		self.assertEqual(outage.ended_at - outage.started_at, timedelta(minutes=90))

	def test_payments_are_payment_entries_of_their_day(self):
		self.load(self.example())
		paid = frappe.get_all(
			"Payment Entry",
			{"party": "_Test Demo Ben", "docstatus": 1},
			["posting_date", "paid_amount"],
			order_by="posting_date",
		)
		total = frappe.db.get_value("Sales Invoice", {"customer": "_Test Demo Ben"}, "grand_total")
		self.assertEqual(
			[(str(row.posting_date), row.paid_amount) for row in paid],
			[("2026-08-06", total), ("2026-09-11", total)],
		)

	def test_a_second_run_changes_nothing(self):
		path = self.example()
		self.load(path)
		before = figures()
		(line,) = self.load(path)
		self.assertEqual(
			line, "The demo _test_demo is loaded already, up to 2026-11-22. Nothing was changed."
		)
		self.assertEqual(figures(), before)

	def test_a_run_that_was_broken_off_is_gone_on_with(self):
		whole = self.load_and_forget()
		for stop in (3, 150, 151, 200):
			with self.subTest(stop):
				path = self.example()
				with self.assertRaises(PlugPulled):
					self.load(
						path, lambda all_steps, label, stop=stop: nullcontext(broken_off(all_steps, stop))
					)
				lines = self.load(path)
				self.assertEqual(lines[0], "Going on where the demo _test_demo stopped.")
				self.assertEqual(figures(), whole)
				frappe.db.rollback()

	def load_and_forget(self) -> dict:
		self.load(self.example())
		found = figures()
		frappe.db.rollback()
		return found

	def test_another_currency_gets_a_rate_an_account_and_invoices_in_it(self):
		frappe.db.delete("Currency Exchange", {"from_currency": "MXN"})
		before = set(frappe.get_all("Currency Exchange", pluck="name"))
		path = self.example("MXN")
		# ERPNext remembers in which currency it has seen a customer, beyond a rollback.
		path.write_text(
			path.read_text(encoding="utf-8").replace("_Test Demo", "_Test Peso"), encoding="utf-8"
		)
		lines = self.load(path)
		(rate,) = set(frappe.get_all("Currency Exchange", pluck="name")) - before
		self.assertTrue(any("Invented for the demo" in line for line in lines))
		made = frappe.get_doc("Currency Exchange", rate)
		self.assertEqual(
			(str(made.date), made.from_currency, made.exchange_rate), ("2025-11-01", "MXN", 0.055)
		)
		invoice = frappe.get_doc(
			"Sales Invoice", {"customer": "_Test Peso Ana", "posting_date": "2026-05-31"}
		)
		self.assertEqual((invoice.currency, invoice.items[0].rate), ("MXN", 550))
		self.assertEqual((invoice.conversion_rate, invoice.items[0].base_rate), (0.055, 30.25))
		self.assertEqual(frappe.db.get_value("Account", invoice.debit_to, "account_currency"), "MXN")
		balance = frappe.get_all(
			"GL Entry", {"party": "_Test Peso Ana"}, ["sum(debit) - sum(credit) as open"]
		)
		self.assertEqual(round(balance[0].open, 2), 0)

	def test_a_currency_without_a_demo_rate_says_what_to_do(self):
		with self.assertRaisesRegex(frappe.ValidationError, "Make a Currency Exchange from SEK to USD"):
			self.load(self.example("SEK"))

	def test_a_customer_whom_the_site_knows_is_never_invoiced(self):
		make_customer("_Test Demo Ben")
		with self.assertRaisesRegex(frappe.ValidationError, "There is a customer _Test Demo Ben already"):
			self.load(self.example())

	def test_a_plan_that_the_site_has_already_stays_as_it_is(self):
		frappe.get_doc(
			{
				"doctype": "Plan",
				"plan_name": "_Test Demo Plan",
				"kind": "Subscription",
				"prices": [
					{"interval": interval, "currency": "USD", "price": 70}
					for interval in ("Monthly", "Half-Yearly")
				],
			}
		).insert()
		self.load(self.example())
		self.assertEqual(frappe.get_doc("Plan", "_Test Demo Plan").prices[0].price, 70)

	def test_what_the_rules_refuse_is_told_and_the_year_goes_on(self):
		path = self.example()
		text = path.read_text(encoding="utf-8").replace("events:", (
			"events:\n  - {at: 2026-08-01, do: remove_pack, contract: D1, pack: _Test Demo Pack}"
		))  # fmt: skip
		path.write_text(text, encoding="utf-8")
		with mock.patch.object(frappe.db, "rollback"):
			lines = self.load(path)
		(told,) = (line for line in lines if "remove_pack" in line)
		self.assertIn("to remove. Choose one of its packs.", told)
		self.assertEqual(self.contract("D2").status, "Ended")

	def test_fiscal_years_are_made_for_days_without_one(self):
		lines = list(make_fiscal_years(date(2021, 6, 1), date(2023, 2, 1), COMPANY))
		self.assertEqual(lines, [f"Made fiscal year {year}." for year in (2021, 2022, 2023)])
		self.assertEqual(list(make_fiscal_years(date(2021, 6, 1), date(2023, 2, 1), COMPANY)), [])


class PlugPulled(Exception):
	pass


def broken_off(all_steps: list, stop: int) -> Iterable:
	yield from all_steps[:stop]
	raise PlugPulled


def moved(scenario: Scenario) -> Scenario:
	"""The scenario on the days of the demo."""
	months = months_until_today(scenario, TODAY)
	events = [step.event for step in steps(scenario, months, TODAY) if step.event]
	return scenario.model_copy(update={"events": events, "start": events[0].at.date()})


def figures() -> dict:
	invoices = frappe.get_all(
		"Sales Invoice",
		{"customer": ["like", "_Test Demo%"]},
		["customer", "posting_date", "net_total", "outstanding_amount"],
		order_by="posting_date, customer",
	)
	payments = frappe.get_all(
		"Payment Entry",
		{"party": ["like", "_Test Demo%"]},
		["party", "posting_date", "paid_amount"],
		order_by="posting_date, party",
	)
	contracts = frappe.get_all(
		"Subscription Contract",
		{"customer": ["like", "_Test Demo%"]},
		["customer", "status", "next_billing_date", "ends_on"],
		order_by="customer",
	)
	return {"invoices": invoices, "payments": payments, "contracts": contracts}
