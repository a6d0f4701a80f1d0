"""Do credits on a site come with the payment, pay for tickets, and never go below 0, whoever resolves at once?"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest import mock

import frappe
from erpnext.accounts.doctype.payment_entry.payment_entry import get_payment_entry
from frappe.model.document import Document

from subscription_mgmt.adapters.clock import today_in
from subscription_mgmt.adapters.pack_charges import pack_sale_on
from subscription_mgmt.adapters.support_site import support_ports
from subscription_mgmt.api import pack as selling
from subscription_mgmt.api import promise, timer
from subscription_mgmt.api import ticket as buttons
from subscription_mgmt.engine.periods import Period
from subscription_mgmt.jobs import support as job
from subscription_mgmt.services.buy_pack import buy_pack
from subscription_mgmt.tests.committed import CommittedTestCase
from subscription_mgmt.tests.processes import Processes
from subscription_mgmt.tests.records import CURRENCY, make_fiscal_year_of
from subscription_mgmt.tests.support import (
	balance_of,
	grant,
	make_credit_pack,
	make_policy,
	make_prepaid,
	make_requester,
	make_ticket,
)
from subscription_mgmt.tests.test_tickets import TicketTestCase


class CreditsTestCase(TicketTestCase):
	def buy(self, customer: str, pack: str, reference: str | None = None) -> str:
		today = today_in(None)
		make_fiscal_year_of(today)
		reference = reference or frappe.generate_hash(length=8)
		buy_pack(customer, pack, 1, CURRENCY, 2, reference, today, support_ports())
		invoice = frappe.get_last_doc("Sales Invoice", {"customer": customer})
		if invoice.docstatus == 0:
			invoice.submit()
		return invoice.name

	def pay(self, invoice: str, settle: bool = True) -> Document:
		entry = get_payment_entry("Sales Invoice", invoice)
		entry.reference_no, entry.reference_date = "_Test", today_in(None)
		entry.insert().submit()
		if settle:
			self.assertTrue(pack_sale_on(invoice).is_paid)
			job.settle_packs(invoice)
		return entry

	@contextmanager
	def enqueued(self) -> Iterator[list[tuple]]:
		jobs: list[tuple] = []
		with mock.patch("frappe.enqueue", lambda method, **args: jobs.append((method, args.get("invoice")))):
			yield jobs


class TestSupportCredits(CreditsTestCase):
	def test_resolving_takes_the_credits_and_tells_the_new_balance(self):
		customer = make_prepaid()
		grant(customer, 60)
		ticket = make_ticket(customer=customer, kind="Intervention")
		buttons.work(ticket.name, 40)
		buttons.resolve(ticket.name)
		ticket.reload()
		self.assertEqual((ticket.status, ticket.charged, balance_of(customer)), ("Resolved", 45, 15))
		told = frappe.get_all("Comment", {"reference_name": ticket.name}, pluck="content")
		self.assertIn("15 support credits are left.", told)
		self.assertIn("Only 15 support credits are left.", told)

	def test_what_a_ticket_costs_is_said_before_it_is_worked_on(self):
		customer = make_prepaid()
		grant(customer, 60)
		ticket = make_ticket(customer=customer, kind="Intervention").name
		self.assertEqual(promise.of_ticket(ticket)["credits"], {"needed": 45, "balance": 60})
		buttons.work(ticket, 50)
		self.assertEqual(promise.of_ticket(ticket)["credits"], {"needed": 60, "balance": 60})
		buttons.work(ticket, 20)
		self.assertEqual(promise.of_ticket(ticket)["credits"], {"needed": 75, "balance": 60})
		self.assertIsNone(promise.of_ticket(make_ticket().name)["credits"])

	def test_too_few_credits_make_the_ticket_wait_until_there_are_enough(self):
		customer, pack = make_prepaid(), make_credit_pack()
		ticket = make_ticket(customer=customer)
		self.assertEqual(ticket.status, "Waiting for Credits")
		told = frappe.get_all("Comment", {"reference_name": ticket.name}, pluck="content")
		self.assertTrue(any(pack.name in text for text in told), told)
		self.assertRaises(frappe.ValidationError, buttons.resolve, ticket.name)
		self.pay(self.buy(customer, pack.name))
		ticket.reload()
		self.assertEqual((ticket.status, balance_of(customer)), ("Open", 120))

	def test_a_pack_is_granted_with_its_payment_once_and_taken_back_with_it(self):
		customer = make_prepaid()
		invoice = self.buy(customer, make_credit_pack().name)
		job.settle_packs(invoice)
		self.assertEqual(balance_of(customer), 0)
		payment = self.pay(invoice)
		job.settle_packs(invoice)
		self.assertEqual(balance_of(customer), 120)
		payment.cancel()
		job.settle_packs(invoice)
		self.assertEqual(balance_of(customer), 0)
		kinds = frappe.get_all("Support Credit", {"customer": customer}, pluck="kind")
		self.assertEqual(sorted(kinds), ["Grant", "Reversal"])

	def test_the_payment_itself_sets_the_grant_going(self):
		customer = make_prepaid()
		invoice = self.buy(customer, make_credit_pack().name)
		with self.enqueued() as jobs:
			self.pay(invoice, settle=False)
		self.assertIn(("subscription_mgmt.jobs.support.settle_packs", invoice), jobs)

	def test_a_pack_ordered_twice_under_one_reference_is_charged_once(self):
		customer = make_prepaid()
		self.buy(customer, make_credit_pack().name, "order-1")
		with self.assertRaisesRegex(Exception, "charged_before"):
			self.buy(customer, make_credit_pack().name, "order-1")

	def test_a_pack_is_sold_from_its_form_and_one_that_needs_a_contract_is_not(self):
		customer = make_prepaid()
		make_fiscal_year_of(today_in(None))
		invoice = selling.sell(make_credit_pack().name, customer, 2, "order-2")
		self.assertEqual(frappe.db.get_value("Sales Invoice", invoice, "net_total"), 240)
		bound = make_credit_pack("_Test Bound Credits", 30, needs_contract=1)
		self.assertRaises(frappe.ValidationError, selling.sell, bound.name, customer, 1, "order-3")
		self.assertRaises(
			frappe.ValidationError, selling.sell, make_credit_pack().name, customer, 0, "order-4"
		)

	def test_paid_hours_are_added_to_the_cap(self):
		customer = make_requester("_Test Capped", make_policy("_Test Capped", hour_cap_minutes=60))
		hour = make_credit_pack("_Test Hour", 0, kind="Support Hours", minutes=60, prices={"Once": 80}).name
		invoice = self.buy(customer, hour)
		term = Period(today_in(None), today_in(None) + timedelta(days=1))
		tickets = support_ports().tickets
		self.assertEqual(tickets.minutes_bought(customer, None, term), 0)
		self.pay(invoice)
		self.assertEqual(tickets.minutes_bought(customer, None, term), 60)
		self.assertEqual(tickets.minutes_bought(customer, "another", term), 0)

	def test_the_ledger_is_neither_edited_nor_deleted(self):
		customer = make_prepaid()
		grant(customer, 60)
		line = frappe.get_last_doc("Support Credit")
		line.change = 600
		self.assertRaises(frappe.ValidationError, line.save, ignore_permissions=True)
		self.assertRaises(frappe.ValidationError, line.delete, ignore_permissions=True)
		self.assertEqual(balance_of(customer), 60)


class TestTheLastCredits(CommittedTestCase):
	def test_of_many_who_resolve_at_once_only_as_many_succeed_as_there_are_credits_for(self):
		customer = make_prepaid("_Test Crowd")
		grant(customer, 30)
		tickets = [make_ticket(customer=customer).name for _ in range(6)]
		frappe.db.commit()
		processes = Processes(6)
		for ticket in tickets:
			processes.start(resolve_it, ticket)
		outcomes = processes.outcomes()
		self.assertEqual(outcomes.count("resolved"), 2, outcomes)
		self.assertEqual(sum("needs 15" in outcome for outcome in outcomes), 4, outcomes)
		self.assertEqual(balance_of(customer), 0)
		resolved = frappe.db.count("SLA Ticket", {"status": "Resolved", "customer": customer})
		self.assertEqual(resolved, 2)

	def test_one_ticket_resolved_by_two_at_once_is_charged_once(self):
		customer = make_prepaid("_Test Couple")
		grant(customer, 60)
		ticket = make_ticket(customer=customer).name
		frappe.db.commit()
		processes = Processes(2)
		for _ in range(2):
			processes.start(resolve_it, ticket)
		outcomes = processes.outcomes()
		self.assertEqual(outcomes.count("resolved"), 1, outcomes)
		self.assertEqual(balance_of(customer), 45)

	def test_of_two_timers_started_at_once_one_runs_and_the_other_is_told_why(self):
		customer = make_prepaid("_Test Couple")
		tickets = [make_ticket(customer=customer).name for _ in range(4)]
		frappe.db.commit()
		processes = Processes(4)
		for ticket in tickets:
			processes.start(start_timer, ticket)
		outcomes = processes.outcomes()
		self.assertEqual(outcomes.count("started"), 1, outcomes)
		(running,) = frappe.get_all("Support Timer", {"user": "Administrator"}, pluck="ticket")
		told = f"Your timer runs for {running}"
		self.assertEqual(sum(told in outcome for outcome in outcomes), 3, outcomes)


def start_timer(ticket: str) -> str:
	timer.start(ticket)
	return "started"


def resolve_it(ticket: str) -> str:
	buttons.resolve(ticket)
	return "resolved"
