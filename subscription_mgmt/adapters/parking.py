"""Which contracts is billing told to leave alone, and why?"""

import frappe
from frappe import _


def park(contract: str, reason: str) -> None:
	"""Billing leaves the contract alone until someone un-parks it; the reason stands on its form and timeline."""
	frappe.db.set_value("Subscription Contract", contract, {"parked": 1, "parked_reason": reason})
	_note(contract, _("Parked: {0}").format(reason))


def unpark(contract: str) -> None:
	frappe.db.set_value(
		"Subscription Contract", contract, {"parked": 0, "parked_reason": None, "billing_failures": 0}
	)
	_note(contract, _("Un-parked"))


def is_parked(contract: str) -> bool:
	return bool(frappe.db.get_value("Subscription Contract", contract, "parked"))


def _note(contract: str, text: str) -> None:
	frappe.get_doc("Subscription Contract", contract).add_comment("Info", text)
