"""Which records may a customer see? Those of the customers whose portal user he is; Desk roles see all."""

import frappe
from frappe.model.document import Document

from subscription_mgmt.adapters.portal_members import customers_where
from subscription_mgmt.engine.activity import INTERNAL
from subscription_mgmt.engine.portal_roles import Verb

DESK_ROLES = frozenset({"System Manager", "Subscription Manager", "Subscription User"})
# What a portal user must be allowed to do before he reads a record of these; of all others everybody reads his own.
READ_WITH = {"Licence": Verb.SEE_KEYS}


def own_records_query(user: str | None = None, doctype: str | None = None) -> str:
	"""The SQL condition on lists, reports and link searches of a DocType with a `customer` field."""
	user = user or frappe.session.user
	if is_desk_user(user):
		return ""
	customers = customers_of(user, READ_WITH.get(doctype or "", Verb.SEE))
	if not customers:
		return "1 = 0"
	names = ", ".join(frappe.db.escape(name) for name in customers)
	return f"`tab{doctype}`.customer in ({names})"


def is_own_record(doc: Document, ptype: str | None = None, user: str | None = None) -> bool:
	user = user or frappe.session.user
	verb = READ_WITH.get(doc.get("doctype") or "", Verb.SEE)
	return is_desk_user(user) or doc.get("customer") in customers_of(user, verb)


def may_act_for(customer: str | None, verb: Verb, user: str | None = None) -> bool:
	"""Desk roles may; of the customer's own people those whose role allows `verb`."""
	user = user or frappe.session.user
	return is_desk_user(user) or (bool(customer) and customer in customers_of(user, verb))


def own_activity_query(user: str | None = None, doctype: str | None = None) -> str:
	"""A customer's own history, without what the vendor does behind the counter."""
	own = own_records_query(user, doctype)
	hidden = ", ".join(frappe.db.escape(action) for action in sorted(INTERNAL))
	return f"{own} and `tab{doctype}`.action not in ({hidden})" if own else ""


def is_own_activity(doc: Document, ptype: str | None = None, user: str | None = None) -> bool:
	user = user or frappe.session.user
	return is_desk_user(user) or (doc.get("action") not in INTERNAL and is_own_record(doc, ptype, user))


def may_use_desk() -> bool:
	"""Whether the apps screen shows the app."""
	return is_desk_user(frappe.session.user)


def customers_of(user: str, verb: Verb = Verb.SEE) -> list[str]:
	"""Customers that list `user` among their portal users, in a role that allows `verb`."""
	return customers_where(user, verb)


def is_desk_user(user: str) -> bool:
	return user == "Administrator" or not DESK_ROLES.isdisjoint(frappe.get_roles(user))
