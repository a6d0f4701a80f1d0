"""Which customers may be billed?"""

import frappe
from frappe import _

from subscription_mgmt.refusals import sentence


class CustomerRecords:
	"""Implements `ports.Customers` on ERPNext's Customer."""

	def is_disabled(self, name: str) -> bool:
		return bool(frappe.get_cached_value("Customer", name, "disabled"))

	def grace_days(self, name: str) -> int:
		return frappe.get_cached_value("Customer", name, "subscription_grace_days") or 0


def check_customer(name: str) -> None:
	"""Refuse a customer who is not there, which Frappe misses where fields are fetched from him, or is disabled."""
	disabled = frappe.db.get_value("Customer", name, "disabled")
	if disabled is None:
		frappe.throw(_("There is no customer {0}. Choose one of the Customer list.").format(name))
	if disabled:
		frappe.throw(sentence("customer_disabled", customer=name))
