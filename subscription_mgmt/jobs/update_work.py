"""How is a system brought to the version of its server, and back when that goes wrong?

Backup, update, check; and where the check fails, restore. Each step is noted, so that whoever takes it up after a crash
goes on from there: a half-updated system is never left, nor backed up over the good copy.
"""

from collections.abc import Mapping, Sequence

import frappe

from subscription_mgmt.adapters import site_hosting
from subscription_mgmt.adapters.backup_site import backup_ports
from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.backup_runs import Trigger
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.operations import LATER
from subscription_mgmt.engine.systems import BackupFile
from subscription_mgmt.engine.updating import lost_in
from subscription_mgmt.jobs.backup_work import backed_up_before
from subscription_mgmt.refusals import sentence
from subscription_mgmt.services.hosting_ports import Work

BACKED_UP, ROLLING_BACK = "backed up", "rolling back"


def update(work: Work) -> str:
	known = work.operation.figures
	if work.operation.step == ROLLING_BACK:
		_roll_back(work, known, str(known.get("failed") or ""))
	if "rows" not in known:
		known = _backed_up(work)
	try:
		work.provider.update(work.system)
		_check(work, known)
	except DomainError as refusal:
		if refusal.code in LATER or refusal.code == "system_busy":
			raise
		_roll_back(work, known, sentence(refusal.code, **refusal.context))
	version = work.provider.version(work.system)
	site_hosting.note_version(work.operation.instance, version)
	return f"{known['version']} → {version}"


def _backed_up(work: Work) -> Mapping:
	if work.provider.access(work.system) is not Mode.FULL:
		reason = sentence("update_needs_full", system=work.system.site)
		raise DomainError("operation_waits", system=work.system.site, reason=reason)
	run = backed_up_before(work.operation.instance, Trigger.BEFORE_UPDATE, work)
	files = [[each.kind, each.path, each.size] for each in backup_ports().backups.get(run).files]
	known = {"version": work.provider.version(work.system), "rows": _rows(work), "files": files}
	work.reached(BACKED_UP, **known)
	return known


def _rows(work: Work) -> dict[str, int]:
	"""None to compare where the provider counts none."""
	try:
		return dict(work.provider.fingerprint(work.system).rows)
	except DomainError as refusal:
		if refusal.code != "not_offered":
			raise
		return {}


def _check(work: Work, known: Mapping) -> None:
	lost = lost_in(known["rows"], _rows(work))
	if lost:
		raise DomainError("rows_lost", system=work.system.site, tables=", ".join(lost[:10]))
	if work.provider.access(work.system) is not Mode.FULL:
		raise DomainError("mode_not_in_force", system=work.system.site, mode=Mode.FULL.value)


def _roll_back(work: Work, known: Mapping, failed: str) -> None:
	"""Ends in a refusal in any case: the update was not done."""
	work.reached(ROLLING_BACK, failed=failed)
	files: Sequence = [BackupFile(*each) for each in known["files"]]
	work.provider.restore(work.system, files)
	lost = lost_in(known["rows"], _rows(work))
	site_hosting.look(work.operation.instance)
	frappe.db.commit()
	if lost:
		raise DomainError(
			"update_left_broken", system=work.system.site, tables=", ".join(lost[:10]), reason=failed
		)
	raise DomainError("update_rolled_back", system=work.system.site, reason=failed)
