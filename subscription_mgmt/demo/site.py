"""What does ERPNext need before invoices of a year ago can be made in an example's currency?"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import frappe
from erpnext.accounts.utils import get_fiscal_year
from frappe import _
from frappe.utils import getdate

from subscription_mgmt.engine.periods import add_months
from subscription_mgmt.simulation.scenario_file import Scenario, Subscribe

# US dollars for one unit. Invented once and kept, so that every demo shows the same figures.
DEMO_RATES = {
	"USD": Decimal("1"),
	"EUR": Decimal("1.10"),
	"GBP": Decimal("1.30"),
	"MXN": Decimal("0.055"),
	"BOB": Decimal("0.145"),
}


def company_of_site() -> str:
	company = frappe.get_cached_doc("Subscription Mgmt Settings").company or frappe.db.get_default("company")
	if not company:
		frappe.throw(_("Finish ERPNext's setup wizard first: there is no company to invoice for."))
	return company


def make_fiscal_years(first: date, last: date, company: str) -> Iterator[str]:
	"""A sentence for each year made. Years begin when those of the site do, else on 1 January."""
	day = first
	frappe.db.after_rollback.add(_forget_fiscal_years)
	while day <= last:
		if year := get_fiscal_year(day, company=company, boolean=True):
			day = getdate(year[0][2]) + date.resolution
			continue
		start = _start_of_year(day)
		end = add_months(start, 12) - date.resolution
		name = str(start.year) if start.year == end.year else f"{start.year}-{end.year}"
		frappe.get_doc(
			{"doctype": "Fiscal Year", "year": name, "year_start_date": start, "year_end_date": end}
		).insert()
		yield _("Made fiscal year {0}.").format(name)
		day = end + date.resolution


def _forget_fiscal_years() -> None:
	"""ERPNext remembers them outside the database, where nothing is rolled back."""
	frappe.cache.delete_value("fiscal_years")


def _start_of_year(day: date) -> date:
	known = frappe.get_all("Fiscal Year", {"is_short_year": 0}, pluck="year_start_date", limit=1)
	start = add_months(known[0] if known else date(day.year, 1, 1), 0)
	years = day.year - start.year
	begun = add_months(start, years * 12)
	return begun if begun <= day else add_months(start, (years - 1) * 12)


def make_exchange_rate(currency: str, company: str, day: date) -> Iterator[str]:
	"""ERPNext asks for the rate of an invoice's day; a demo must not depend on a web service for it."""
	own = frappe.get_cached_value("Company", company, "default_currency")
	pair = {"from_currency": currency, "to_currency": own}
	if currency == own or frappe.db.exists("Currency Exchange", {**pair, "date": ["<=", day]}):
		return
	if currency not in DEMO_RATES or own not in DEMO_RATES:
		frappe.throw(
			_(
				"Make a Currency Exchange from {0} to {1} dated {2} or before, then load the demo again."
			).format(currency, own, day)
		)
	rate = float(round(DEMO_RATES[currency] / DEMO_RATES[own], 6))
	record = frappe.get_doc(
		{"doctype": "Currency Exchange", **pair, "date": day, "exchange_rate": rate, "for_selling": 1}
	).insert()
	text = _("Invented for the demo. Delete it before real invoices are made in {0}.").format(currency)
	record.add_comment("Comment", text)
	yield _("Made exchange rate {0}: 1 {1} = {2} {3}. {4}").format(record.name, currency, rate, own, text)


def make_customers(scenario: Scenario, company: str) -> Iterator[str]:
	"""Refuses to invoice a customer whom the site knew before."""
	names = dict.fromkeys(event.customer for event in scenario.events if isinstance(event, Subscribe))
	account = _receivable_account(scenario.currency, company)
	for name in names:
		if frappe.db.exists("Customer", name):
			frappe.throw(
				_(
					"There is a customer {0} already, whom the demo would invoice. Load it into another site."
				).format(name)
			)
		entry = (scenario.customers or {}).get(name)
		language = entry.language if entry else None
		frappe.get_doc(
			{
				"doctype": "Customer",
				"customer_name": name,
				"customer_type": "Company",
				"customer_group": _leaf("Customer Group"),
				"territory": _leaf("Territory"),
				"language": language if language and frappe.db.exists("Language", language) else None,
				"default_currency": scenario.currency,
				"accounts": [{"company": company, "account": account}] if account else [],
			}
		).insert()
	yield _("Made {0} customers.").format(len(names))


def _receivable_account(currency: str, company: str) -> str | None:
	"""ERPNext invoices in another currency than its own only to an account kept in that currency."""
	if currency == frappe.get_cached_value("Company", company, "default_currency"):
		return None
	wanted = {"company": company, "account_type": "Receivable", "account_currency": currency, "is_group": 0}
	if known := frappe.db.get_value("Account", {**wanted, "disabled": 0}):
		return known
	own = frappe.get_cached_value("Company", company, "default_receivable_account")
	if not own:
		frappe.throw(_("Name the Default Receivable Account of company {0} first.").format(company))
	parent = frappe.db.get_value("Account", own, "parent_account")
	account = {
		**wanted,
		"doctype": "Account",
		"account_name": f"Debtors {currency}",
		"parent_account": parent,
	}
	return frappe.get_doc(account).insert().name


def _leaf(tree: str) -> str | None:
	return frappe.db.get_value(tree, {"is_group": 0})
