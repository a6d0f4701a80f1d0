"""Which records may a customer see? Those of the customers whose portal user he is; Desk roles see all."""

import frappe
from frappe.model.document import Document

from subscription_mgmt.engine.activity import INTERNAL

DESK_ROLES = frozenset({"System Manager", "Subscription Manager", "Subscription User"})


def own_records_query(user: str | None = None, doctype: str | None = None) -> str:
	"""The SQL condition on lists, reports and link searches of a DocType with a `customer` field."""
	user = user or frappe.session.user
	if _is_desk_user(user):
		return ""
	customers = customers_of(user)
	if not customers:
		return "1 = 0"
	names = ", ".join(frappe.db.escape(name) for name in customers)
	return f"`tab{doctype}`.customer in ({names})"


def is_own_record(doc: Document, ptype: str | None = None, user: str | None = None) -> bool:
	user = user or frappe.session.user
	return _is_desk_user(user) or doc.get("customer") in customers_of(user)


def own_activity_query(user: str | None = None, doctype: str | None = None) -> str:
	"""A customer's own history, without what the vendor does behind the counter."""
	own = own_records_query(user, doctype)
	hidden = ", ".join(frappe.db.escape(action) for action in sorted(INTERNAL))
	return f"{own} and `tab{doctype}`.action not in ({hidden})" if own else ""


def is_own_activity(doc: Document, ptype: str | None = None, user: str | None = None) -> bool:
	user = user or frappe.session.user
	return _is_desk_user(user) or (doc.get("action") not in INTERNAL and is_own_record(doc, ptype, user))


def may_use_desk() -> bool:
	"""Whether the apps screen shows the app."""
	return _is_desk_user(frappe.session.user)


def customers_of(user: str) -> list[str]:
	"""Customers that list `user` among their portal users (ERPNext's own link between the two)."""
	return frappe.get_all(
		"Portal User", filters={"user": user, "parenttype": "Customer"}, pluck="parent", distinct=True
	)


def _is_desk_user(user: str) -> bool:
	return user == "Administrator" or not DESK_ROLES.isdisjoint(frappe.get_roles(user))
