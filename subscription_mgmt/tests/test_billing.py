"""Does billing inside ERPNext make the invoices it should, and no others?"""

from datetime import date

import frappe
from frappe.tests.utils import FrappeTestCase

from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.services.activate import activate
from subscription_mgmt.services.add_pack import add_pack
from subscription_mgmt.services.bill import bill
from subscription_mgmt.services.cancel import cancel_at_period_end, cancel_now
from subscription_mgmt.services.remove_pack import remove_pack
from subscription_mgmt.services.set_renewal import set_renewal
from subscription_mgmt.tests.records import (
	COMPANY,
	charges_of,
	invoices_of,
	ledger_of,
	make_account,
	make_contract,
	make_customer,
	make_pack,
	make_plan,
	roll_back,
	settings,
	state_of,
	waiting_charges_of,
)

START = date(2026, 1, 31)


def started(day: date = START, **values: object) -> str:
	contract = make_contract(**values)
	activate(contract.name, day, site_ports())
	return contract.name


class BillingTestCase(FrappeTestCase):
	"""Rolls back after each test, so that tests do not see each other's records."""

	def setUp(self):
		self.addCleanup(roll_back)
		# A site's own default tax would be on every invoice.
		frappe.db.set_value("Sales Taxes and Charges Template", {"is_default": 1}, "is_default", 0)


