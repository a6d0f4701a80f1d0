"""Which figures do the form of an instance and the workspace show of hosting?"""

import frappe

from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.adapters.instance_states import INSTANCE, MOST_NAMED, not_in_force, state_of
from subscription_mgmt.api.availability import monthly
from subscription_mgmt.permissions import DESK_ROLES


@frappe.whitelist()
def state(instance: str) -> dict:
	"""What `state_of` says, and `month`: percent and promise of the running month as texts, and how it stands."""
	frappe.only_for(tuple(DESK_ROLES))
	frappe.get_doc(INSTANCE, instance).check_permission("read")
	return {**state_of(instance), "month": _running_month(instance)}


@frappe.whitelist()
def access_not_in_force(filters: str | list | dict | None = None) -> dict:
	"""A number card: instances whose access is not what it should be.

	A card always sends `filters`; this one has none to use.
	"""
	frappe.only_for(tuple(DESK_ROLES))
	names = not_in_force()
	return {
		"value": len(names),
		"fieldtype": "Int",
		"route": ["List", INSTANCE],
		"route_options": {"name": ["in", names[:MOST_NAMED]]} if names else {},
	}


def _running_month(instance: str) -> dict | None:
	now = moment()
	month = now.date().replace(day=1)
	row = next(monthly({"name": instance}, month, month, now), None)
	if row is None:
		return None
	return {
		"percent": None if row["percent"] is None else str(row["percent"]),
		"promise": f"{row['promise'].normalize():f}" if row["promise"] else None,
		"standing": row["standing"],
	}
