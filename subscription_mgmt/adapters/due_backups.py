"""Whose backups are looked at by a pass, in a few queries however many systems there are?"""

import json
from collections.abc import Iterable
from datetime import datetime

import frappe
from frappe.query_builder.functions import Max

from subscription_mgmt.adapters.backup_records import DOCTYPE
from subscription_mgmt.adapters.moments import moment_of, stored
from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.backup_due import LATE_AFTER
from subscription_mgmt.engine.backup_runs import STORED, WORKING, BackupStatus, Trigger
from subscription_mgmt.engine.operations import OPEN, Kind, State
from subscription_mgmt.engine.restore_runs import AT_WORK, Purpose

INSTANCE = "Hosted Instance"
RESTORE = "Restore Run"
BY_HAND = "Manual"


def backed_up_instances() -> dict[str, datetime]:
	"""By name, since when: systems that a machine can reach and whose data is there."""
	filters = {"provider": ["!=", BY_HAND], "wanted_mode": ["!=", Mode.DELETED.value]}
	rows = frappe.get_all(INSTANCE, filters, ["name", "creation"], limit=0)
	return {row.name: moment for row in rows if (moment := moment_of(row.creation))}


def last_scheduled(instances: Iterable[str]) -> dict[str, datetime]:
	"""The newest moment that was seen to, made or missed, by instance."""
	return _newest(DOCTYPE, "due_at", {"trigger": Trigger.SCHEDULE.value}, instances)


def last_good(instances: Iterable[str]) -> dict[str, datetime]:
	return _newest(DOCTYPE, "due_at", {"status": BackupStatus.GOOD.value}, instances)


def last_drills(instances: Iterable[str]) -> dict[str, datetime]:
	return _newest(RESTORE, "requested_at", {"purpose": Purpose.DRILL.value}, instances)


def unfinished_backups() -> list[tuple[str, str]]:
	"""(run, instance). A safety backup is a restore's own business."""
	filters = {
		"status": ["in", [status.value for status in WORKING]],
		"trigger": ["!=", Trigger.BEFORE_RESTORE.value],
	}
	rows = frappe.get_all(DOCTYPE, filters, ["name", "instance"], order_by="due_at", limit=0)
	return [(row.name, row.instance) for row in rows]


def unfinished_restores() -> list[tuple[str, str, str]]:
	"""(run, instance, purpose)."""
	filters = {"status": ["in", [status.value for status in AT_WORK]]}
	rows = frappe.get_all(RESTORE, filters, ["name", "instance", "purpose"], order_by="requested_at", limit=0)
	return [(row.name, row.instance, row.purpose) for row in rows]


def operations_of(instances: Iterable[str]) -> dict[str, set[State]]:
	"""By run, the states of the operations that were ordered for it: those still to be done, and those given up."""
	filters = {
		"instance": ["in", sorted(set(instances))],
		"kind": ["in", [kind.value for kind in (Kind.BACK_UP, Kind.RESTORE, Kind.DRILL)]],
		"status": ["in", [state.value for state in OPEN | {State.FAILED}]],
	}
	found: dict[str, set[State]] = {}
	for row in frappe.get_all("Hosting Operation", filters, ["status", "arguments"], limit=0):
		run = json.loads(row.arguments or "{}").get("run")
		found.setdefault(run, set()).add(State(row.status))
	return found


def late_backups(now: datetime) -> list[tuple[str, str]]:
	"""(instance, run) of scheduled backups that were due long ago and are not done."""
	filters = {
		"status": ["in", [status.value for status in WORKING]],
		"trigger": Trigger.SCHEDULE.value,
		"due_at": ["<", stored(now - LATE_AFTER)],
	}
	rows = frappe.get_all(DOCTYPE, filters, ["name", "instance"], limit=0)
	return [(row.instance, row.name) for row in rows]


def instances_with_copies() -> list[str]:
	"""Instances of which a copy lies anywhere still, deleted ones too."""
	stored_states = [status.value for status in STORED]
	rows = frappe.get_all(
		DOCTYPE,
		or_filters={"status": ["in", stored_states], "on_server": 1},
		pluck="instance",
		distinct=True,
		limit=0,
	)
	return sorted(set(rows))


def _newest(doctype: str, field: str, filters: dict, instances: Iterable[str]) -> dict[str, datetime]:
	names = list(instances)
	if not names:
		return {}
	table = frappe.qb.DocType(doctype)
	query = (
		frappe.qb.from_(table)
		.select(table.instance, Max(table[field]))
		.where(table.instance.isin(names))
		.groupby(table.instance)
	)
	for name, value in filters.items():
		query = query.where(table[name] == value)
	return {instance: moment for instance, value in query.run() if (moment := moment_of(value))}
