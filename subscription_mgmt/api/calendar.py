"""Which countries' holidays can a service calendar have, and how are they taken in?"""

import frappe
from frappe import _

from subscription_mgmt.adapters.clock import today_in
from subscription_mgmt.adapters.holiday_lists import fill_holidays, supported_countries

DOCTYPE = "Service Calendar"


@frappe.whitelist()
def countries() -> dict[str, list[str]]:
	"""Subdivisions by country code."""
	frappe.has_permission(DOCTYPE, "read", throw=True)
	return supported_countries()


@frappe.whitelist(methods=["POST"])
def import_holidays(calendar: str) -> str:
	"""What was taken in, in words."""
	frappe.has_permission(DOCTYPE, "write", calendar, throw=True)
	if not frappe.db.get_value(DOCTYPE, calendar, "holiday_country"):
		frappe.throw(_("Name the Holiday Country of {0} first.").format(calendar))
	return _("{0} holidays were added.").format(fill_holidays(calendar, today_in(None)))
