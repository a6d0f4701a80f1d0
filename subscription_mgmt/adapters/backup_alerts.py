"""Who is told that backups of an instance need a person? One open Backup Alert per instance and kind."""

from collections.abc import Sequence

import frappe
from frappe.utils import now_datetime

DOCTYPE = "Backup Alert"


class BackupAlerts:
	"""Implements `backup_ports.Alerts` on Backup Alert, whose notifications tell people when one is made."""

	def open(self, instance: str, kind: str, run: str | None) -> None:
		key = f"{instance}|{kind}"
		if frappe.db.exists(DOCTYPE, {"open_key": key}):
			return
		detail = frappe.db.get_value("Backup Run", run, "problem") if run else None
		frappe.get_doc(
			{
				"doctype": DOCTYPE,
				"instance": instance,
				"kind": kind,
				"backup_run": run,
				"status": "Open",
				"opened_at": now_datetime(),
				"detail": detail,
				"open_key": key,
			}
		).insert(ignore_permissions=True)

	def close(self, instance: str, kinds: Sequence[str]) -> None:
		filters = {"instance": instance, "status": "Open", "kind": ["in", list(kinds)]}
		for name in frappe.get_all(DOCTYPE, filters, pluck="name"):
			values = {"status": "Closed", "closed_at": now_datetime(), "open_key": None}
			frappe.db.set_value(DOCTYPE, name, values)
