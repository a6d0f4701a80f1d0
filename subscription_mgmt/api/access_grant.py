"""How are credentials asked for, handed in, looked at and erased? From Desk and from the portal."""

import frappe
from frappe import _
from frappe.rate_limiter import rate_limit

from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.adapters.grant_records import DOCTYPE, LOOK
from subscription_mgmt.adapters.support_site import support_ports
from subscription_mgmt.adapters.ticket_records import DOCTYPE as TICKET
from subscription_mgmt.engine.access_grants import Credentials, Erasure, Purpose
from subscription_mgmt.engine.portal_roles import Verb
from subscription_mgmt.permissions import may_act_for
from subscription_mgmt.refusals import refusals_worded
from subscription_mgmt.services import confirm_removal as confirming
from subscription_mgmt.services import erase_access as erasing
from subscription_mgmt.services import hand_in_access as handing
from subscription_mgmt.services import look_at_access as looking
from subscription_mgmt.services import request_access as requesting

SHOWN = [
	"name",
	"purpose",
	"status",
	"url",
	"handed_in_at",
	"expires_at",
	"erased_at",
	"erased_for",
	"removed_at",
]


@frappe.whitelist(methods=["POST"])
def request(ticket: str, purpose: str = "System", url: str = "") -> str:
	"""Ask the customer. The grant's name."""
	frappe.has_permission(TICKET, "write", ticket, throw=True)
	with refusals_worded():
		return requesting.request_access(ticket, _purpose(purpose), url, moment(), support_ports()).name


@frappe.whitelist(methods=["POST"])
@rate_limit(limit=30, seconds=3600)
def hand_in(
	ticket: str, username: str, secret: str, url: str = "", purpose: str = "System", details: str = ""
) -> str:
	"""By the customer, or for him. The grant's name."""
	_check_own(TICKET, ticket, Verb.GRANT_ACCESS)
	credentials = Credentials(username, secret, details)
	with refusals_worded():
		ports = support_ports()
		return handing.hand_in_access(ticket, _purpose(purpose), url[:500], credentials, moment(), ports).name


@frappe.whitelist()
def of_ticket(ticket: str) -> list[dict]:
	"""Without the credentials; with who looked at them, and when."""
	_check_own(TICKET, ticket, Verb.SEE)
	grants = frappe.get_all(DOCTYPE, {"ticket": ticket}, SHOWN, order_by="creation", limit=0)
	looks = frappe.get_all(
		LOOK, {"ticket": ticket}, ["access_grant", "user", "looked_at"], order_by="looked_at", limit=0
	)
	for grant in grants:
		grant["looks"] = [
			{"user": look.user, "looked_at": look.looked_at}
			for look in looks
			if look.access_grant == grant.name
		]
	return grants


@frappe.whitelist(methods=["POST"])
def look(grant: str) -> dict[str, str]:
	"""The credentials, to the ticket's assignee; written down before they are shown."""
	with refusals_worded():
		seen = looking.look_at_access(grant, frappe.session.user, moment(), support_ports())
	return {"username": seen.username, "secret": seen.secret, "details": seen.details}


@frappe.whitelist(methods=["POST"])
def erase(grant: str) -> None:
	"""Before the ticket is done: by the customer, or by whoever needs them no longer."""
	_check_own(DOCTYPE, grant, Verb.GRANT_ACCESS)
	with refusals_worded():
		erasing.erase_access(grant, Erasure.WITHDRAWN, moment(), support_ports())


@frappe.whitelist(methods=["POST"])
def confirm_removal(grant: str) -> None:
	"""The customer removed the temporary user from his system."""
	_check_own(DOCTYPE, grant, Verb.GRANT_ACCESS)
	with refusals_worded():
		confirming.confirm_removal(grant, moment(), support_ports())


def _purpose(named: str) -> Purpose:
	try:
		return Purpose(named)
	except ValueError:
		known = ", ".join(purpose.value for purpose in Purpose)
		frappe.throw(_("{0} is no purpose. Choose one of {1}.").format(named, known))
		raise


def _check_own(doctype: str, name: str, verb: Verb = Verb.SEE) -> None:
	"""The customer's own, or any for a Desk role; one that does not exist is refused alike."""
	customer = frappe.db.get_value(doctype, name, "customer")
	if not customer or not may_act_for(customer, verb):
		frappe.throw(_("{0} is not yours.").format(name), frappe.PermissionError)
