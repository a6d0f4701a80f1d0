"""How is a system with its data deleted? Only while everything that allowed it holds still."""

from decimal import Decimal

import frappe

from subscription_mgmt.adapters import operation_records, site_hosting
from subscription_mgmt.adapters.backup_site import backup_ports
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.backup_runs import Trigger
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.operations import Kind
from subscription_mgmt.refusals import sentence
from subscription_mgmt.services.backup_ports import BackupPorts
from subscription_mgmt.services.check_drop import reasons_against_drop
from subscription_mgmt.services.hosting_ports import Work
from subscription_mgmt.services.retain_backups import holds_on_server, is_proved_again, note_server_gone

DROPPING = "dropping"


def drop(work: Work) -> str:
	"""The final backup is read once more first, which may take long; then the contracts are locked while the last look
	is taken, and no longer. Nothing stays on the server (decision 0033)."""
	instance = work.operation.instance
	if site_hosting.wanted_mode(instance) is not Mode.DELETED:
		raise DomainError("operation_outdated", system=instance)
	ports = backup_ports()
	is_proved = _is_final_backup_there(work, ports)
	frappe.db.commit()  # what was paid or held meanwhile is seen
	reasons = list(_reasons(work, is_proved, ports))
	if reasons == ["backup"] and work.operation.step != DROPPING:
		operation_records.order(instance, Kind.BACK_UP, figures={"trigger": Trigger.FINAL.value})
		frappe.db.commit()
	if reasons:
		said = " ".join(sentence(f"drop_waits_{reason}") for reason in reasons)
		raise DomainError("operation_waits", system=instance, reason=said)
	work.reached(DROPPING)
	work.provider.drop(work.system)
	note_server_gone(instance, ports)
	site_hosting.note_mode(instance, Mode.DELETED)
	frappe.db.commit()
	return Mode.DELETED.value


def _is_final_backup_there(work: Work, ports: BackupPorts) -> bool:
	name = site_hosting.verified_backup_since(
		work.operation.instance, str(work.operation.figures.get("since") or "")
	)
	try:
		return name is not None and is_proved_again(name, ports)
	except DomainError as refusal:  # a second place that is away today is asked again later
		reason = sentence(refusal.code, **refusal.context)
		raise DomainError("operation_waits", system=work.operation.instance, reason=reason) from refusal


def _reasons(work: Work, is_proved: bool, ports: BackupPorts) -> tuple[str, ...]:
	ordered = work.operation.figures
	paid = {name: Decimal(amount) for name, amount in (ordered.get("paid") or {}).items()}
	reasons = reasons_against_drop(work.operation.instance, paid, site_ports())
	if "hold" not in reasons and holds_on_server(work.operation.instance, ports):
		reasons = (*reasons, "hold")
	if not is_proved:
		reasons = (*reasons, "backup")
	# A drop that broke off has perhaps taken the database already: then the system itself cannot say any more.
	began = work.operation.step == DROPPING
	if not began and work.provider.access(work.system) is not Mode.RESTRICTED:
		reasons = (*reasons, *(["restriction"] if "restriction" not in reasons else []))
	return reasons
