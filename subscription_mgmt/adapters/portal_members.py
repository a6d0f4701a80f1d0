"""Who of a customer's people may use the portal, in which role? ERPNext's own list of portal users, with our role."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import frappe
from frappe.model.document import Document

from subscription_mgmt.engine.portal_roles import PortalRole, Verb, check_an_owner_stays, completed, may

DOCTYPE = "Portal User"
OF_CUSTOMERS = {"parenttype": "Customer"}


@dataclass(frozen=True)
class Member:
	user: str
	full_name: str
	role: PortalRole


def roles_of(user: str) -> Mapping[str, PortalRole]:
	"""Each customer whose portal user he is, with his role there; customers that are disabled too."""
	rows = frappe.get_all(
		DOCTYPE, {**OF_CUSTOMERS, "user": user}, ["parent", "portal_role"], order_by="parent", limit=0
	)
	return {row.parent: _role(row.portal_role) for row in rows}


def customers_where(user: str, verb: Verb) -> list[str]:
	return [customer for customer, role in roles_of(user).items() if may(role, verb)]


def members_of(customer: str) -> list[Member]:
	row, user = frappe.qb.DocType(DOCTYPE), frappe.qb.DocType("User")
	rows = (
		frappe.qb.from_(row)
		.join(user)
		.on(user.name == row.user)
		.select(row.user, user.full_name, row.portal_role)
		.where((row.parent == customer) & (row.parenttype == "Customer"))
		.orderby(row.idx)
		.run(as_dict=True)
	)
	return [Member(row.user, row.full_name or row.user, _role(row.portal_role)) for row in rows]


def _role(stored: str | None) -> PortalRole:
	"""A row from before roles were given reads, and no more."""
	return PortalRole(stored) if stored else PortalRole.VIEWER


def save_member(customer: str, user: str, role: PortalRole) -> None:
	"""Put the user on the customer's list, or give him another role there. Raises DomainError `last_owner`."""
	record = frappe.get_doc("Customer", customer)
	row = next((row for row in record.portal_users if row.user == user), None)
	if row is None:
		record.append("portal_users", {"user": user, "portal_role": role.value})
	else:
		row.portal_role = role.value
	_save(record)


def remove_member(customer: str, user: str) -> None:
	"""Take the user off the customer's list; his account stays. Raises DomainError `last_owner`."""
	record = frappe.get_doc("Customer", customer)
	for row in [row for row in record.portal_users if row.user == user]:
		record.remove(row)
	_save(record)


def _save(customer: Document) -> None:
	"""On behalf of the owner, whom ERPNext lets not write his own Customer record."""
	check_an_owner_stays([_role(row.portal_role) for row in customer.portal_users], customer.name)
	customer.save(ignore_permissions=True)


def complete_roles(customer: Document) -> None:
	"""Give a role to each of the customer's portal users who has none."""
	rows = customer.get("portal_users") or []
	stored = [PortalRole(row.portal_role) if row.get("portal_role") else None for row in rows]
	for row, role in zip(rows, completed(stored), strict=True):
		row.portal_role = role.value


def complete_all_roles() -> None:
	"""Of customers that had portal users before the app was there."""
	without = {**OF_CUSTOMERS, "portal_role": ["is", "not set"]}
	for customer in frappe.get_all(DOCTYPE, without, pluck="parent", distinct=True, limit=0):
		rows = frappe.get_all(
			DOCTYPE,
			{**OF_CUSTOMERS, "parent": customer},
			["name", "portal_role"],
			order_by="idx",
			limit=0,
		)
		stored = [PortalRole(row.portal_role) if row.portal_role else None for row in rows]
		changes: dict[str, list[str]] = defaultdict(list)
		for row, role in zip(rows, completed(stored), strict=True):
			if not row.portal_role:
				changes[role.value].append(row.name)
		for role, names in changes.items():
			frappe.db.set_value(DOCTYPE, {"name": ["in", names]}, "portal_role", role, update_modified=False)