class TestBilling(BillingTestCase):
	def test_activating_bills_the_first_period_with_ledger_entries(self):
		contract = started()

		(invoice,) = invoices_of(contract)
		self.assertEqual(invoice.docstatus, 1)
		self.assertEqual((str(invoice.from_date), str(invoice.to_date)), ("2026-01-31", "2026-07-30"))
		self.assertEqual(invoice.net_total, 600)
		self.assertEqual(invoice.items[0].item_code, "_Test Basic")
		(charge,) = charges_of(contract)
		self.assertEqual(charge.sales_invoice, invoice.name)
		self.assertEqual(invoice.items[0].contract_charge, charge.name)
		self.assertEqual(ledger_of(invoice.name), {"Debtors - WP": 600, "Sales - WP": -600})

	def test_billing_again_on_the_same_day_changes_nothing(self):
		contract = started()
		before = state_of(contract)
		bill(contract, START, site_ports())
		self.assertEqual(state_of(contract), before)

	def test_nobody_edits_or_deletes_a_charge_not_even_administrator(self):
		(charge,) = charges_of(started())
		record = frappe.get_doc("Contract Charge", charge.name)
		record.amount = 1
		for change in (record.save, record.delete, lambda: record.db_set("amount", 1)):
			with self.assertRaisesRegex(frappe.PermissionError, "corrected by a credit"):
				change()
		self.assertEqual(frappe.db.get_value("Contract Charge", charge.name, "amount"), charge.amount)

	def test_missed_periods_come_on_one_invoice(self):
		contract = started(interval="Monthly", packs=[{"pack": make_pack().name, "quantity": 2}])
		bill(contract, date(2026, 4, 2), site_ports())

		_first, catch_up = invoices_of(contract)
		self.assertEqual(catch_up.net_total, 2 * (100 + 2 * 10))
		self.assertEqual(
			[str(charge.period_start) for charge in charges_of(contract) if charge.kind == "plan"],
			["2026-01-31", "2026-02-28", "2026-03-31"],
		)
		self.assertEqual((str(catch_up.from_date), str(catch_up.to_date)), ("2026-02-28", "2026-04-29"))
		self.assertEqual(
			str(frappe.db.get_value("Subscription Contract", contract, "next_billing_date")), "2026-04-30"
		)

	def test_a_trial_is_billed_when_it_is_over(self):
		contract = started(plan=make_plan("_Test Trial", trial_days=14).name, interval="Monthly")
		self.assertEqual(frappe.db.get_value("Subscription Contract", contract, "status"), "Trialling")
		bill(contract, date(2026, 2, 13), site_ports())
		self.assertEqual(invoices_of(contract), [])

		bill(contract, date(2026, 2, 14), site_ports())
		(invoice,) = invoices_of(contract)
		self.assertEqual((str(invoice.from_date), str(invoice.to_date)), ("2026-02-14", "2026-03-13"))
		self.assertEqual(frappe.db.get_value("Subscription Contract", contract, "status"), "Active")

	def test_the_price_that_is_valid_when_a_period_begins_is_charged(self):
		prices = [
			{"interval": "Monthly", "price": 100},
			{"interval": "Monthly", "price": 120, "valid_from": "2026-03-31"},
		]
		contract = started(plan=make_plan("_Test Dearer", prices=prices).name, interval="Monthly")
		bill(contract, date(2026, 4, 2), site_ports())
		self.assertEqual([charge.amount for charge in charges_of(contract)], [100, 100, 120])
		self.assertEqual(invoices_of(contract)[1].net_total, 220)

	def test_the_agreed_price_goes_before_the_list_even_when_it_is_zero(self):
		contract = started(interval="Monthly", has_agreed_price=1, agreed_price=80)
		self.assertEqual(invoices_of(contract)[0].net_total, 80)
		free = started(interval="Monthly", has_agreed_price=1, agreed_price=0)
		self.assertEqual(charges_of(free)[0].amount, 0)

	def test_a_plan_that_costs_nothing_makes_no_invoice_and_runs_on(self):
		contract = started(plan=make_plan("_Test Free", prices={"Monthly": 0}).name, interval="Monthly")
		bill(contract, date(2026, 3, 1), site_ports())
		self.assertEqual(invoices_of(contract), [])
		self.assertEqual([charge.amount for charge in charges_of(contract)], [0, 0])
		self.assertEqual(
			str(frappe.db.get_value("Subscription Contract", contract, "next_billing_date")), "2026-03-31"
		)

	def test_packs_of_a_plan_that_costs_nothing_are_invoiced_alone(self):
		free = make_plan("_Test Free", prices={"Monthly": 0}).name
		contract = started(plan=free, interval="Monthly", packs=[{"pack": make_pack().name, "quantity": 3}])
		(invoice,) = invoices_of(contract)
		self.assertEqual(
			[(line.item_code, line.amount) for line in invoice.items], [("_Test Extra User", 30)]
		)
		bill(contract, date(2026, 2, 28), site_ports())
		self.assertEqual([len(invoice.items) for invoice in invoices_of(contract)], [1, 1])

	def test_a_contract_that_ends_within_a_period_is_charged_by_day_and_then_ends(self):
		contract = started(interval="Monthly", ends_on="2026-03-14")
		bill(contract, date(2026, 3, 1), site_ports())
		_first, last = invoices_of(contract)
		# 28 February to 13 March: 14 of 31 days
		self.assertEqual((last.net_total, str(last.to_date)), (45.16, "2026-03-13"))
		bill(contract, date(2026, 3, 14), site_ports())
		row = frappe.db.get_value("Subscription Contract", contract, ["status", "next_billing_date"])
		self.assertEqual(row, ("Ended", None))
		bill(contract, date(2026, 6, 1), site_ports())
		self.assertEqual(len(invoices_of(contract)), 2)

	def test_cancelled_for_the_end_of_its_period_a_contract_is_not_billed_again(self):
		contract = started(interval="Monthly")
		cancel_at_period_end(contract, date(2026, 2, 10), site_ports())
		bill(contract, date(2026, 5, 1), site_ports())
		self.assertEqual(len(invoices_of(contract)), 1)
		self.assertEqual(frappe.db.get_value("Subscription Contract", contract, "status"), "Ended")

	def test_renewal_switched_off_and_on_again_leaves_no_gap_and_no_double(self):
		contract = started(interval="Monthly")
		set_renewal(contract, False, date(2026, 2, 10), site_ports())
		set_renewal(contract, True, date(2026, 2, 20), site_ports())
		bill(contract, date(2026, 2, 28), site_ports())
		self.assertEqual(
			[str(charge.period_start) for charge in charges_of(contract)], ["2026-01-31", "2026-02-28"]
		)

	def test_a_taken_charge_key_refuses_the_whole_billing(self):
		contract = started(interval="Monthly")
		frappe.db.set_value("Subscription Contract", contract, "next_billing_date", START)
		frappe.db.savepoint("untouched")
		with self.assertRaises(DomainError) as refused:
			bill(contract, date(2026, 2, 1), site_ports())
		self.assertEqual(refused.exception.code, "charged_before")
		frappe.db.rollback(save_point="untouched")
		self.assertEqual((len(charges_of(contract)), len(invoices_of(contract))), (1, 1))


