"""How do Backup Runs become the engine's, and back?"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone

import frappe

from subscription_mgmt.adapters.moments import moment_of, stored
from subscription_mgmt.engine.backup_runs import STORED, BackupRun, BackupStatus, StoredFile, Trigger
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.systems import Fingerprint
from subscription_mgmt.refusals import sentence

DOCTYPE = "Backup Run"
FILE = "Backup Run File"
INSTANCE = "Hosted Instance"
# Without fingerprints, which are long and not asked for in lists.
COLUMNS = (
	*("name", "instance", "trigger", "status", "due_at", "started_at", "finished_at", "policy", "store"),
	*("encryption_key", "legal_hold", "on_server", "tries", "retry_at", "verdict", "figures"),
)
SIZES = frozenset({"size", "usual"})
FINGERPRINTS = ("fingerprint_before", "fingerprint_after")


class BackupRecords:
	"""Implements `backup_ports.Backups` on Backup Run."""

	def get(self, name: str) -> BackupRun:
		return self._read(name, for_update=False)

	def locked(self, name: str) -> BackupRun:
		return self._read(name, for_update=True)

	def save(self, before: BackupRun, after: BackupRun) -> None:
		known, changed = _values(before), _values(after)
		values = {field: value for field, value in changed.items() if known[field] != value}
		if not values and before.files == after.files:
			return
		status = frappe.db.get_value(DOCTYPE, before.name, "status", for_update=True)
		if status != before.status.value:
			raise DomainError("changed_meanwhile", run=before.name, status=status)
		if after.status is BackupStatus.REMOVED:
			values["removed_on"] = frappe.utils.now_datetime()
		frappe.db.set_value(DOCTYPE, before.name, values)
		if before.files != after.files:
			_write_files(before.name, after.files)

	def add(self, run: BackupRun) -> str:
		key = None
		if run.trigger is Trigger.SCHEDULE:
			key = f"{run.instance}|{run.due_at.astimezone(timezone.utc):%Y-%m-%dT%H:%M:%S}"
			if known := frappe.db.get_value(DOCTYPE, {"run_key": key}):
				return known
		customer = frappe.db.get_value(INSTANCE, run.instance, "customer")
		values = {**_values(run), "instance": run.instance, "customer": customer, "run_key": key}
		return frappe.get_doc({"doctype": DOCTYPE, **values}).insert(ignore_permissions=True).name

	def of(self, instance: str) -> Sequence[BackupRun]:
		return runs({"instance": instance, "status": ["!=", BackupStatus.REMOVED.value]})

	def _read(self, name: str, for_update: bool) -> BackupRun:
		columns = (*COLUMNS, *FINGERPRINTS)
		row = frappe.db.get_value(DOCTYPE, name, columns, as_dict=True, for_update=for_update)
		if row is None:
			raise DomainError("unknown_backup", run=name)
		return run_of(row, _files([name])[name])


def runs(filters: Mapping) -> list[BackupRun]:
	"""Newest first, with their files, without their fingerprints; in two queries."""
	rows = frappe.get_all(DOCTYPE, filters, COLUMNS, order_by="due_at desc, creation desc", limit=0)
	files = _files(
		[row.name for row in rows if row.status in {status.value for status in STORED} or row.on_server]
	)
	return [run_of(row, files.get(row.name, ())) for row in rows]


def run_of(row: Mapping, files: Iterable[StoredFile]) -> BackupRun:
	return BackupRun(
		name=row["name"],
		instance=row["instance"],
		trigger=Trigger(row["trigger"]),
		status=BackupStatus(row["status"]),
		due_at=_moment(row["due_at"]),
		policy=row["policy"] or None,
		store=row["store"] or None,
		encryption=row["encryption_key"] or None,
		started_at=moment_of(row["started_at"]),
		finished_at=moment_of(row["finished_at"]),
		before=_fingerprint(row.get("fingerprint_before")),
		after=_fingerprint(row.get("fingerprint_after")),
		files=tuple(files),
		held=bool(row["legal_hold"]),
		tries=row["tries"] or 0,
		retry_at=moment_of(row["retry_at"]),
		on_server=bool(row["on_server"]),
		verdict=row["verdict"] or "",
		figures=json.loads(row["figures"]) if row["figures"] else None,
	)


def _values(run: BackupRun) -> dict[str, object]:
	return {
		"trigger": run.trigger.value,
		"status": run.status.value,
		"due_at": stored(run.due_at),
		"started_at": stored(run.started_at),
		"finished_at": stored(run.finished_at),
		"policy": run.policy,
		"store": run.store,
		"encryption_key": run.encryption,
		"legal_hold": int(run.held),
		"on_server": int(run.on_server),
		"tries": run.tries,
		"retry_at": stored(run.retry_at),
		"size": run.size,
		**worded(run.verdict, run.figures),
		"fingerprint_before": _text(run.before),
		"fingerprint_after": _text(run.after),
	}


def worded(verdict: str, figures: Mapping[str, object] | None) -> dict[str, object]:
	"""A verdict with its figures, and the sentence that an operator reads."""
	if not verdict:
		return {"verdict": None, "figures": None, "problem": None}
	problem = words_of(verdict, figures)
	return {
		"verdict": verdict,
		"figures": json.dumps(figures or {}, default=str, sort_keys=True),
		"problem": problem,
	}


def words_of(verdict: str, figures: Mapping[str, object] | None) -> str:
	"""What is wrong with a backup or a restore, for a person."""
	readable = {
		name: _in_bytes(figure) if name in SIZES else figure for name, figure in (figures or {}).items()
	}
	return frappe.utils.strip_html(sentence(verdict, **readable))


def _in_bytes(size: object) -> str:
	"""`81.2 MB`"""
	amount, units = float(str(size)), ["B", "kB", "MB", "GB", "TB"]
	while amount >= 1000 and len(units) > 1:
		amount /= 1000
		units.pop(0)
	return f"{amount:.3g} {units[0]}"


def _files(names: list[str]) -> dict[str, list[StoredFile]]:
	found: dict[str, list[StoredFile]] = {name: [] for name in names}
	if not names:
		return found
	fields = ["parent", "kind", "path", "size", "sha256", "store_key", "stored_size", "stored_sha256"]
	for row in frappe.get_all(
		FILE, {"parent": ["in", names], "parenttype": DOCTYPE}, fields, order_by="idx", limit=0
	):
		found[row.parent].append(
			StoredFile(
				row.kind,
				row.path,
				row.size or 0,
				row.sha256 or "",
				row.store_key or "",
				row.stored_size or 0,
				row.stored_sha256 or "",
			)
		)
	return found


def _write_files(run: str, files: Sequence[StoredFile]) -> None:
	frappe.db.delete(FILE, {"parent": run, "parenttype": DOCTYPE})
	for number, file in enumerate(files, start=1):
		frappe.get_doc(
			{
				"doctype": FILE,
				"parent": run,
				"parenttype": DOCTYPE,
				"parentfield": "files",
				"idx": number,
				"kind": file.kind,
				"path": file.path,
				"size": file.size,
				"sha256": file.sha256,
				"store_key": file.key,
				"stored_size": file.stored_size,
				"stored_sha256": file.stored_sha256,
			}
		).db_insert()


def _text(fingerprint: Fingerprint | None) -> str | None:
	if fingerprint is None:
		return None
	newest = fingerprint.newest.isoformat() if fingerprint.newest else None
	return json.dumps({"newest": newest, "rows": dict(fingerprint.rows)}, sort_keys=True)


def _fingerprint(text: str | None) -> Fingerprint | None:
	if not text:
		return None
	known = json.loads(text)
	newest = known["newest"]
	return Fingerprint(known["rows"], datetime.fromisoformat(newest) if newest else None)


def _moment(value: object) -> datetime:
	moment = moment_of(value)  # type: ignore[arg-type]
	assert moment is not None
	return moment
