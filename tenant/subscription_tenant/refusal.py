"""What is raised when a site that is closed is asked to do something."""

import frappe


class SubscriptionRefused(frappe.PermissionError):
	"""HTTP 403: understood, and not done. Whoever calls finds the name in `exc_type`."""