class TestPacksAndCents(BillingTestCase):
	def assert_lines_equal_charges(self, contract: str) -> None:
		amounts = {charge.name: charge.amount for charge in charges_of(contract)}
		for invoice in invoices_of(contract):
			for line in invoice.items:
				self.assertEqual(line.amount, amounts[line.contract_charge], line.description)
			self.assertEqual(invoice.net_total, round(sum(line.amount for line in invoice.items), 2))

	def test_packs_added_within_a_period_are_charged_by_day_to_the_cent(self):
		contract = started()
		pack = make_pack().name
		for quantity, day in ((3, date(2026, 2, 17)), (7, date(2026, 5, 5)), (1, date(2026, 7, 30))):
			add_pack(contract, pack, quantity, None, day, site_ports())
		bill(contract, date(2026, 7, 31), site_ports())

		self.assert_lines_equal_charges(contract)
		# 31 January to 31 July has 181 days: 164 of them × 3 × 50, 87 × 7 × 50, 1 × 50; then 11 packs whole.
		self.assertEqual(
			[(invoice.net_total, len(invoice.items)) for invoice in invoices_of(contract)],
			[(600, 1), (135.91, 1), (168.23, 1), (0.28, 1), (600 + 11 * 50, 2)],
		)

	def test_a_unit_price_with_a_third_decimal_is_charged_as_one_sum(self):
		pack = make_pack("_Test Mails", prices={"Monthly": 0.125}, kind="Emails").name
		contract = started(interval="Monthly", packs=[{"pack": pack, "quantity": 1001}])
		self.assert_lines_equal_charges(contract)

	def test_a_pack_removed_is_not_charged_again(self):
		contract = started(interval="Monthly", packs=[{"pack": make_pack().name, "quantity": 5}])
		remove_pack(contract, "_Test Extra User", 2, None, date(2026, 2, 10), site_ports())
		bill(contract, date(2026, 2, 28), site_ports())
		self.assertEqual([invoice.net_total for invoice in invoices_of(contract)], [150, 130])

	def test_a_pack_sold_once_is_charged_once(self):
		pack = make_pack("_Test Setup", prices={"Once": 250}, kind="Other", one_off=1).name
		contract = started(interval="Monthly", packs=[{"pack": pack, "quantity": 1}])
		add_pack(contract, pack, 2, None, date(2026, 2, 10), site_ports())
		bill(contract, date(2026, 2, 28), site_ports())
		self.assertEqual([invoice.net_total for invoice in invoices_of(contract)], [350, 500, 100])

	def test_the_same_pack_added_twice_on_one_day_is_charged_twice(self):
		contract = started(interval="Monthly")
		for _ in range(2):
			add_pack(contract, make_pack().name, 1, None, START, site_ports())
		self.assertEqual([invoice.net_total for invoice in invoices_of(contract)], [100, 10, 10])


