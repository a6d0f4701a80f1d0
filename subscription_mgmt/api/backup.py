"""What can people of the vendor do about backups in Desk, and how is a file of one handed out?"""

from collections.abc import Iterator
from contextlib import ExitStack

import frappe
from frappe import _
from frappe.rate_limiter import rate_limit
from frappe.utils import cint
from werkzeug.wrappers import Response

from subscription_mgmt.adapters import backup_keys, backup_stores
from subscription_mgmt.adapters.backup_records import DOCTYPE, INSTANCE
from subscription_mgmt.adapters.backup_site import backup_ports
from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.adapters.download_links import read_link
from subscription_mgmt.adapters.restore_records import DOCTYPE as RESTORE
from subscription_mgmt.engine.backup_runs import BackupRun, StoredFile, Trigger
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.restore_runs import Purpose
from subscription_mgmt.jobs.backups import order_backup_operation, order_restore_operation
from subscription_mgmt.refusals import refusals_worded
from subscription_mgmt.services import order_backup as ordering
from subscription_mgmt.services import order_restore as restoring
from subscription_mgmt.services.back_up import opened
from subscription_mgmt.services.backup_ports import Readable

MANAGERS = ["Subscription Manager", "System Manager"]
PIECE = 1 << 18


@frappe.whitelist(methods=["POST"])
def back_up_now(instance: str) -> str:
	"""The name of the Backup Run."""
	frappe.only_for(MANAGERS)
	frappe.get_doc(INSTANCE, instance).check_permission("write")
	with refusals_worded():
		run = ordering.order_backup(instance, Trigger.MANUAL, moment(), backup_ports())
		order_backup_operation(run, instance)
	return run


@frappe.whitelist(methods=["POST"])
def approve_small(run: str) -> None:
	_managed(DOCTYPE, run)
	with refusals_worded():
		ordering.approve_small(run, backup_ports())


@frappe.whitelist(methods=["POST"])
def set_hold(run: str, held: bool | int | str) -> None:
	_managed(DOCTYPE, run)
	with refusals_worded():
		ordering.set_hold(run, bool(cint(held)), backup_ports())


@frappe.whitelist(methods=["POST"])
def restore(run: str, instance: str, without_safety: bool | int | str = False) -> str:
	"""The name of the Restore Run. `instance`: written by the person once more, who so says that he means it."""
	record = _managed(DOCTYPE, run)
	if instance != record.instance:
		frappe.throw(_("Write {0}, the name of the system that is to be restored.").format(record.instance))
	with refusals_worded():
		name = restoring.order_restore(run, moment(), backup_ports(), True, bool(cint(without_safety)))
		order_restore_operation(name, record.instance, Purpose.RESTORE)
	frappe.db.set_value(RESTORE, name, "approved_by", frappe.session.user)
	return name


@frappe.whitelist(methods=["POST"])
def drill(instance: str) -> str:
	"""The name of the Restore Run."""
	frappe.only_for(MANAGERS)
	frappe.get_doc(INSTANCE, instance).check_permission("write")
	with refusals_worded():
		name = restoring.order_drill(instance, moment(), backup_ports())
		order_restore_operation(name, instance, Purpose.DRILL)
	return name


@frappe.whitelist(methods=["POST"])
def approve_restore(name: str, without_safety: bool | int | str = False) -> None:
	record = _managed(RESTORE, name)
	with refusals_worded():
		restoring.approve_restore(name, bool(cint(without_safety)), backup_ports())
		order_restore_operation(name, record.instance, Purpose.RESTORE)
	frappe.db.set_value(RESTORE, name, "approved_by", frappe.session.user)


@frappe.whitelist(methods=["POST"])
def decline_restore(name: str) -> None:
	_managed(RESTORE, name)
	with refusals_worded():
		restoring.decline_restore(name, moment(), backup_ports())


@frappe.whitelist(methods=["POST"])
def test_store(name: str) -> str:
	"""What came of it, in words."""
	frappe.get_doc(backup_stores.DOCTYPE, name).check_permission("write")
	return backup_stores.test_store(name)


@frappe.whitelist(methods=["POST"])
def read_host_key(name: str) -> dict:
	"""`{"key", "fingerprint"}` that the store's machine shows now, for a person to compare before it is saved."""
	record = frappe.get_doc(backup_stores.DOCTYPE, name)
	record.check_permission("write")
	with refusals_worded():
		return backup_stores.shown_host_key(record)


@frappe.whitelist(methods=["POST"])
def rotate_key() -> str:
	frappe.only_for(MANAGERS)
	return backup_keys.rotate()


@frappe.whitelist(methods=["POST"])
def reveal_key(name: str) -> str:
	"""The private key, to be kept away from this site: without one of the two, its backups are lost. Who looked is
	written down."""
	frappe.only_for("System Manager")
	record = frappe.get_doc(backup_keys.DOCTYPE, name)
	record.add_comment("Info", _("The private key was shown to {0}.").format(frappe.session.user))
	return backup_keys.private_key(name)


@frappe.whitelist(allow_guest=True, methods=["GET"])
@rate_limit(limit=60, seconds=60)
def download(token: str) -> Response:
	"""A file of a backup, decrypted while it is sent. Who asked for the link was allowed to; it is good for minutes."""
	ports = backup_ports()
	with refusals_worded():
		name, kind, user = read_link(token, moment())
		run = ports.backups.get(name)
		file = next((each for each in run.files if each.kind == kind), None)
		if file is None or run.store is None or not file.key:
			raise DomainError("download_refused")
		stack = ExitStack()
		content = stack.enter_context(opened(run, file, ports))
	file_name = file.path.rpartition("/")[2]
	ports.history.note(run.instance, "backup_downloaded", backup=run.name, file=file_name, by=user)
	frappe.local.flags.commit = True  # the history, though it is only read for
	return _streamed(content, run, file, stack)


def _streamed(content: Readable, run: BackupRun, file: StoredFile, stack: ExitStack) -> Response:
	"""Nothing of the site is needed any more once this begins to be read: the request is over by then."""

	def pieces() -> Iterator[bytes]:
		with stack:
			while piece := content.read(PIECE):
				yield piece

	response = Response(pieces(), mimetype="application/octet-stream", direct_passthrough=True)
	response.call_on_close(stack.close)
	response.headers["Content-Length"] = str(file.size)
	response.headers["Cache-Control"] = "no-store"
	response.headers.set(
		"Content-Disposition", "attachment", filename=f"{run.name}-{file.path.rpartition('/')[2]}"
	)
	return response


def _managed(doctype: str, name: str):
	frappe.only_for(MANAGERS)
	record = frappe.get_doc(doctype, name)
	record.check_permission("read")
	return record
