"""What does a customer see of his systems' backups, and what may he ask for?"""

import frappe
from frappe.rate_limiter import rate_limit

from subscription_mgmt.adapters.backup_records import DOCTYPE, FILE, INSTANCE
from subscription_mgmt.adapters.backup_site import backup_ports
from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.adapters.download_links import link_to
from subscription_mgmt.adapters.restore_records import DOCTYPE as RESTORE
from subscription_mgmt.api.portal.guard import visit, visit_to
from subscription_mgmt.engine.backup_runs import STORED
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.portal_roles import Verb
from subscription_mgmt.engine.restore_runs import Purpose
from subscription_mgmt.jobs.backups import order_backup_operation, order_restore_operation
from subscription_mgmt.refusals import refusals_worded
from subscription_mgmt.services.order_backup import request_backup
from subscription_mgmt.services.order_restore import order_restore

MOST = 100
SETTINGS = "Subscription Mgmt Settings"
SHOWN = ["name", "instance", "status", "trigger", "due_at", "started_at", "finished_at", "size", "legal_hold"]
RESTORES_SHOWN = [
	"name",
	"instance",
	"status",
	"backup_run",
	"requested_at",
	"answered_at",
	"promised_minutes",
]


@frappe.whitelist()
def backups(customer: str | None = None) -> dict:
	"""`{"instances": [name], "backups": [...], "restores": [...]}`, newest first; `can_download` tells whether a link
	can be asked for, `files` the kinds it has."""
	here = visit(Verb.SEE, customer)
	mine = {"customer": here.customer}
	rows = frappe.get_all(DOCTYPE, mine, SHOWN, order_by="due_at desc", limit=MOST)
	files: dict[str, list[dict]] = {row.name: [] for row in rows}
	of_these = {"parent": ["in", list(files)], "parenttype": DOCTYPE}
	for file in frappe.get_all(
		FILE, of_these, ["parent", "kind", "size", "store_key"], order_by="idx", limit=0
	):
		files[file.parent].append({"kind": file.kind, "size": file.size, "stored": bool(file.store_key)})
	may_handle = here.may(Verb.HANDLE_BACKUPS)
	stored = {status.value for status in STORED}
	for row in rows:
		row["files"] = files[row.name]
		there = row.status in stored
		row["can_restore"] = may_handle and there
		row["can_download"] = may_handle and there and any(file["stored"] for file in files[row.name])
	restores = frappe.get_all(
		RESTORE,
		{**mine, "purpose": Purpose.RESTORE.value},
		RESTORES_SHOWN,
		order_by="requested_at desc",
		limit=MOST,
	)
	instances = frappe.get_all(INSTANCE, mine, pluck="name", order_by="name")
	return {"instances": instances, "backups": rows, "restores": restores, "may_handle": may_handle}


@frappe.whitelist(methods=["POST"])
@rate_limit(limit=20, seconds=60 * 60)
def request(instance: str) -> str:
	"""The name of the backup that is made."""
	visit_to(Verb.HANDLE_BACKUPS, INSTANCE, instance)
	ports = backup_ports()
	with refusals_worded():
		if ports.systems.terms(instance) is None:
			raise DomainError("no_backup_terms", instance=instance)
		run = request_backup(instance, moment(), ports)
		order_backup_operation(run, instance)
	ports.history.note(instance, "backup_requested", backup=run)
	return run


@frappe.whitelist(methods=["POST"])
@rate_limit(limit=20, seconds=60 * 60)
def request_restore(backup: str) -> str:
	"""The name of the restore. An operator approves it, unless the settings let customers restore by themselves."""
	_visit, record = visit_to(Verb.HANDLE_BACKUPS, DOCTYPE, backup)
	approved = bool(frappe.get_cached_doc(SETTINGS).customers_restore)
	ports = backup_ports()
	with refusals_worded():
		name = order_restore(record.name, moment(), ports, approved=approved)
		if approved:
			order_restore_operation(name, record.instance, Purpose.RESTORE)
	ports.history.note(record.instance, "restore_requested", backup=record.name, run=name)
	return name


@frappe.whitelist(methods=["POST"])
@rate_limit(limit=60, seconds=60 * 60)
def download_link(backup: str, kind: str) -> dict:
	"""`{"url", "until"}`: of one file, good for some minutes."""
	_visit, record = visit_to(Verb.HANDLE_BACKUPS, DOCTYPE, backup)
	is_there = any(file.kind == kind and file.store_key for file in record.files)
	with refusals_worded():
		if not is_there or record.status not in {status.value for status in STORED}:
			raise DomainError("backup_not_there", run=record.name, status=record.status)
	url, until = link_to(record.name, kind, frappe.session.user, moment())
	return {"url": url, "until": until.isoformat()}
