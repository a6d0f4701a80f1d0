"""Which contracts is billing told to leave alone, and why?"""

import frappe

from subscription_mgmt.adapters.activity_records import append
from subscription_mgmt.engine.activity import what


def park(contract: str, reason: str) -> None:
	"""Billing leaves the contract alone until someone un-parks it; the reason is on its form and history."""
	frappe.db.set_value("Subscription Contract", contract, {"parked": 1, "parked_reason": reason})
	append(contract, what("parked", reason=reason))


def unpark(contract: str) -> None:
	frappe.db.set_value(
		"Subscription Contract", contract, {"parked": 0, "parked_reason": None, "billing_failures": 0}
	)
	append(contract, what("unparked"))


def is_parked(contract: str) -> bool:
	return bool(frappe.db.get_value("Subscription Contract", contract, "parked"))
