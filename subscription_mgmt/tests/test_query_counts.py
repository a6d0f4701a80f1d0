"""What does billing cost in queries? Pinned, so that a lookup that slips into a loop is noticed."""

from datetime import date, timedelta

import frappe

from subscription_mgmt.adapters.contract_records import DOCTYPE
from subscription_mgmt.adapters.due_contracts import due_contracts
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.jobs import billing as job
from subscription_mgmt.services.bill import bill
from subscription_mgmt.tests.records import COMPANY, CURRENCY, clock_at, make_customer, make_pack
from subscription_mgmt.tests.test_parallel import ParallelTestCase
from subscription_mgmt.tests.test_runs import NEXT


class TestQueryCounts(ParallelTestCase):
	def test_what_is_due_is_three_queries_for_any_number_of_contracts(self):
		contracts = self.running(300)
		with self.assertQueryCount(3):
			self.assertEqual(sorted(due_contracts(NEXT)), sorted(contracts))

	def test_what_is_due_is_found_by_an_index(self):
		contracts = self.running(300)
		rest = contracts[10:]
		later = {"next_billing_date": NEXT + timedelta(days=30)}
		frappe.db.set_value(DOCTYPE, {"name": ["in", rest]}, later, update_modified=False)
		with self.assertRowsRead(10):
			self.assertEqual(len(due_contracts(NEXT)), 10)

	def test_fanning_out_asks_the_database_no_more_for_more_contracts(self):
		from unittest import mock

		self.running(200)
		with clock_at(NEXT), mock.patch.object(job.frappe, "enqueue"):
			job.start_run()  # loads metadata
			with self.assertQueryCount(12):
				job.start_run()

	def test_billing_a_contract_costs_hardly_more_than_its_invoice(self):
		"""Less than inserting and submitting the same invoice by hand, which validates it twice."""
		warm, *contracts = self.running(4)
		ports = site_ports()
		with clock_at(NEXT):
			bill(warm, NEXT, ports)
			self.invoice_by_hand()
			by_hand = self.queries_of(self.invoice_by_hand)
			ours = [self.queries_of(bill, name, NEXT, ports) for name in contracts]
		self.assertLessEqual(max(ours), by_hand, (ours, by_hand))
		self.assertLessEqual(max(ours) - min(ours), 3, ours)

	def test_a_contract_that_is_not_due_costs_a_handful(self):
		(contract,) = self.running(1)
		ports = site_ports()
		bill(contract, NEXT, ports)
		self.assertLessEqual(self.queries_of(bill, contract, NEXT, ports), 4)

	def test_packs_and_missed_periods_cost_hardly_more_than_their_lines(self):
		packs = [make_pack(f"_Test Pack {n}").name for n in range(3)]
		warm, loaded = self.running(2)
		for n, pack in enumerate(packs):
			row = {
				"doctype": "Contract Pack",
				"parent": loaded,
				"parenttype": DOCTYPE,
				"parentfield": "packs",
			}
			frappe.get_doc({**row, "idx": n + 1, "pack": pack, "quantity": 2, "starts_on": NEXT}).db_insert()
		later = date(2026, 7, 1)
		ports = site_ports()
		bill(warm, later, ports)
		self.invoice_by_hand(*packs)
		ours = self.queries_of(bill, loaded, later, ports)
		self.assertEqual(
			len(frappe.get_last_doc("Sales Invoice", {"subscription_contract": loaded}).items), 20
		)
		by_hand = self.queries_of(self.invoice_by_hand, *["_Test Basic", *packs] * 5)
		self.assertLessEqual(ours, by_hand, (ours, by_hand))

	def queries_of(self, work, *arguments: object) -> int:
		queries = 0
		orig = frappe.db.__class__.sql

		def counted(*args, **kwargs):
			nonlocal queries
			queries += 1
			return orig(*args, **kwargs)

		frappe.db.__class__.sql = counted
		try:
			work(*arguments)
		finally:
			frappe.db.__class__.sql = orig
		return queries

	def invoice_by_hand(self, *items: str) -> None:
		invoice = frappe.get_doc(
			{
				"doctype": "Sales Invoice",
				"customer": make_customer(),
				"company": COMPANY,
				"currency": CURRENCY,
				"set_posting_time": 1,
				"posting_date": NEXT,
				"due_date": NEXT,
				"items": [{"item_code": item, "qty": 1, "rate": 100} for item in items or ("_Test Basic",)],
			}
		)
		invoice.insert()
		invoice.submit()
