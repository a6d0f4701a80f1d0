"""Which figures do the workspace and the form of a contract show?"""

from datetime import timedelta
from decimal import Decimal

import frappe

from subscription_mgmt.adapters.clock import today_in
from subscription_mgmt.adapters.contract_records import DOCTYPE
from subscription_mgmt.adapters.rating_records import ratings_between
from subscription_mgmt.adapters.recurring_records import latest_rates, sold_by_company, sold_by_contract
from subscription_mgmt.engine.contracts import BILLED
from subscription_mgmt.engine.money import ZERO
from subscription_mgmt.engine.recurring import monthly_by_currency
from subscription_mgmt.permissions import DESK_ROLES

RATED_DAYS = 90


@frappe.whitelist()
def monthly_recurring_revenue(filters: str | list | dict | None = None) -> dict:
	"""A number card: one month of all charged contracts of the user's company, in its currency, before tax.

	A card always sends `filters`; this one has none to use.
	"""
	# Customers may read their own contracts, but not what all of them come to.
	frappe.only_for(tuple(DESK_ROLES))
	company = frappe.defaults.get_user_default("company") or _company_of_settings()
	return {
		"value": float(_monthly_of(company)) if company else 0,
		"fieldtype": "Currency",
		"route": ["List", DOCTYPE],
		"route_options": {"status": ["in", sorted(status.value for status in BILLED)]},
	}


@frappe.whitelist()
def rating_of_support(filters: str | list | dict | None = None) -> dict:
	"""A number card: the average of the stars that customers gave in the last 90 days."""
	frappe.only_for(tuple(DESK_ROLES))
	today = today_in(None)
	stars = [rating.stars for rating in ratings_between(today - timedelta(days=RATED_DAYS), today)]
	return {
		"value": round(sum(stars) / len(stars), 2) if stars else 0,
		"fieldtype": "Float",
		"route": ["query-report", "Support Ratings"],
	}


def _company_of_settings() -> str | None:
	return frappe.get_cached_doc("Subscription Mgmt Settings").get("company")


def _monthly_of(company: str) -> Decimal:
	"""A currency in which nothing was ever invoiced has no rate yet and adds nothing."""
	today = today_in(None)
	sums = monthly_by_currency(sold_by_company(company, today), today)
	own = frappe.get_cached_value("Company", company, "default_currency")
	rates = {**latest_rates(company, sums.keys() - {own}), own: Decimal(1)}
	return sum((amount * rates.get(currency, ZERO) for currency, amount in sums.items()), ZERO)


@frappe.whitelist()
def of_contract(contract: str) -> dict:
	"""`{"monthly", "currency", "unpaid"}`: net amount of one month as text, invoices with money open."""
	record = frappe.get_doc(DOCTYPE, contract)
	record.check_permission("read")
	today = today_in(record.time_zone)
	sums = monthly_by_currency(sold_by_contract(contract, today), today)
	return {
		"monthly": str(sums.get(record.currency, ZERO)),
		"currency": record.currency,
		"unpaid": frappe.db.count(
			"Sales Invoice",
			{"subscription_contract": contract, "docstatus": 1, "outstanding_amount": [">", 0]},
		),
	}
