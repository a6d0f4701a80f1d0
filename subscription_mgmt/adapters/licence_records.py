"""How does a Licence record become what the engine knows, and back? Each change signs a new key."""

from datetime import date, datetime

import frappe
from frappe.model.document import Document

from subscription_mgmt.adapters.catalogue_records import day
from subscription_mgmt.adapters.contract_records import DOCTYPE as CONTRACT
from subscription_mgmt.adapters.contract_records import currency_decimals
from subscription_mgmt.adapters.licence_keys import signed
from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.engine.deployment import Deployment
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.licences import Licence, LicenceStatus
from subscription_mgmt.engine.periods import Interval
from subscription_mgmt.refusals import sentence

DOCTYPE = "Licence"

# What the services may change: the engine's name → the record's.
COLUMNS = {
	"status": "status",
	"deployment": "deployment",
	"sold_on": "sold_on",
	"updates_until": "updates_until",
	"hosting_plan": "hosting_plan",
	"hosting_every": "hosting_interval",
	"hosting_contract": "hosting_contract",
	"revoked_on": "revoked_on",
	"revocation_reason": "revocation_reason",
	"changes": "changes",
}


class LicenceRecords:
	"""Implements `ports.Licences` on Licence."""

	def get(self, name: str) -> Licence:
		try:
			record = frappe.get_doc(DOCTYPE, name, for_update=True)
		except frappe.DoesNotExistError:
			frappe.clear_last_message()
			raise DomainError("unknown_licence", licence=name) from None
		return licence_of(record)

	def save(self, before: Licence, after: Licence) -> None:
		changed = {
			column: _stored(getattr(after, field))
			for field, column in COLUMNS.items()
			if getattr(after, field) != getattr(before, field)
		}
		if before.status is LicenceStatus.DRAFT:
			changed["edition"] = after.plan
		frappe.db.set_value(DOCTYPE, after.name, changed)
		_save_contents(after)
		if after.status is LicenceStatus.ISSUED:
			sign_again(after.name)

	def converted_to(self, contract: str) -> str | None:
		return frappe.db.get_value(DOCTYPE, {"converted_from": contract, "status": ["!=", "Draft"]})

	def open_hosting(self, licence: Licence, hosting: Contract) -> str:
		record = frappe.get_doc(
			{
				"doctype": CONTRACT,
				"customer": hosting.customer,
				"company": frappe.db.get_value(DOCTYPE, licence.name, "company"),
				"plan": hosting.plan,
				"interval": hosting.interval.value,
				"currency": hosting.currency,
				"start_date": hosting.start,
				"instance": hosting.instance,
			}
		)
		return record.insert(ignore_permissions=True).name

	def noted(self, licence: Licence, code: str, **figures: object) -> None:
		frappe.get_doc(DOCTYPE, licence.name).add_comment("Info", sentence(code, **figures))


def sign_again(licence: str) -> None:
	"""Store a new key of what the licence allows now."""
	key, kid, issued_at = _signed(licence)
	columns = {"key": key, "signed_with": kid, "key_issued_at": issued_at}
	frappe.db.set_value(DOCTYPE, licence, columns, update_modified=False)


def current_key(licence: str) -> str:
	"""A key of what the licence allows now, handed out and not stored."""
	return _signed(licence)[0]


def _signed(licence: str) -> tuple[str, str, datetime]:
	"""Its edition is that of the sale, whatever the plan is called now."""
	record = frappe.get_doc(DOCTYPE, licence)
	return signed(licence_of(record), record.edition or record.plan)


def revoked_licences() -> dict[str, date]:
	"""With the day each was revoked on."""
	rows = frappe.get_all(DOCTYPE, {"status": "Revoked"}, ["name", "revoked_on"], limit=0)
	return {row.name: day(row.revoked_on) for row in rows}


def licence_of(record: Document) -> Licence:
	return Licence(
		name=record.name or "",
		customer=record.customer,
		plan=record.plan,
		currency=record.currency,
		deployment=Deployment(record.deployment or "Online"),
		decimals=currency_decimals(),
		status=LicenceStatus(record.status or "Draft"),
		modules=tuple(row.service_module for row in record.modules),
		functions=tuple(row.function for row in record.functions),
		online_only=tuple(row.function for row in record.functions if row.needs_online),
		updates_until=day(record.updates_until),
		sold_on=day(record.sold_on),
		converted_from=record.converted_from or None,
		hosting_plan=record.hosting_plan or None,
		hosting_every=Interval(record.hosting_interval) if record.hosting_interval else None,
		hosting_contract=record.hosting_contract or None,
		instance=record.instance or None,
		revoked_on=day(record.revoked_on),
		revocation_reason=record.revocation_reason or None,
		changes=record.changes or 0,
	)


def _save_contents(licence: Licence) -> None:
	"""Modules and functions as the licence has them now."""
	functions = [
		{
			"function": name,
			"needs_online": int(name in licence.online_only),
			"works": int(name in licence.working),
		}
		for name in licence.functions
	]
	_save_rows(
		licence.name, "Licence Module", "modules", [{"service_module": name} for name in licence.modules]
	)
	_save_rows(licence.name, "Licence Function", "functions", functions)


def _save_rows(licence: str, doctype: str, table: str, rows: list[dict]) -> None:
	frappe.db.delete(doctype, {"parent": licence, "parenttype": DOCTYPE})
	for n, row in enumerate(rows):
		place = {"parent": licence, "parenttype": DOCTYPE, "parentfield": table, "idx": n + 1}
		frappe.get_doc({"doctype": doctype, **place, **row}).db_insert()


def _stored(value: object) -> object:
	return value.value if isinstance(value, (LicenceStatus, Deployment, Interval)) else value
