"""What does a person read whose system is not open to him, and where can he pay?"""

import frappe
from frappe import _
from frappe.utils import get_url

from subscription_mgmt.adapters.contract_records import DOCTYPE
from subscription_mgmt.adapters.email_notices import language_of
from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.contracts import Status
from subscription_mgmt.engine.systems import Access

PORTAL = "/services"


def access_of(instance: str, mode: Mode) -> Access:
	"""In the customer's language: his people read it within their own system."""
	customer = frappe.db.get_value("Hosted Instance", instance, "customer")
	return Access(mode, _reason(instance, mode, language_of(customer)), get_url(PORTAL))


def _reason(instance: str, mode: Mode, language: str) -> str:
	if mode is Mode.FULL:
		return ""
	if mode is Mode.READ_ONLY:
		return _(
			"Your plan lets you consult, print and export everything here. To change anything, choose another plan.",
			language,
		)
	unpaid = {"instance": instance, "status": Status.SUSPENDED.value}
	if frappe.db.exists(DOCTYPE, unpaid):
		return _("An invoice is unpaid. Pay it, and this system opens again within a minute.", language)
	return _("The contract for this system is over. Renew it to go on working with your data.", language)
