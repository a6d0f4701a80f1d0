"""What did a person change in a contract's form? Its history says so, beside what the services did."""

import frappe
from frappe.model.document import Document

from subscription_mgmt.adapters.activity_records import append, go_on_after_namesake
from subscription_mgmt.engine.activity import CREATED, DELETED, what

HEAD = ("activity_number", "activity_hash")


def keep_head(contract: Document) -> None:
	"""The head of the history is the journal's, whatever the form, an import or a copy brought along."""
	before = contract.get_doc_before_save()
	for field in HEAD:
		contract.set(field, before.get(field) if before else None)


def record_created(contract: Document) -> None:
	go_on_after_namesake(contract.name)
	append(contract.name, what(CREATED, "", contract.plan, interval=contract.interval))


def record_edited(contract: Document) -> None:
	before = contract.get_doc_before_save()
	changes = _changes(before, contract) if before else {}
	if changes:
		sides = [{field: pair[side] for field, pair in changes.items()} for side in (0, 1)]
		append(contract.name, what("edited", _lines(sides[0]), _lines(sides[1]), changes=changes))


def record_deleted(contract: Document) -> None:
	append(contract.name, what(DELETED, contract.status, ""))


def _changes(before: Document, after: Document) -> dict[str, tuple[str, str]]:
	"""`{field: (from, to)}`. Of a long text only that it changed: the rest is in Frappe's versions."""
	changes: dict[str, tuple[str, str]] = {}
	for field in after.meta.fields:
		if field.fieldname in HEAD or field.get("is_virtual"):
			continue
		old, new = (_shown(record, field.fieldname, field.fieldtype) for record in (before, after))
		if old != new:
			changes[field.fieldname] = ("", "") if field.fieldtype == "Text Editor" else (old, new)
	return changes


def _shown(record: Document, fieldname: str, fieldtype: str) -> str:
	if fieldtype in frappe.model.no_value_fields and fieldtype not in frappe.model.table_fields:
		return ""
	value = record.get(fieldname)
	if fieldtype in frappe.model.table_fields:
		return ", ".join(_pack(row) for row in value or ())
	if fieldtype in ("Check", "Int", "Currency", "Float"):
		return f"{float(value or 0):g}"
	return str(value or "")


def _pack(row: Document) -> str:
	return f"{row.get('quantity')} × {row.get('pack')} ({row.get('service_module') or '-'})"


def _lines(values: dict[str, str]) -> str:
	return "\n".join(f"{field}: {value}" for field, value in values.items() if value)