class TestDrafts(BillingTestCase):
	def setUp(self):
		super().setUp()
		frappe.db.set_single_value("Subscription Mgmt Settings", "submit_invoices", 0)
		frappe.clear_document_cache("Subscription Mgmt Settings", "Subscription Mgmt Settings")

	def test_drafts_take_their_charges_and_are_not_made_again(self):
		contract = started(interval="Monthly")
		for day in (START, date(2026, 2, 1), date(2026, 2, 27)):
			bill(contract, day, site_ports())
		(invoice,) = invoices_of(contract)
		self.assertEqual((invoice.docstatus, ledger_of(invoice.name)), (0, {}))
		self.assertEqual(waiting_charges_of(contract), [])

		bill(contract, date(2026, 2, 28), site_ports())
		self.assertEqual([invoice.docstatus for invoice in invoices_of(contract)], [0, 0])

	def test_a_draft_submitted_later_keeps_its_charges_and_posts(self):
		contract = started(interval="Monthly")
		invoices_of(contract)[0].submit()
		self.assertEqual(ledger_of(invoices_of(contract)[0].name), {"Debtors - WP": 100, "Sales - WP": -100})
		self.assertEqual(waiting_charges_of(contract), [])
		self.assertEqual(frappe.db.get_value("Subscription Contract", contract, "parked"), 0)

	def test_unused_days_of_a_draft_are_not_credited(self):
		contract = started(plan=make_plan("_Test Refundable", refundable=1).name, interval="Monthly")
		before = state_of(contract)
		frappe.db.savepoint("untouched")
		with self.assertRaises(DomainError) as refused:
			cancel_now(contract, date(2026, 2, 10), site_ports())
		frappe.db.rollback(save_point="untouched")
		self.assertEqual(refused.exception.code, "credit_needs_invoice")
		self.assertEqual(state_of(contract), before)


