"""How does what a contract says reach the customer's system? By operations; by tasks where only persons can do it.

What is wanted and what is in force are two fields. In force is only what the system itself was found in.
"""

from datetime import datetime, timedelta

import frappe
from frappe.utils import add_days, get_datetime, getdate, now_datetime

from subscription_mgmt.adapters import operation_records
from subscription_mgmt.adapters.contract_records import DOCTYPE as CONTRACT
from subscription_mgmt.adapters.ledger_records import LedgerRecords
from subscription_mgmt.adapters.manual_hosting import DOCTYPE, ManualHosting, instance_of
from subscription_mgmt.adapters.placement import place
from subscription_mgmt.adapters.providers import MANUAL, is_manual, provider_of
from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.contracts import Contract, Status
from subscription_mgmt.engine.operations import REDRIVE_AFTER, Kind

SURE_FOR = timedelta(hours=6)  # after that the system itself is asked again
SHORTEST_PASSWORD = 20


class SiteHosting(ManualHosting):
	"""Implements `ports.Hosting`: what `ManualHosting` leaves to persons, operations do where a server has a machine's
	provider."""

	def order(self, contract: Contract, mode: Mode) -> None:
		is_new = not frappe.db.exists(DOCTYPE, contract.instance)
		instance = instance_of(contract)
		if is_new:
			place(instance, contract)
		if is_manual(instance):
			super().order(contract, mode)
			return
		want(instance, mode)
		operation_records.order(instance, Kind.SET_ACCESS, mode)

	def is_in_force(self, instance: str, mode: Mode) -> bool:
		if is_manual(instance):
			return super().is_in_force(instance, mode)
		row = frappe.db.get_value(DOCTYPE, instance, ["actual_mode", "confirmed_at"], as_dict=True)
		if not row or row.actual_mode != mode.value:
			return False
		if row.confirmed_at and get_datetime(row.confirmed_at) > now_datetime() - SURE_FOR:
			return True
		return look(instance) is mode

	def has_final_backup(self, contract: Contract) -> bool:
		if is_manual(instance_of(contract)):
			return super().has_final_backup(contract)
		assert contract.restriction is not None
		instance = str(contract.instance)
		if verified_backup_since(instance, contract.restriction.since.isoformat()):
			return True
		operation_records.order(instance, Kind.BACK_UP, figures={"trigger": "Final"})
		return False

	def delete(self, contract: Contract) -> None:
		"""Ordered here; done by an operation that looks at everything once more right before."""
		instance = instance_of(contract)
		if is_manual(instance):
			super().delete(contract)
			return
		want(instance, Mode.DELETED)
		assert contract.restriction is not None
		served = frappe.get_all(
			CONTRACT, {"instance": instance, "status": ["!=", Status.DRAFT.value]}, pluck="name"
		)
		paid = {name: str(LedgerRecords().paid(name)) for name in served}
		figures = {"since": contract.restriction.since.isoformat(), "paid": paid}
		operation_records.order(instance, Kind.DROP, Mode.DELETED, figures)


def want(instance: str, mode: Mode) -> None:
	"""A release given for a deletion is good for that deletion alone."""
	values = {"wanted_mode": mode.value, "ordered_at": now_datetime()}
	if mode is not Mode.DELETED:
		values |= {"released_by": None, "second_released_by": None}
	frappe.db.set_value(DOCTYPE, instance, values)


def verified_backup_since(instance: str, day: str) -> str | None:
	"""The newest good copy in a second place, begun on a later day than the restriction: whatever was written is in
	it."""
	if not day:
		return None
	begun = add_days(getdate(day), 1)
	good = {"instance": instance, "status": "Good", "store": ["is", "set"], "started_at": [">=", begun]}
	return frappe.db.get_value("Backup Run", good, order_by="started_at desc")


def look(instance: str) -> Mode | None:
	"""The mode in which the system itself says it is; written down. None when it cannot be told."""
	provider, system = provider_of(instance)
	found = provider.access(system)
	note_mode(instance, found)
	return found


def wanted_mode(instance: str) -> Mode | None:
	"""As it is now: the row is read locked."""
	wanted = frappe.db.get_value(DOCTYPE, instance, "wanted_mode", for_update=True)
	return Mode(wanted) if wanted else None


def note_mode(instance: str, found: Mode | None) -> None:
	if found is not None:
		frappe.db.set_value(DOCTYPE, instance, {"actual_mode": found.value, "confirmed_at": now_datetime()})


def note_version(instance: str, version: str) -> None:
	frappe.db.set_value(DOCTYPE, instance, "version", version)


def make_administrator_password(instance: str) -> None:
	"""Once, so that a second attempt at making the system uses the same."""
	record = frappe.get_doc(DOCTYPE, instance)
	if not record.get_password("administrator_password", raise_exception=False):
		record.administrator_password = frappe.generate_hash(length=SHORTEST_PASSWORD)
		record.save(ignore_permissions=True)


def what_differs() -> list[tuple[str, Mode]]:
	"""Systems in another mode than wanted, with the mode that is wanted."""
	table = frappe.qb.DocType(DOCTYPE)
	rows = (
		frappe.qb.from_(table)
		.select(table.name, table.wanted_mode)
		.where(
			(table.provider != MANUAL) & (table.wanted_mode != "") & (table.wanted_mode != Mode.DELETED.value)
		)
		.where(table.actual_mode.isnull() | (table.wanted_mode != table.actual_mode))
	).run()
	return [(instance, Mode(wanted)) for instance, wanted in rows]


def order_again(instance: str, wanted: Mode) -> None:
	"""Unless it is under way, or failed a short while ago."""
	failed = operation_records.last_failed(instance, Kind.SET_ACCESS)
	is_late = failed is None or _since(failed) >= REDRIVE_AFTER
	if is_late and not _is_under_way(instance):
		operation_records.order(instance, Kind.SET_ACCESS, wanted)


def _since(moment: datetime) -> timedelta:
	return now_datetime() - get_datetime(moment)


def _is_under_way(instance: str) -> bool:
	return any(each.kind is Kind.SET_ACCESS for each in operation_records.open_operations(instance))
