"""Which packs stand on an invoice, is it paid, and what of them did a credit note take back?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import frappe
from frappe.model.document import Document

from subscription_mgmt.adapters.catalogue_records import exact
from subscription_mgmt.adapters.charge_records import charge_of
from subscription_mgmt.adapters.ledger_records import READ
from subscription_mgmt.engine.charges import Charge

DOCTYPE = "Contract Charge"
LINE = ["name", "parent", "item_code", "qty", "net_amount", "contract_charge", "sales_invoice_item"]


@dataclass(frozen=True)
class PackSale:
	"""`sold`: by key, the share of a charge that no credit note took back."""

	charges: Sequence[Charge]
	is_paid: bool
	sold: Mapping[str, Decimal]


def pack_sale_on(invoice: str) -> PackSale:
	"""Paid: nothing of the invoice is open any more."""
	found = frappe.db.get_value("Sales Invoice", invoice, ["docstatus", "outstanding_amount"], as_dict=True)
	rows = frappe.get_all(DOCTYPE, {"sales_invoice": invoice, "kind": "pack"}, READ, limit=0)
	is_paid = bool(found) and found.docstatus == 1 and found.outstanding_amount <= 0
	keys = {row.name: row.charge_key for row in rows}
	sold = {keys[name]: share for name, share in shares_sold(invoice).items() if name in keys}
	return PackSale([charge_of(row) for row in rows], is_paid, sold)


def pack_sale_off_invoice(names: Sequence[str]) -> PackSale:
	"""Of charges whose invoice was cancelled or deleted: what they granted is taken back until they are paid."""
	waiting = {"name": ["in", names], "sales_invoice": ["is", "not set"]}
	rows = frappe.get_all(DOCTYPE, waiting, READ, limit=0)
	return PackSale([charge_of(row) for row in rows], False, {})


def has_packs(invoice: str) -> bool:
	return bool(frappe.db.exists(DOCTYPE, {"sales_invoice": invoice, "kind": "pack"}))


def pack_charges_among(names: Sequence[str]) -> list[str]:
	return frappe.get_all(DOCTYPE, {"name": ["in", names], "kind": "pack"}, pluck="name", limit=0)


def shares_sold(invoice: str) -> dict[str, Decimal]:
	"""By charge record. A credit note of a part of the money takes back that part, however many it returns."""
	lines = frappe.get_all("Sales Invoice Item", {"parent": invoice, "parenttype": "Sales Invoice"}, LINE)
	notes = frappe.get_all(
		"Sales Invoice", {"return_against": invoice, "is_return": 1, "docstatus": 1}, pluck="name", limit=0
	)
	returned = frappe.get_all("Sales Invoice Item", {"parent": ["in", notes]}, LINE, limit=0) if notes else []
	back = _returned_by_line(lines, returned)
	return {
		line.contract_charge: _share_left(line, back.get(line.name, Decimal(0)))
		for line in lines
		if line.contract_charge
	}


def _returned_by_line(lines: Sequence[Document], returned: Sequence[Document]) -> dict[str, Decimal]:
	"""Amounts, by the line they reduce: the one named, else the first that sold the same item."""
	names = {line.name for line in lines}
	by_item = {line.item_code: line.name for line in reversed(lines)}
	back: dict[str, Decimal] = {}
	for row in returned:
		line = row.sales_invoice_item if row.sales_invoice_item in names else by_item.get(row.item_code)
		if line:
			back[line] = back.get(line, Decimal(0)) + abs(exact(row.net_amount) or exact(row.qty))
	return back


def _share_left(line: Document, back: Decimal) -> Decimal:
	whole = abs(exact(line.net_amount) or exact(line.qty))
	return max(Decimal(0), 1 - back / whole) if whole else Decimal(1)