class TestErpnextDecides(BillingTestCase):
	"""Taxes, accounts, currencies, terms and deferred revenue are ERPNext's."""

	def setUp(self):
		super().setUp()
		frappe.db.set_single_value(
			"Accounts Settings", "allow_multi_currency_invoices_against_single_party_account", 1
		)

	def test_the_default_taxes_are_on_the_invoice(self):
		make_default_tax(13)
		contract = started(interval="Monthly", packs=[{"pack": make_pack().name, "quantity": 3}])
		(invoice,) = invoices_of(contract)
		self.assertEqual(
			(invoice.net_total, invoice.total_taxes_and_charges, invoice.grand_total), (130, 16.9, 146.9)
		)
		self.assertEqual(
			ledger_of(invoice.name), {"Debtors - WP": 146.9, "Sales - WP": -130, "_Test VAT - WP": -16.9}
		)

	def test_taxes_of_a_credit_go_back_with_it(self):
		make_default_tax(13)
		contract = started(plan=make_plan("_Test Refundable", refundable=1).name, interval="Monthly")
		cancel_now(contract, date(2026, 2, 14), site_ports())
		_invoice, credit = invoices_of(contract)
		self.assertEqual(
			(credit.net_total, credit.total_taxes_and_charges, credit.grand_total), (-50, -6.5, -56.5)
		)
		self.assertEqual(
			ledger_of(credit.name), {"Debtors - WP": -56.5, "Sales - WP": 50, "_Test VAT - WP": 6.5}
		)

	def test_prices_in_another_currency_are_posted_at_the_rate_of_the_day(self):
		make_rate("EUR", "USD", 1.1, START)
		make_rate("EUR", "USD", 1.2, date(2026, 2, 28))
		contract = started(
			plan=euro_plan(), interval="Monthly", currency="EUR", customer=make_customer("_Test Sarl")
		)
		bill(contract, date(2026, 2, 28), site_ports())
		first, second = invoices_of(contract)
		self.assertEqual((first.currency, first.conversion_rate, first.grand_total), ("EUR", 1.1, 90))
		self.assertEqual(ledger_of(first.name), {"Debtors - WP": 99, "Sales - WP": -99})
		self.assertEqual(ledger_of(second.name), {"Debtors - WP": 108, "Sales - WP": -108})

	def test_a_currency_that_the_account_does_not_take_is_refused_with_what_to_do(self):
		make_rate("EUR", "USD", 1.1, START)
		setting = "allow_multi_currency_invoices_against_single_party_account"
		frappe.db.set_single_value("Accounts Settings", setting, 0)
		frappe.clear_document_cache("Accounts Settings", "Accounts Settings")
		customer = make_customer("_Test Sarl Sans Compte")
		with self.assertRaisesRegex(frappe.ValidationError, "receivable account in EUR"):
			started(plan=euro_plan(), interval="Monthly", currency="EUR", customer=customer)

	def test_a_customer_with_an_account_in_his_currency_owes_in_it(self):
		make_rate("EUR", "USD", 1.1, START)
		account = make_account(
			"_Test Debtors EUR", "Accounts Receivable", account_type="Receivable", account_currency="EUR"
		)
		customer = make_customer(
			"_Test Gmbh", default_currency="EUR", accounts=[{"company": COMPANY, "account": account}]
		)
		contract = started(plan=euro_plan(), interval="Monthly", currency="EUR", customer=customer)
		(invoice,) = invoices_of(contract)
		self.assertEqual((invoice.debit_to, invoice.party_account_currency), (account, "EUR"))
		entry = frappe.get_doc("GL Entry", {"voucher_no": invoice.name, "account": account})
		self.assertEqual((entry.debit, entry.debit_in_account_currency), (99, 90))
		self.assertEqual(invoice.outstanding_amount, 90)

	def test_a_credit_in_another_currency_takes_the_rate_of_its_invoice(self):
		make_rate("EUR", "USD", 1.1, START)
		make_rate("EUR", "USD", 1.2, date(2026, 2, 14))
		plan = euro_plan("_Test Euro Refundable", refundable=1)
		contract = started(
			plan=plan, interval="Monthly", currency="EUR", customer=make_customer("_Test Sarl")
		)
		cancel_now(contract, date(2026, 2, 14), site_ports())
		_invoice, credit = invoices_of(contract)
		self.assertEqual((credit.conversion_rate, credit.grand_total), (1.1, -45))
		self.assertEqual(ledger_of(credit.name), {"Debtors - WP": -49.5, "Sales - WP": 49.5})

	def test_a_charge_in_a_currency_without_cents_equals_its_line(self):
		make_rate("JPY", "USD", 0.01, START)
		prices = [{"interval": "Monthly", "currency": "JPY", "price": 10000}]
		plan = make_plan("_Test Yen", prices=prices).name
		contract = started(
			plan=plan,
			interval="Monthly",
			currency="JPY",
			ends_on="2026-02-13",
			customer=make_customer("_Test KK"),
		)
		(invoice,) = invoices_of(contract)
		(charge,) = charges_of(contract)
		self.assertEqual(invoice.items[0].amount, charge.amount)

	def test_payment_days_set_the_due_date(self):
		with settings(payment_days=15):
			contract = started(interval="Monthly")
		(invoice,) = invoices_of(contract)
		self.assertEqual(str(invoice.due_date), "2026-02-15")
		self.assertEqual([str(row.due_date) for row in invoice.payment_schedule], ["2026-02-15"])

	def test_a_payment_terms_template_sets_the_instalments(self):
		with settings(payment_terms_template=make_terms()):
			contract = started(interval="Yearly")
		(invoice,) = invoices_of(contract)
		self.assertEqual(
			[(str(row.due_date), row.payment_amount) for row in invoice.payment_schedule],
			[("2026-02-10", 550), ("2026-03-02", 550)],
		)
		self.assertEqual(str(invoice.due_date), "2026-03-02")

	def test_the_terms_agreed_with_a_customer_go_before_the_payment_days(self):
		customer = make_customer("_Test Terms", payment_terms=make_terms())
		with settings(payment_days=7):
			contract = started(interval="Yearly", customer=customer)
		(invoice,) = invoices_of(contract)
		self.assertEqual(str(invoice.due_date), "2026-03-02")

	def test_revenue_is_deferred_over_the_days_of_each_period_that_is_not_over(self):
		plan = make_plan("_Test Deferred")
		make_deferred(plan.item)
		contract = started(plan=plan.name, interval="Monthly")
		bill(contract, date(2026, 4, 2), site_ports())
		first, catch_up = invoices_of(contract)
		dates = [
			(str(line.service_start_date), str(line.service_end_date))
			for line in (*first.items, *catch_up.items)
		]
		self.assertEqual(
			dates, [("2026-01-31", "2026-02-27"), ("2026-02-28", "2026-03-30"), ("2026-03-31", "2026-04-29")]
		)
		self.assertEqual(
			ledger_of(catch_up.name),
			{"Debtors - WP": 200, "Sales - WP": -100, "_Test Deferred Revenue - WP": -100},
		)

	def test_a_credit_of_deferred_revenue_is_posted_as_erpnext_posts_returns(self):
		plan = make_plan("_Test Deferred", refundable=1)
		make_deferred(plan.item)
		contract = started(plan=plan.name, interval="Monthly")
		cancel_now(contract, date(2026, 2, 14), site_ports())
		credit = invoices_of(contract)[1]
		self.assertEqual(ledger_of(credit.name), {"Debtors - WP": -50, "Sales - WP": 50})


