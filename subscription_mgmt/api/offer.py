"""How is a request that is not included quoted from Desk?"""

import frappe

from subscription_mgmt.adapters.clock import today_in
from subscription_mgmt.adapters.offers_site import offer_ports
from subscription_mgmt.adapters.ticket_records import DOCTYPE
from subscription_mgmt.refusals import refusals_worded
from subscription_mgmt.services import offer as offering


@frappe.whitelist(methods=["POST"])
def quote(ticket: str) -> str:
	"""The quotation: the one that was made, or a new draft."""
	frappe.has_permission(DOCTYPE, "write", ticket, throw=True)
	with refusals_worded():
		return offering.quote(ticket, today_in(None), offer_ports())
