"""Are months within the quota closed for many contracts at once, as billing each of them would have done?"""

import os
from datetime import date, datetime, timedelta
from unittest import mock

import frappe

from subscription_mgmt.adapters.contract_records import DOCTYPE
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.adapters.usage_batches import usage_alone_due
from subscription_mgmt.adapters.usage_records import COLUMNS, record_name
from subscription_mgmt.engine.usage import UsageRecord
from subscription_mgmt.engine.users import ContractUser
from subscription_mgmt.jobs import usage as job
from subscription_mgmt.refusals import refusals_worded
from subscription_mgmt.services.bill import bill
from subscription_mgmt.services.register_user import register_user
from subscription_mgmt.tests.committed import CommittedTestCase
from subscription_mgmt.tests.processes import together
from subscription_mgmt.tests.records import charges_of, make_contract, make_customer, make_module, make_plan
from subscription_mgmt.tests.test_usage import QUOTAS

START, FEBRUARY, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


class TestUsageBatches(CommittedTestCase):
	def metered(self, count: int, value: int = 1, at: str = "2026-01-10 08:00") -> list[str]:
		"""Yearly contracts charged for their year, each with a record of the users of one module."""
		module = make_module()
		plan = make_plan("_Test Metered", quotas=QUOTAS, modules=[{"service_module": module}])
		template = make_contract(
			customer=make_customer(), plan=plan.name, interval="Yearly", start_date=START
		)
		row = frappe.db.get_value(DOCTYPE, template.name, "*", as_dict=True)
		template.delete()
		row.update({"status": "Active", "anchor": START, "next_billing_date": date(2027, 1, 1)})
		row.update({"usage_from": START, "next_usage_billing": FEBRUARY, "activity_number": 0})
		names = [f"_Test-{frappe.generate_hash(length=6)}-{n:04}" for n in range(count)]
		frappe.db.bulk_insert(DOCTYPE, list(row), [tuple((row | {"name": name}).values()) for name in names])
		for name in names:
			self.measured(name, value, at)
		frappe.db.commit()
		return names

	def measured(self, contract: str, value: int, at: str) -> None:
		record = UsageRecord(
			f"{at} {value}", "users", datetime.fromisoformat(at), value, "_Test CRM", ("ana",)
		)
		moment = frappe.utils.now()
		values = [record_name(contract, record.key), moment, moment, "Administrator", "Administrator"]
		values += [record.key, contract, "_Test Acme", record.at, record.metric, record.module, "ana"]
		frappe.db.bulk_insert("Usage Record", COLUMNS, [(*values, value, value, 0)])

	def state(self, contracts: list[str]) -> list[tuple]:
		frappe.db.rollback()
		fields = ["usage_from", "next_usage_billing", "next_billing_date", "status"]
		found = []
		for name in contracts:
			charges = [(row.period_start, row.quantity, row.amount) for row in charges_of(name)]
			unbilled = frappe.db.count("Usage Record", {"subscription_contract": name, "billed": 0})
			found.append((frappe.db.get_value(DOCTYPE, name, fields), charges, unbilled))
		return found

	def closed(self, contracts: list[str], today: date = FEBRUARY) -> int:
		return job.close_batch(contracts, today)

	def billed(self, contracts: list[str], today: date = FEBRUARY) -> None:
		for name in contracts:
			bill(name, today, site_ports())
		frappe.db.commit()

	def test_what_is_closed_is_as_if_it_had_been_billed_one_by_one(self):
		for today in (FEBRUARY, date(2026, 2, 10), date(2026, 4, 20)):
			one_by_one, many = self.metered(3), self.metered(3)
			self.billed(one_by_one, today)
			self.assertEqual(self.closed(many, today), 3)
			self.assertEqual(self.state(many), self.state(one_by_one))
			self.assertEqual(set(many) & set(usage_alone_due(today)), set())

	def test_whoever_owes_something_is_left_to_billing(self):
		quiet, loud = self.metered(2), self.metered(2, value=4)
		before = self.state(loud)
		self.assertEqual(self.closed([*quiet, *loud]), 2)
		self.assertEqual(self.state(loud), before)
		self.assertEqual(set(usage_alone_due(FEBRUARY)), set(loud))
		self.billed(loud)
		self.assertEqual([charges for _, charges, _ in self.state(loud)], [[(START, 3, 36)]] * 2)

	def test_a_level_carries_over_from_a_month_that_was_closed(self):
		(contract,) = self.metered(1)
		self.closed([contract])
		self.measured(contract, 3, "2026-02-20 08:00")
		frappe.db.commit()
		self.assertEqual(self.closed([contract], MARCH), 0)
		self.billed([contract], MARCH)
		self.assertEqual(self.closed([contract], date(2026, 4, 1)), 0, "three users are there in March too")

	def test_late_records_are_left_to_billing(self):
		(contract,) = self.metered(1)
		self.closed([contract])
		self.measured(contract, 3, "2026-01-20 08:00")
		frappe.db.commit()
		self.assertEqual(self.closed([contract], MARCH), 0)
		self.billed([contract], MARCH)
		((_, charges, unbilled),) = self.state([contract])
		self.assertEqual((sorted(charges), unbilled), ([(START, 2, 24), (FEBRUARY, 2, 24)], 0))

	def test_a_parked_one_a_renewal_and_one_that_ends_are_left_alone(self):
		parked, renewed, ends = self.metered(3)
		frappe.db.set_value(DOCTYPE, parked, "parked", 1)
		frappe.db.set_value(DOCTYPE, renewed, "next_billing_date", FEBRUARY)
		frappe.db.set_value(DOCTYPE, ends, "ends_on", FEBRUARY)
		frappe.db.commit()
		self.assertEqual(usage_alone_due(FEBRUARY), [])
		self.assertEqual(self.closed([parked, renewed, ends]), 0)

	def test_one_that_is_being_worked_on_is_left_out_and_the_others_are_closed(self):
		held, *others = self.metered(3)
		other = frappe.database.get_db(
			host=frappe.conf.db_host, user=frappe.conf.db_name, password=frappe.conf.db_password
		)
		other.connect()
		other.use(frappe.conf.db_name)
		self.addCleanup(other.close)
		other.sql(f"select name from `tab{DOCTYPE}` where name = %s for update", held)
		self.assertEqual(self.closed([held, *others]), 2)
		other.rollback()
		self.assertEqual(self.closed([held, *others]), 1)

	def test_it_costs_the_same_few_queries_however_many_contracts_there_are(self):
		few, many = self.metered(5), self.metered(120)
		self.closed(self.metered(1))
		for contracts in (few, many):
			with self.assertQueryCount(12):
				self.assertEqual(self.closed(contracts), len(contracts))

	def test_the_job_gives_out_batches_of_five_hundred_once(self):
		contracts = self.metered(3)
		with (
			mock.patch.object(job, "latest_today", lambda: FEBRUARY),
			mock.patch.object(job, "AT_ONCE", 2),
			mock.patch.object(job.frappe, "enqueue") as enqueue,
		):
			self.assertEqual(job.close_quiet_months(), 3)
		given = [call.kwargs["contracts"] for call in enqueue.call_args_list]
		self.assertEqual([len(batch) for batch in given], [2, 1])
		self.assertEqual(sorted(name for batch in given for name in batch), sorted(contracts))

	def test_of_users_registered_at_once_one_is_the_administrator_and_no_place_is_given_twice(self):
		(contract,) = self.metered(1)
		quotas = [{**QUOTAS[0], "excess": "Block", "included": 2, "price": 0}]
		modules = [{"service_module": make_module()}]
		plan = make_plan("_Test Metered and blocked", quotas=quotas, modules=modules)
		frappe.db.set_value(DOCTYPE, contract, "plan", plan.name)
		frappe.db.commit()
		self.addCleanup(frappe.db.delete, "Contract User")
		outcomes = together(4, register_somebody, contract)
		users = frappe.get_all("Contract User", {"subscription_contract": contract}, ["is_administrator"])
		self.assertEqual(sorted(user.is_administrator for user in users), [0, 1], outcomes)
		self.assertEqual(len([said for said in outcomes if "more than the 2 allowed" in said]), 2, outcomes)

	def test_billing_needs_nothing_of_it(self):
		contracts = self.metered(2)
		self.billed(contracts, FEBRUARY + timedelta(days=3))
		self.assertEqual(self.closed(contracts), 0)


def register_somebody(contract: str) -> None:
	user = ContractUser(f"{os.getpid()}@users.example", modules=("_Test CRM",))
	with refusals_worded():
		register_user(contract, user, datetime.fromisoformat("2026-01-20 12:00"), site_ports())
