"""How does a Subscription Contract record become what the engine knows, and back?"""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from enum import Enum

import frappe
from frappe.model.document import Document
from frappe.model.meta import get_field_precision

from subscription_mgmt.adapters.catalogue_records import day, exact
from subscription_mgmt.engine.contracts import Contract, PackLine, PlannedChange, Restriction, Status
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.periods import Interval

DOCTYPE = "Subscription Contract"

# What the services may change: the engine's name → the record's.
COLUMNS = {
	"status": "status",
	"anchor": "anchor",
	"next_billing": "next_billing_date",
	"trial_until": "trial_until",
	"commitment_until": "commitment_until",
	"ends_on": "ends_on",
	"auto_renew": "auto_renew",
	"changes": "changes",
	"arrears_since": "arrears_since",
	"reminded": "reminded",
	"debts_from": "debts_from",
	"renewal_noticed": "renewal_noticed_for",
	"on_hold": "on_hold",
	"data_deleted_on": "data_deleted_on",
	"plan": "plan",
	"interval": "interval",
	"usage_from": "usage_from",
	"next_usage_billing": "next_usage_billing",
}
PACK_COLUMNS = {
	"pack": "pack",
	"quantity": "quantity",
	"module": "service_module",
	"starts_on": "starts_on",
	"ends_on": "ends_on",
	"billed_until": "billed_until",
}


class ContractRecords:
	"""Implements `ports.Contracts` on Subscription Contract."""

	def get(self, name: str) -> Contract:
		try:
			record = frappe.get_doc(DOCTYPE, name, for_update=True)
		except frappe.DoesNotExistError:
			frappe.clear_last_message()
			raise DomainError("unknown_contract", contract=name) from None
		return contract_of(record)

	def save(self, before: Contract, after: Contract) -> None:
		changed = {
			column: _stored(getattr(after, field))
			for field, column in COLUMNS.items()
			if getattr(after, field) != getattr(before, field)
		}
		if before.planned != after.planned:
			changed.update(_planned_columns(after.planned))
		if before.restriction != after.restriction:
			changed.update(_restriction_columns(after.restriction))
		if before.suspensions != after.suspensions:
			changed["suspensions"] = _written(after.suspensions)
		if before.packs != after.packs:
			self._save_packs(before, after)
			changed.setdefault("changes", after.changes)
		if changed:
			frappe.db.set_value(DOCTYPE, after.name, changed)

	def on_instance(self, instance: str) -> Sequence[Contract]:
		names = frappe.get_all(
			DOCTYPE,
			{"instance": instance, "status": ["!=", Status.DRAFT.value]},
			pluck="name",
			order_by="name",
		)
		return [contract_of(frappe.get_doc(DOCTYPE, name)) for name in names]

	def _save_packs(self, before: Contract, after: Contract) -> None:
		# With a lock: what another request added while this one waited for the contract is seen.
		rows = frappe.db.get_values(
			"Contract Pack",
			{"parent": after.name, "parenttype": DOCTYPE},
			"name",
			order_by="idx asc",
			for_update=True,
			pluck=True,
		)
		for n, line in enumerate(after.packs):
			values = {column: getattr(line, field) for field, column in PACK_COLUMNS.items()}
			if n >= len(rows):
				self._insert_pack(after.name, n + 1, values)
			elif n >= len(before.packs) or line != before.packs[n]:
				frappe.db.set_value("Contract Pack", rows[n], values, update_modified=False)

	def _insert_pack(self, contract: str, idx: int, values: dict) -> None:
		row = {"doctype": "Contract Pack", "parent": contract, "parenttype": DOCTYPE, "parentfield": "packs"}
		frappe.get_doc({**row, "idx": idx, **values}).db_insert()


def contract_of(record: Document) -> Contract:
	return Contract(
		name=record.name or "",
		customer=record.customer,
		plan=record.plan,
		interval=Interval(record.interval),
		currency=record.currency,
		start=day(record.start_date),
		decimals=currency_decimals(),
		status=Status(record.status or "Draft"),
		anchor=day(record.anchor),
		next_billing=day(record.next_billing_date),
		trial_until=day(record.trial_until),
		commitment_until=day(record.commitment_until),
		ends_on=day(record.ends_on),
		auto_renew=bool(record.auto_renew),
		agreed_price=exact(record.agreed_price) if record.has_agreed_price else None,
		packs=tuple(_pack_line(row, record) for row in record.packs),
		instance=record.instance,
		changes=record.changes or 0,
		planned=_planned(record),
		arrears_since=day(record.arrears_since),
		reminded=record.reminded or 0,
		debts_from=day(record.debts_from),
		renewal_noticed=day(record.renewal_noticed_for),
		restriction=_restriction(record),
		on_hold=bool(record.on_hold),
		data_deleted_on=day(record.data_deleted_on),
		usage_from=day(record.usage_from),
		suspensions=_read(record.suspensions),
	)


def _planned(record: Document) -> PlannedChange | None:
	if not record.planned_plan:
		return None
	return PlannedChange(record.planned_plan, Interval(record.planned_interval), day(record.planned_on))


def _planned_columns(planned: PlannedChange | None) -> dict:
	return {
		"planned_plan": planned.plan if planned else None,
		"planned_interval": planned.interval.value if planned else None,
		"planned_on": planned.on if planned else None,
	}


def _restriction(record: Document) -> Restriction | None:
	if not record.restricted_since:
		return None
	return Restriction(
		since=day(record.restricted_since),
		seen_on=day(record.restriction_seen_on),
		paid=exact(record.restriction_paid),
		days=record.restricted_days or 0,
		noticed=int(record.deletion_noticed) if record.deletion_noticed else None,
		waits=tuple(record.deletion_waits.split()) if record.deletion_waits else (),
	)


def _restriction_columns(restriction: Restriction | None) -> dict:
	return {
		"restricted_since": restriction.since if restriction else None,
		"restriction_seen_on": restriction.seen_on if restriction else None,
		"restriction_paid": float(restriction.paid) if restriction else 0,
		"restricted_days": restriction.days if restriction else 0,
		"deletion_noticed": str(restriction.noticed)
		if restriction and restriction.noticed is not None
		else None,
		"deletion_waits": " ".join(restriction.waits) if restriction else None,
	}


def _written(suspensions: tuple[tuple[date, date | None], ...]) -> str | None:
	"""One line for each, `2026-01-15 2026-02-20`; the one that goes on has no second day."""
	return "\n".join(f"{since} {until or ''}".rstrip() for since, until in suspensions) or None


def _read(suspensions: str | None) -> tuple[tuple[date, date | None], ...]:
	spans = (line.split() for line in (suspensions or "").splitlines())
	return tuple((day(span[0]), day(span[1]) if len(span) > 1 else None) for span in spans)


def _pack_line(row: Document, record: Document) -> PackLine:
	return PackLine(
		pack=row.pack,
		quantity=row.quantity,
		starts_on=day(row.starts_on or record.start_date),
		module=row.service_module or None,
		ends_on=day(row.ends_on),
		billed_until=day(row.billed_until),
	)


def currency_decimals() -> int:
	"""Decimals ERPNext keeps of an invoice line's amount: what it rounds to, the engine must round to."""
	return get_field_precision(frappe.get_meta("Sales Invoice Item").get_field("amount"))


def _stored(value: object) -> object:
	if isinstance(value, Enum):
		return value.value
	return float(value) if isinstance(value, Decimal) else value


assert set(COLUMNS) - {"next_usage_billing"} <= {field.name for field in fields(Contract)}
