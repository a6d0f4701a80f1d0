"""How does a customer hand in temporary access to his system, take it back, and say that he removed the user?"""

import frappe

from subscription_mgmt.adapters.grant_records import DOCTYPE
from subscription_mgmt.adapters.ticket_records import DOCTYPE as TICKET
from subscription_mgmt.api import access_grant
from subscription_mgmt.api.portal.guard import visit_to
from subscription_mgmt.engine.portal_roles import Verb


@frappe.whitelist(methods=["POST"])
def hand_in(
	ticket: str, username: str, secret: str, url: str = "", purpose: str = "System", details: str = ""
) -> str:
	"""The grant's name. Nobody reads the secret again but who works on the ticket."""
	_visit, record = visit_to(Verb.GRANT_ACCESS, TICKET, ticket)
	return access_grant.hand_in(record.name, username, secret, url, purpose, details)


@frappe.whitelist(methods=["POST"])
def erase(grant: str) -> None:
	_visit, record = visit_to(Verb.GRANT_ACCESS, DOCTYPE, grant)
	access_grant.erase(record.name)


@frappe.whitelist(methods=["POST"])
def confirm_removal(grant: str) -> None:
	_visit, record = visit_to(Verb.GRANT_ACCESS, DOCTYPE, grant)
	access_grant.confirm_removal(record.name)
