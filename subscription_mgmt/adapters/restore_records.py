"""How do Restore Runs become the engine's, and back?"""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta

import frappe

from subscription_mgmt.adapters.backup_records import INSTANCE, worded
from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.adapters.moments import moment_of, stored
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.restore_runs import Purpose, RestoreRun, RestoreStatus, promise_is_kept

DOCTYPE = "Restore Run"
COLUMNS = (
	*("name", "instance", "purpose", "backup_run", "status", "requested_at", "started_at", "answered_at"),
	*("finished_at", "promised_minutes", "without_safety_backup", "safety_backup", "scratch_site"),
	*("tries", "retry_at", "verdict", "figures"),
)


class RestoreRecords:
	"""Implements `backup_ports.Restores` on Restore Run."""

	def get(self, name: str) -> RestoreRun:
		row = frappe.db.get_value(DOCTYPE, name, COLUMNS, as_dict=True)
		if row is None:
			raise DomainError("unknown_restore", run=name)
		return run_of(row)

	def save(self, before: RestoreRun, after: RestoreRun) -> None:
		known, changed = _values(before), _values(after)
		values = {field: value for field, value in changed.items() if known[field] != value}
		if not values:
			return
		status = frappe.db.get_value(DOCTYPE, before.name, "status", for_update=True)
		if status != before.status.value:
			raise DomainError("changed_meanwhile", run=before.name, status=status)
		frappe.db.set_value(DOCTYPE, before.name, values)

	def add(self, run: RestoreRun) -> str:
		values = {
			**_values(run),
			"instance": run.instance,
			"customer": frappe.db.get_value(INSTANCE, run.instance, "customer"),
			"requested_by": frappe.session.user,
		}
		return frappe.get_doc({"doctype": DOCTYPE, **values}).insert(ignore_permissions=True).name

	def of(self, instance: str) -> Sequence[RestoreRun]:
		return restores({"instance": instance})


def restores(filters: Mapping) -> list[RestoreRun]:
	"""Newest first."""
	rows = frappe.get_all(DOCTYPE, filters, COLUMNS, order_by="requested_at desc, creation desc", limit=0)
	return [run_of(row) for row in rows]


def run_of(row: Mapping) -> RestoreRun:
	requested = moment_of(row["requested_at"])
	assert requested is not None
	minutes = row["promised_minutes"] or 0
	return RestoreRun(
		name=row["name"],
		instance=row["instance"],
		purpose=Purpose(row["purpose"]),
		backup=row["backup_run"],
		status=RestoreStatus(row["status"]),
		requested_at=requested,
		promised=timedelta(minutes=minutes) if minutes else None,
		without_safety=bool(row["without_safety_backup"]),
		safety=row["safety_backup"] or None,
		scratch=row["scratch_site"] or None,
		started_at=moment_of(row["started_at"]),
		answered_at=moment_of(row["answered_at"]),
		finished_at=moment_of(row["finished_at"]),
		tries=row["tries"] or 0,
		retry_at=moment_of(row["retry_at"]),
		verdict=row["verdict"] or "",
		figures=json.loads(row["figures"]) if row["figures"] else None,
	)


def _values(run: RestoreRun) -> dict[str, object]:
	kept = promise_is_kept(run, moment())
	return {
		"purpose": run.purpose.value,
		"backup_run": run.backup,
		"status": run.status.value,
		"requested_at": stored(run.requested_at),
		"started_at": stored(run.started_at),
		"answered_at": stored(run.answered_at),
		"finished_at": stored(run.finished_at),
		"promised_minutes": run.promised // timedelta(minutes=1) if run.promised else 0,
		"minutes_taken": -(-run.took // timedelta(minutes=1)) if run.took else 0,
		"promise": "" if kept is None else "Kept" if kept else "Broken",
		"without_safety_backup": int(run.without_safety),
		"safety_backup": run.safety,
		"scratch_site": run.scratch,
		"tries": run.tries,
		"retry_at": stored(run.retry_at),
		**worded(run.verdict, run.figures),
	}
