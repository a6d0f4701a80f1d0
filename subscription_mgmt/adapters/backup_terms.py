"""What is agreed on the backups of instances? The policy of its own, or of the plans that its contracts have."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import frappe
from frappe.model.document import Document
from frappe.utils import get_system_timezone, get_time

from subscription_mgmt.adapters.moments import moment_of
from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.backup_schedule import BackupPolicy
from subscription_mgmt.engine.contracts import RUNNING, Status
from subscription_mgmt.engine.retention import kept_until
from subscription_mgmt.services.backup_ports import BackupTerms

POLICY = "Backup Policy"
INSTANCE = "Hosted Instance"
CONTRACT = "Subscription Contract"
SETTINGS = "Subscription Mgmt Settings"


def terms_of(names: Iterable[str]) -> dict[str, BackupTerms]:
	"""By instance, for those of which something is agreed and whose data is there: also while a deletion waits. In
	three queries, and one per policy."""
	names = list(names)
	if not names:
		return {}
	rows = frappe.get_all(
		INSTANCE,
		{"name": ["in", names], "actual_mode": ["!=", Mode.DELETED.value]},
		["name", "backup_policy", "time_zone"],
		limit=0,
	)
	of_plans = _policies_of_plans(names)
	found = {}
	for row in rows:
		policy = row.backup_policy or of_plans.get(row.name)
		if policy:
			found[row.name] = _terms(frappe.get_cached_doc(POLICY, policy), row.time_zone)
	return found


def kept_until_of(instance: str) -> datetime | None:
	"""For a system that was found deleted, as was wanted, and none of whose contracts is on hold."""
	deleted = {"name": instance, "wanted_mode": Mode.DELETED.value, "actual_mode": Mode.DELETED.value}
	deleted_at = moment_of(frappe.db.get_value(INSTANCE, deleted, "confirmed_at"))
	if deleted_at is None or frappe.db.exists(CONTRACT, {"instance": instance, "on_hold": 1}):
		return None
	return kept_until(deleted_at, frappe.get_cached_doc(SETTINGS).get("keep_after_deletion_days") or 0)


def _policies_of_plans(names: list[str]) -> Mapping[str, str]:
	"""A contract that runs comes before one that is over: its data is kept, and so backed up, until it is deleted."""
	contract, plan = frappe.qb.DocType(CONTRACT), frappe.qb.DocType("Plan")
	rows = (
		frappe.qb.from_(contract)
		.join(plan)
		.on(plan.name == contract.plan)
		.select(contract.instance, contract.status, plan.backup_policy)
		.where(contract.instance.isin(names))
		.where(contract.status != Status.DRAFT.value)
		.where(plan.backup_policy.isnotnull())
		.where(plan.backup_policy != "")
		.orderby(contract.creation)
		.run(as_dict=True)
	)
	running = {status.value for status in RUNNING}
	rows.sort(key=lambda row: row.status in running)  # the last one written wins
	return {row.instance: row.backup_policy for row in rows}


def _terms(record: Document, time_zone: str | None) -> BackupTerms:
	policy = BackupPolicy(
		record.name,
		at=tuple(get_time(row.at) for row in record.times),
		every=timedelta(hours=record.every_hours) if record.every_hours and not record.times else None,
		keep_daily=record.keep_daily,
		keep_weekly=record.keep_weekly,
		keep_monthly=record.keep_monthly,
	)
	is_usable = record.store and not frappe.get_cached_value("Backup Store", record.store, "disabled")
	return BackupTerms(
		policy,
		ZoneInfo(time_zone or get_system_timezone()),
		store=record.store if is_usable else None,
		encrypted=bool(record.encrypt),
		small_below=record.small_below_percent,
		on_server=record.keep_on_server,
		drill_every_days=record.drill_every_days,
		restore_within_minutes=record.restore_within_minutes,
	)
