"""Which customers may be billed?"""

import frappe


class CustomerRecords:
	"""Implements `ports.Customers` on ERPNext's Customer."""

	def is_disabled(self, name: str) -> bool:
		return bool(frappe.get_cached_value("Customer", name, "disabled"))

	def grace_days(self, name: str) -> int:
		return frappe.get_cached_value("Customer", name, "subscription_grace_days") or 0
