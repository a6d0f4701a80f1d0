"""How does an instance stand: its access, its last good backup and drill, what runs on it, what its probe last saw?"""

import frappe
from frappe.utils import get_datetime

INSTANCE = "Hosted Instance"
OVER = ("Done", "Superseded")
MOST_NAMED = 200


def not_in_force() -> list[str]:
	"""Instances whose access is not known to be what it should be. A mode is ordered once it is wanted."""
	instance = frappe.qb.DocType(INSTANCE)
	return (
		frappe.qb.from_(instance)
		.select(instance.name)
		.where(instance.wanted_mode.isnotnull() & (instance.wanted_mode != ""))
		.where(instance.actual_mode.isnull() | (instance.actual_mode != instance.wanted_mode))
		.orderby(instance.ordered_at)
		.run(pluck=True)
	)


def state_of(instance: str) -> dict:
	"""`{"backup", "drill", "alert", "operation", "probe", "down_since", "maintenance"}`; each None when there is none.

	`operation`: the latest one that is not over, or failed.
	"""
	of_instance = {"instance": instance}
	return {
		"backup": _latest("Backup Run", {**of_instance, "status": "Good"}, ["name", "finished_at"]),
		"drill": _latest(
			"Restore Run", {**of_instance, "purpose": "Drill", "status": "Done"}, ["name", "finished_at"]
		),
		"operation": _latest(
			"Hosting Operation",
			{**of_instance, "status": ["not in", OVER]},
			["name", "kind", "status", "step"],
			order="creation",
		),
		"alert": frappe.db.get_value("Backup Alert", {**of_instance, "status": "Open"}, "kind"),
		"probe": frappe.db.get_value(
			"Instance Probe",
			instance,
			["disabled", "outcome", "http_status", "asked_at", "first_reached_at", "failed_at"],
			as_dict=True,
		),
		"down_since": _open_since(instance),
		"maintenance": _next_maintenance(instance),
	}


def _latest(doctype: str, filters: dict, fields: list[str], order: str = "finished_at") -> dict | None:
	return frappe.db.get_value(doctype, filters, fields, order_by=f"{order} desc", as_dict=True)


def _open_since(instance: str) -> object:
	going_on = {"hosted_instance": instance, "ended_at": ["is", "not set"], "planned": 0, "not_counted": 0}
	return frappe.db.get_value("Outage", going_on, "started_at", order_by="started_at")


def _next_maintenance(instance: str) -> object:
	coming = {"hosted_instance": instance, "planned": 1, "not_counted": 0, "ended_at": [">", get_datetime()]}
	return frappe.db.get_value("Outage", coming, "started_at", order_by="started_at")
