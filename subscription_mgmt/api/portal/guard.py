"""Whose portal does somebody look at, and may he do what he asks for? Every page and method of the portal asks here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NoReturn

import frappe
import frappe.sessions
from frappe import _
from frappe.model.document import Document

from subscription_mgmt.adapters.clock import today_in
from subscription_mgmt.adapters.contract_records import DOCTYPE as CONTRACT
from subscription_mgmt.adapters.portal_members import roles_of
from subscription_mgmt.engine.portal_roles import PortalRole, Verb, may

CHOSEN = "subscription_portal_customer"


@dataclass(frozen=True)
class Visit:
	"""Somebody in the portal of `customer`, whose portal user he is. `roles`: of all his customers."""

	user: str
	customer: str
	roles: Mapping[str, PortalRole]

	@property
	def role(self) -> PortalRole:
		return self.roles[self.customer]

	def may(self, verb: str | Verb) -> bool:
		return may(self.role, Verb(verb))


def visit(verb: Verb = Verb.SEE, customer: str | None = None) -> Visit:
	"""The visit going on; `customer`: whose, where a record or a link says so, else the one chosen last.

	Raises PermissionError for guests, for who is no portal user of that customer, and for a role that may not.
	"""
	_check_token()
	user = frappe.session.user
	roles = roles_of(user) if user != "Guest" else {}
	if not roles:
		refuse()
	if customer is None:
		customer = frappe.defaults.get_user_default(CHOSEN, user)
		customer = customer if customer in roles else next(iter(roles))
	if not may(roles.get(customer), verb):
		refuse(
			_("Your role does not allow this. Ask the owner of your account.") if customer in roles else ""
		)
	return Visit(user, customer, roles)


def visit_to(verb: Verb, doctype: str, name: object) -> tuple[Visit, Document]:
	"""The visit to a record of one of the user's customers, and the record. One of another and one that is not there
	are told apart by nobody."""
	if not isinstance(name, str) or not frappe.db.exists(doctype, name):
		refuse()
	record = frappe.get_doc(doctype, name)
	return visit(verb, record.customer), record


def visit_about(verb: Verb, doctype: str, name: object) -> Visit:
	"""As `visit_to`, where the record itself is not needed."""
	customer = frappe.db.get_value(doctype, name, "customer") if isinstance(name, str) and name else None
	if not customer:
		refuse()
	return visit(verb, customer)


def contract_visited(verb: Verb, name: object) -> tuple[Visit, Document, date]:
	"""(visit, contract, its day)"""
	coming, record = visit_to(verb, CONTRACT, name)
	return coming, record, today_in(record.time_zone)


def chosen(customer: str) -> None:
	"""Remember which of his customers a user looks at."""
	coming = visit(Verb.SEE, customer)
	frappe.defaults.set_user_default(CHOSEN, coming.customer, coming.user)


def give_token() -> None:
	"""Frappe asks for a token only of sessions that have one, and gives one in Desk alone."""
	if frappe.session.user != "Guest":
		frappe.sessions.get_csrf_token()


def _check_token() -> None:
	"""A session that has no token yet has seen no page of the portal, so no form of it either: what it sends was put
	into it by somebody else. Who comes with a key or token of his own has a session named after him."""
	request = getattr(frappe.local, "request", None)
	has_cookie = frappe.session.sid != frappe.session.user
	if request and request.method == "POST" and has_cookie and not frappe.session.data.csrf_token:
		frappe.throw(_("Load the page again, then repeat it."), frappe.CSRFTokenError)


def refuse(why: str = "") -> NoReturn:
	frappe.throw(why or _("You have no access to this."), frappe.PermissionError, title=_("Not permitted"))