class TestCancellingNow(BillingTestCase):
	def setUp(self):
		super().setUp()
		self.plan = make_plan("_Test Refundable", refundable=1).name

	def test_unused_days_become_a_credit_note_against_the_invoice(self):
		contract = started(plan=self.plan, interval="Monthly")
		cancel_now(contract, date(2026, 2, 14), site_ports())

		invoice, credit = invoices_of(contract)
		self.assertEqual(
			(credit.docstatus, credit.is_return, credit.return_against, credit.grand_total),
			(1, 1, invoice.name, -50),
		)
		self.assertEqual(ledger_of(credit.name), {"Debtors - WP": -50, "Sales - WP": 50})
		invoice.reload()
		self.assertEqual(invoice.outstanding_amount, 50)
		row = frappe.db.get_value(
			"Subscription Contract", contract, ["status", "ends_on", "next_billing_date"]
		)
		self.assertEqual(row, ("Cancelled", date(2026, 2, 14), None))
		charge, credited = charges_of(contract)
		self.assertEqual((credited.amount, credited.reverses), (-50, charge.name))
		self.assertEqual(credited.sales_invoice, credit.name)
		bill(contract, date(2026, 6, 1), site_ports())
		self.assertEqual(len(invoices_of(contract)), 2)

	def test_several_packs_of_one_line_are_credited_together(self):
		contract = started(
			plan=self.plan, interval="Monthly", packs=[{"pack": make_pack().name, "quantity": 5}]
		)
		cancel_now(contract, date(2026, 2, 14), site_ports())
		_invoice, credit = invoices_of(contract)
		self.assertEqual(sorted(line.amount for line in credit.items), [-50, -25])
		self.assertEqual(credit.grand_total, -75)

	def test_each_invoice_gets_its_own_credit_note(self):
		contract = started(plan=self.plan, interval="Monthly")
		add_pack(contract, make_pack().name, 2, None, date(2026, 2, 7), site_ports())
		cancel_now(contract, date(2026, 2, 14), site_ports())
		invoices = invoices_of(contract)
		self.assertEqual([invoice.grand_total for invoice in invoices[:2]], [100, 15])
		credits = {credit.return_against: credit.grand_total for credit in invoices[2:]}
		self.assertEqual(credits, {invoices[0].name: -50, invoices[1].name: -10})

	def test_on_the_day_of_the_invoice_all_of_it_is_credited(self):
		contract = started(plan=self.plan, interval="Monthly")
		cancel_now(contract, START, site_ports())
		_invoice, credit = invoices_of(contract)
		self.assertEqual(credit.grand_total, -100)

	def test_a_missed_period_is_billed_and_credited(self):
		contract = started(plan=self.plan, interval="Monthly")
		cancel_now(contract, date(2026, 3, 1), site_ports())
		_first, second, credit = invoices_of(contract)
		# 28 February to 30 March: 31 days, one of them used
		self.assertEqual((second.grand_total, credit.grand_total), (100, -96.77))
		self.assertEqual(credit.return_against, second.name)

	def test_a_paid_invoice_leaves_the_credit_with_the_customer(self):
		from erpnext.accounts.doctype.payment_entry.payment_entry import get_payment_entry

		contract = started(plan=self.plan, interval="Monthly")
		(invoice,) = invoices_of(contract)
		payment = get_payment_entry("Sales Invoice", invoice.name)
		payment.update({"posting_date": START, "reference_no": "1", "reference_date": START})
		payment.insert().submit()
		cancel_now(contract, date(2026, 2, 14), site_ports())
		credit = invoices_of(contract)[1]
		self.assertEqual(credit.grand_total, -50)
		self.assertEqual(ledger_of(credit.name), {"Debtors - WP": -50, "Sales - WP": 50})

	def test_a_plan_that_is_not_refundable_gives_no_credit(self):
		contract = started(interval="Monthly")
		cancel_now(contract, date(2026, 2, 14), site_ports())
		self.assertEqual(len(invoices_of(contract)), 1)
		self.assertEqual(frappe.db.get_value("Subscription Contract", contract, "status"), "Cancelled")

	def test_a_commitment_is_not_cancelled_within_it(self):
		plan = make_plan("_Test Committed", commitment_months=12, refundable=1).name
		contract = started(plan=plan, interval="Monthly")
		before = state_of(contract)
		with self.assertRaises(DomainError) as refused:
			cancel_now(contract, date(2026, 2, 14), site_ports())
		self.assertEqual(refused.exception.code, "committed")
		self.assertEqual(state_of(contract), before)


