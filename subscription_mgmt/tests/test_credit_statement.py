"""Does the statement agree with the ledger, and what does a credit note, or a cancelled invoice, do to it?"""

from datetime import timedelta
from unittest import mock

import frappe
from erpnext.accounts.doctype.sales_invoice.sales_invoice import make_sales_return
from frappe.desk.query_report import run
from frappe.model.document import Document

from subscription_mgmt.adapters.clock import today_in
from subscription_mgmt.adapters.support_site import support_ports
from subscription_mgmt.api import contract as contracts
from subscription_mgmt.api import credits as statements
from subscription_mgmt.api import pack as selling
from subscription_mgmt.api import ticket as buttons
from subscription_mgmt.engine.periods import Period
from subscription_mgmt.jobs import support as job
from subscription_mgmt.tests.browser import Server
from subscription_mgmt.tests.records import (
	charges_of,
	make_contract,
	make_customer,
	make_fiscal_year_of,
	make_user,
)
from subscription_mgmt.tests.support import (
	balance_of,
	grant,
	make_credit_pack,
	make_policy,
	make_prepaid,
	make_requester,
	make_ticket,
)
from subscription_mgmt.tests.test_support_credits import CreditsTestCase

REPORT = "Support Credit Statement"


class TestStatement(CreditsTestCase):
	@classmethod
	def setUpClass(cls) -> None:
		super().setUpClass()
		cls.server = Server()
		cls.addClassCleanup(cls.server.stop)

	def setUp(self) -> None:
		super().setUp()
		# What makes the PDF asks the site for its styles: somebody has to answer.
		answering = mock.patch.dict(frappe.local.conf, host_name=self.server.url)
		answering.start()
		self.addCleanup(answering.stop)

	def test_the_report_runs_from_the_opening_to_what_the_ledger_says(self):
		customer = self.with_a_history()
		rows = run(REPORT, filters={"customer": customer})["result"]
		rows = [row for row in rows if isinstance(row, dict)]
		self.assertEqual([row.get("balance") for row in rows], [0, 120, 75, 75])
		self.assertEqual([row.get("change") for row in rows], [None, 120, -45, None])
		self.assertIn("_Test 120 Credits, invoice ", rows[1]["what"])
		self.assertTrue(rows[2]["what"].endswith(": _Test"))
		self.assertEqual(rows[-1]["balance"], balance_of(customer))

	def test_days_before_the_first_line_and_after_the_last_show_only_balances(self):
		customer = self.with_a_history()
		early = statements.statement(customer, to_date="2020-01-01")
		late = statements.statement(customer, from_date="2199-01-01")
		self.assertEqual((early["opening"], early["rows"], early["closing"]), (0, [], 0))
		self.assertEqual((late["opening"], late["rows"], late["closing"]), (75, [], 75))

	def test_it_is_printed_in_the_customers_language_and_as_a_pdf(self):
		customer = self.with_a_history("_Test Panadería", language="es")
		account = frappe.get_doc("Support Credit Account", customer)
		self.assertEqual(account.as_dict()["language"], "es")
		with mock.patch("frappe.local.lang", "es"):
			page = frappe.get_print(doc=account, print_format=REPORT)
		self.assertIn("Saldo final", page)
		self.assertIn("-45", page)
		with mock.patch.object(frappe.local, "lang", "en"):
			statements.statement_pdf(customer)
		self.assertEqual(frappe.response.type, "pdf")
		self.assertTrue(frappe.response.filecontent.startswith(b"%PDF"))

	def test_a_customer_sees_his_own_and_no_others(self):
		customer = self.with_a_history()
		user = make_user("_test_saver@example.com", "Customer", user_type="Website User")
		record = frappe.get_doc("Customer", customer)
		record.append("portal_users", {"user": user})
		record.save()
		other = make_prepaid("_Test Rich")
		grant(other, 999)
		frappe.set_user(user)
		self.assertEqual(statements.statement(customer)["closing"], 75)
		self.assertRaises(frappe.PermissionError, statements.statement, other)
		self.assertRaises(frappe.PermissionError, statements.statement_pdf, other)

	def test_who_never_had_credits_gets_an_empty_one(self):
		customer = make_customer("_Test Never")
		self.assertEqual(statements.statement(customer), {"opening": 0, "rows": [], "closing": 0})
		statements.statement_pdf(customer)
		self.assertTrue(frappe.response.filecontent.startswith(b"%PDF"))

	def with_a_history(self, name: str = "_Test Prepaid", **values: object) -> str:
		policy = frappe.db.get_value("Customer", make_prepaid(), "support_policy")
		customer = make_requester(name, policy, **values)
		self.pay(self.buy(customer, make_credit_pack().name))
		ticket = make_ticket(customer=customer, kind="Intervention")
		buttons.work(ticket.name, 40)
		buttons.resolve(ticket.name)
		return customer


