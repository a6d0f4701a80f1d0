"""How does a site come to hold given records, without touching those that hold them already?"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.meta import Meta
from frappe.utils import cast, cstr, flt

from subscription_mgmt.adapters.loyalty_programs import DOCTYPE as LOYALTY
from subscription_mgmt.adapters.loyalty_programs import company_of_program

CREATED, CHANGED, UNCHANGED = "created", "changed", "unchanged"
DECIMALS_STORED = 9
# Rows of these tables in other currencies than those given are another file's, or a person's: they stay.
BY_CURRENCY = ("prices", "quotas")

Given = tuple[str, str, Mapping[str, object]]  # DocType, name, values by field


def put(records: Iterable[Given], keep_existing: bool = False) -> dict[str, Counter[str]]:
	"""`{DocType: {created, changed, unchanged}}`. Fields not given keep what they hold. Never commits.

	`keep_existing`: records that exist are not compared and stay as they are.
	"""
	counts: dict[str, Counter[str]] = {}
	for doctype, name, values in records:
		counts.setdefault(doctype, Counter())[_put(doctype, name, values, keep_existing)] += 1
	return counts


def _put(doctype: str, name: str, values: Mapping[str, object], keep_existing: bool) -> str:
	if not frappe.db.exists(doctype, name):
		frappe.get_doc({"doctype": doctype, **_of_the_site(doctype), **values}).insert()
		return CREATED
	record = frappe.get_doc(doctype, name)
	_check_same_name(record, name)
	if keep_existing or not _differing(record, values):
		return UNCHANGED
	for field in _differing(record, values):
		record.set(field, _with_kept_rows(record, field, values[field]))
	record.save()
	return CHANGED


def _of_the_site(doctype: str) -> Mapping[str, object]:
	"""What a new record needs that depends on the site, not on the offer."""
	return company_of_program() if doctype == LOYALTY else {}


def _check_same_name(record: Document, name: str) -> None:
	"""MariaDB takes Cafe and CAFÉ for the same name; two files, or a file and a person, may not."""
	if record.name != name:
		frappe.throw(
			_("{0} {1} differs from {2} only in accents or capitals. Rename one of them.").format(
				_(record.doctype), name, record.name
			)
		)


def _differing(record: Document, values: Mapping[str, object]) -> list[str]:
	return [field for field, value in values.items() if _differs(record, field, value)]


def _differs(record: Document, field: str, value: Any) -> bool:
	if not isinstance(value, list):
		return _stored(record.meta, field, record.get(field)) != _stored(record.meta, field, value)
	meta = frappe.get_meta(record.meta.get_field(field).options)
	columns = sorted({column for row in value for column in row})
	held = [row for row in record.get(field) if not _is_kept(field, row, value)]
	return _rows(meta, columns, held) != _rows(meta, columns, value)


def _rows(meta: Meta, columns: Sequence[str], rows: Iterable[Any]) -> list[list[object]]:
	return [[_stored(meta, column, row.get(column)) for column in columns] for row in rows]


def _stored(meta: Meta, field: str, value: object) -> object:
	"""The value as the database would give it back, so that 1, True and "1" are the same tick."""
	fieldtype = meta.get_field(field).fieldtype
	if fieldtype in ("Currency", "Float", "Percent"):
		return flt(value, DECIMALS_STORED)
	if fieldtype in ("Date", "Time", "Int", "Check"):
		return cast(fieldtype, value)
	return cstr(value)


def _with_kept_rows(record: Document, field: str, value: Any) -> Any:
	if not isinstance(value, list):
		return value
	return [*value, *(row for row in record.get(field) if _is_kept(field, row, value))]


def _is_kept(field: str, row: Document, given: list[dict]) -> bool:
	if field not in BY_CURRENCY or row.currency in {each["currency"] for each in given}:
		return False
	return field != "quotas" or (row.metric, row.excess) in {(each["metric"], "Bill") for each in given}
