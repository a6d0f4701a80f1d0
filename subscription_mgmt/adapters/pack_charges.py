"""Which packs stand on an invoice, and is it paid?"""

from collections.abc import Sequence

import frappe

from subscription_mgmt.adapters.charge_records import charge_of
from subscription_mgmt.adapters.ledger_records import READ
from subscription_mgmt.engine.charges import Charge

DOCTYPE = "Contract Charge"


def pack_charges_of(invoice: str) -> tuple[Sequence[Charge], bool]:
	"""(charges of packs, whether nothing of the invoice is open any more)."""
	found = frappe.db.get_value("Sales Invoice", invoice, ["docstatus", "outstanding_amount"], as_dict=True)
	rows = frappe.get_all(DOCTYPE, {"sales_invoice": invoice, "kind": "pack"}, READ, limit=0)
	is_paid = bool(found) and found.docstatus == 1 and found.outstanding_amount <= 0
	return [charge_of(row) for row in rows], is_paid


def has_packs(invoice: str) -> bool:
	return bool(frappe.db.exists(DOCTYPE, {"sales_invoice": invoice, "kind": "pack"}))