class TestTakingBack(CreditsTestCase):
	def test_a_credit_note_on_a_paid_invoice_takes_the_credits_back_and_its_cancellation_gives_them_again(
		self,
	):
		customer = make_prepaid()
		invoice = self.buy(customer, make_credit_pack().name)
		self.pay(invoice)
		note = self.credit(invoice)
		self.assertEqual(balance_of(customer), 0)
		job.settle_packs(invoice)
		self.assertEqual(balance_of(customer), 0)
		with self.settling():
			note.cancel()
		self.assertEqual(balance_of(customer), 120)

	def test_what_was_spent_stays_is_named_on_the_invoice_and_is_not_taken_from_later_packs(self):
		customer = make_prepaid()
		invoice = self.buy(customer, make_credit_pack().name)
		self.pay(invoice)
		ticket = make_ticket(customer=customer)
		buttons.work(ticket.name, 70)
		buttons.resolve(ticket.name)
		self.credit(invoice)
		self.assertEqual(balance_of(customer), 0)
		line = frappe.get_last_doc("Support Credit", {"customer": customer, "kind": "Reversal"})
		self.assertEqual((line.change, line.kept), (-45, 75))
		told = frappe.get_all(
			"Comment", {"reference_doctype": "Sales Invoice", "reference_name": invoice}, pluck="content"
		)
		self.assertTrue(any("45 credits were taken back" in text and "75 were used" in text for text in told))
		self.pay(self.buy(customer, make_credit_pack().name))
		job.settle_packs(invoice)
		self.assertEqual(balance_of(customer), 120)

	def test_a_credit_note_for_one_of_two_packs_takes_back_one(self):
		customer = make_prepaid()
		make_fiscal_year_of(today_in(None))
		invoice = selling.sell(make_credit_pack().name, customer, 2, "two")
		self.pay(invoice)
		self.assertEqual(balance_of(customer), 240)
		self.credit(invoice, quantity=1)
		self.assertEqual(balance_of(customer), 120)

	def test_an_unpaid_invoice_that_is_credited_grants_nothing(self):
		customer = make_prepaid()
		self.credit(self.buy(customer, make_credit_pack().name))
		self.assertEqual(balance_of(customer), 0)

	def test_a_cancelled_invoice_takes_its_credits_back_and_its_charge_is_invoiced_again_once(self):
		customer = make_prepaid()
		invoice = self.buy(customer, make_credit_pack().name)
		payment = self.pay(invoice)
		payment.cancel()
		with self.settling():
			frappe.get_doc("Sales Invoice", invoice).cancel()
		self.assertEqual(balance_of(customer), 0)
		charge = frappe.db.get_value("Contract Charge", {"customer": customer})
		again = selling.invoice_again(charge)
		self.assertNotEqual(again, invoice)
		self.assertRaisesRegex(frappe.ValidationError, again, selling.invoice_again, charge)
		self.pay(again)
		self.assertEqual(balance_of(customer), 120)

	def test_hours_that_a_credit_note_took_back_are_not_added_to_the_cap(self):
		customer = make_requester("_Test Capped", make_policy("_Test Capped", hour_cap_minutes=60))
		hour = make_credit_pack("_Test Hour", 0, kind="Support Hours", minutes=60, prices={"Once": 80}).name
		invoice = selling.sell(hour, customer, 2, "hours")
		self.pay(invoice)
		term = Period(today_in(None), today_in(None) + timedelta(days=1))
		bought = support_ports().tickets.minutes_bought
		self.assertEqual(bought(customer, None, term), 120)
		self.credit(invoice, quantity=1)
		self.assertEqual(bought(customer, None, term), 60)

	def test_a_charge_of_a_contract_is_not_invoiced_from_here(self):
		contract = make_contract()
		contracts.activate(contract.name)
		charge = charges_of(contract.name)[0].name
		self.assertRaisesRegex(frappe.ValidationError, contract.name, selling.invoice_again, charge)

	def credit(self, invoice: str, quantity: int | None = None) -> Document:
		note = make_sales_return(invoice)
		if quantity:
			note.items[0].qty = -quantity
		with self.settling():
			note.insert().submit()
		return note

	def settling(self):
		"""What the events enqueue is run at once."""

		def at_once(method: str, **arguments: object) -> None:
			if method.startswith("subscription_mgmt.jobs.support."):
				asked = {name: arguments[name] for name in ("invoice", "charges") if name in arguments}
				frappe.get_attr(method)(**asked)

		return mock.patch("frappe.enqueue", at_once)