def make_default_tax(rate: float) -> None:
	account = make_account("_Test VAT", "Duties and Taxes", account_type="Tax")
	frappe.get_doc(
		{
			"doctype": "Sales Taxes and Charges Template",
			"title": "_Test VAT",
			"company": COMPANY,
			"is_default": 1,
			"taxes": [
				{"charge_type": "On Net Total", "account_head": account, "rate": rate, "description": "VAT"}
			],
		}
	).insert()


def make_rate(source: str, target: str, rate: float, day: date) -> None:
	frappe.get_doc(
		{
			"doctype": "Currency Exchange",
			"from_currency": source,
			"to_currency": target,
			"exchange_rate": rate,
			"date": day,
			"for_selling": 1,
			"for_buying": 1,
		}
	).insert()


def euro_plan(name: str = "_Test Euro", **values: object) -> str:
	prices = [{"interval": "Monthly", "currency": "EUR", "price": 90}]
	return make_plan(name, prices=prices, **values).name


def make_terms() -> str:
	name = "_Test Halves"
	if frappe.db.exists("Payment Terms Template", name):
		return name
	terms = []
	for days in (10, 30):
		term = frappe.get_doc(
			{
				"doctype": "Payment Term",
				"payment_term_name": f"_Test {days} days",
				"due_date_based_on": "Day(s) after invoice date",
				"invoice_portion": 50,
				"credit_days": days,
			}
		).insert()
		terms.append(
			{
				"payment_term": term.name,
				"due_date_based_on": term.due_date_based_on,
				"invoice_portion": 50,
				"credit_days": days,
			}
		)
	frappe.get_doc({"doctype": "Payment Terms Template", "template_name": name, "terms": terms}).insert()
	return name


def make_deferred(item: str) -> None:
	account = make_account("_Test Deferred Revenue", "Current Liabilities")
	record = frappe.get_doc("Item", item)
	record.enable_deferred_revenue = 1
	record.no_of_months = 12
	record.set("item_defaults", [{"company": COMPANY, "deferred_revenue_account": account}])
	record.save()
