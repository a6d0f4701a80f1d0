"""Who of a customer's people may use the portal? The owner invites them, gives them roles, and removes them."""

import frappe
from frappe import _
from frappe.rate_limiter import rate_limit
from frappe.utils import validate_email_address

from subscription_mgmt.adapters.portal_accounts import account_for, send_invitation
from subscription_mgmt.adapters.portal_members import members_of, remove_member, save_member
from subscription_mgmt.api.portal.guard import Visit, chosen, visit
from subscription_mgmt.api.portal.pages import link
from subscription_mgmt.api.portal.words import role_label
from subscription_mgmt.engine.portal_roles import PortalRole, Verb
from subscription_mgmt.refusals import refusals_worded


def people_page(visit: Visit) -> dict:
	"""No names and no last log-in: they would tell the owner what accounts exist elsewhere."""
	return {
		"people": [
			{"user": member.user, "role": member.role.value, "is_me": member.user == visit.user}
			for member in members_of(visit.customer)
		],
		"roles": [
			{"value": role.value, "label": role_label(role), "meaning": meaning}
			for role, meaning in {
				PortalRole.OWNER: _("everything, and invites others"),
				PortalRole.BILLING: _("pays, orders, changes plans"),
				PortalRole.TECHNICAL: _("keys, users, backups, tickets"),
				PortalRole.VIEWER: _("only looks"),
			}.items()
		],
	}


@frappe.whitelist(methods=["POST"])
@rate_limit(limit=20, seconds=60 * 60)
def invite(customer: str, email: str, role: str, full_name: str = "") -> dict:
	"""The answer is the same whether the address has an account or not."""
	coming = visit(Verb.MANAGE_PEOPLE, customer)
	address = validate_email_address(email.strip().lower(), throw=True)
	given = _role(role)
	if address in {member.user for member in members_of(coming.customer)}:
		frappe.throw(_("{0} is on the list already.").format(address))
	user, is_new = account_for(
		address, frappe.utils.strip_html(full_name).replace("<", "")[:140], frappe.local.lang
	)
	with refusals_worded():
		save_member(coming.customer, user.name, given)
	send_invitation(user, is_new, coming.customer)
	frappe.clear_messages()
	return {"next": link("people")}


@frappe.whitelist(methods=["POST"])
def set_role(customer: str, user: str, role: str) -> None:
	coming = _who_manages(customer, user)
	with refusals_worded():
		save_member(coming.customer, user, _role(role))


@frappe.whitelist(methods=["POST"])
def remove(customer: str, user: str) -> dict:
	coming = _who_manages(customer, user)
	with refusals_worded():
		remove_member(coming.customer, user)
	return {"next": link() if user == coming.user else link("people")}


@frappe.whitelist(methods=["POST"])
def switch(customer: str) -> None:
	"""Look at another of one's customers."""
	chosen(customer)


def _who_manages(customer: str, user: str) -> Visit:
	coming = visit(Verb.MANAGE_PEOPLE, customer)
	if user not in {member.user for member in members_of(coming.customer)}:
		frappe.throw(_("{0} is not on the list.").format(frappe.utils.escape_html(user)))
	return coming


def _role(value: str) -> PortalRole:
	try:
		return PortalRole(value)
	except ValueError:
		frappe.throw(_("Choose one of the roles."))
