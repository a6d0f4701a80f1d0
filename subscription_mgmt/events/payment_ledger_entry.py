"""When is a contract's invoice paid, or a payment taken back?

ERPNext writes a Payment Ledger Entry for every way there is: Payment Entry, Journal Entry, credit note,
reconciliation, and the cancellation of each. So this is the one place to listen.
"""

import frappe
from frappe.model.document import Document

from subscription_mgmt.adapters.pack_charges import has_packs


def look_at_contract(entry: Document, method: str | None = None) -> None:
	"""Settle the contract of the invoice paid, after commit: the invoice knows what is open only then."""
	if entry.against_voucher_type != "Sales Invoice" or entry.against_voucher_no == entry.voucher_no:
		return
	if has_packs(entry.against_voucher_no):
		frappe.enqueue(
			"subscription_mgmt.jobs.support.settle_packs",
			queue="short",
			enqueue_after_commit=True,
			job_id=f"subscription_mgmt:settle_packs:{entry.name}",
			deduplicate=True,
			invoice=entry.against_voucher_no,
		)
	contract = frappe.db.get_value("Sales Invoice", entry.against_voucher_no, "subscription_contract")
	if contract:
		frappe.enqueue(
			"subscription_mgmt.jobs.lifecycle.settle_contract",
			queue="short",
			enqueue_after_commit=True,
			job_id=f"subscription_mgmt:settle:{contract}:{entry.name}",
			deduplicate=True,
			contract=contract,
		)
