"""When is an invoice due? The customer's own terms, else the app's settings, else the company's terms."""

from dataclasses import dataclass
from datetime import date

import frappe
from erpnext.controllers.accounts_controller import get_payment_term_details
from frappe.utils import add_days, getdate


@dataclass(frozen=True)
class Terms:
	"""`template`: a Payment Terms Template, None for a plain due date. `due_on`: its last instalment's day."""

	template: str | None
	due_on: date


def terms_of(customer: str, company: str, day: date) -> Terms:
	"""The terms of an invoice made on `day`."""
	settings = frappe.get_cached_doc("Subscription Mgmt Settings")
	template = (
		_agreed_with(customer)
		or settings.payment_terms_template
		or frappe.get_cached_value("Company", company, "payment_terms")
	)
	if not template:
		return Terms(None, add_days(day, settings.payment_days or 0))
	# Not ERPNext's get_due_date_from_template: that one adds the terms' days up.
	terms = frappe.get_cached_doc("Payment Terms Template", template).terms
	return Terms(template, max(getdate(get_payment_term_details(term, day).due_date) for term in terms))


def _agreed_with(customer: str) -> str | None:
	terms, group = frappe.get_cached_value("Customer", customer, ["payment_terms", "customer_group"])
	return terms or (group and frappe.get_cached_value("Customer Group", group, "payment_terms"))
