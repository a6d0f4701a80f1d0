"""What happens to contract charges when someone changes a Sales Invoice by hand?

A charge is on one valid invoice or waits. When a person takes it off one, the contract is parked with the reason, so
that the next run does not quietly bill what somebody just took back.
"""

import frappe
from frappe import _
from frappe.model.document import Document

from subscription_mgmt.adapters.pack_charges import has_packs, pack_charges_among
from subscription_mgmt.adapters.parking import park, unpark


def link_charges(invoice: Document, method: str | None = None) -> None:
	"""Link the charges on the lines to the invoice; free those whose line was removed."""
	if not _carries_charges(invoice):
		return
	on_lines = {line.contract_charge for line in invoice.items if line.get("contract_charge")}
	linked = set(frappe.get_all("Contract Charge", {"sales_invoice": invoice.name}, pluck="name"))
	if on_lines - linked:
		_check_free(on_lines - linked)
		_set_invoice(on_lines - linked, invoice.name)
		if invoice.get("amended_from") and invoice.get("subscription_contract"):
			unpark(invoice.subscription_contract)
	if linked - on_lines:
		_set_invoice(linked - on_lines, None)
		_leave_alone(
			invoice,
			_("Lines were removed from invoice {0}. Un-park to bill their charges on a new one.").format(
				invoice.name
			),
		)


def free_charges(invoice: Document, method: str | None = None) -> None:
	"""The invoice was cancelled or deleted: its charges wait, and the contract is parked."""
	if not _carries_charges(invoice):
		return
	linked = frappe.get_all("Contract Charge", {"sales_invoice": invoice.name}, pluck="name")
	if not linked:
		return
	_set_invoice(linked, None)
	if packs := pack_charges_among(linked):
		_enqueue("unsettle_packs", charges=packs)
	_leave_alone(
		invoice,
		_(
			"Invoice {0} was cancelled or deleted. Amend it, or un-park to bill its charges on a new one."
		).format(invoice.name),
	)


def settle_packs(invoice: Document, method: str | None = None) -> None:
	"""A credit note takes back what was granted; an invoice that no payment follows may grant it at once."""
	sold_on = invoice.return_against if invoice.is_return else invoice.name
	no_payment_follows = not invoice.grand_total or invoice.redeem_loyalty_points
	if sold_on and (invoice.is_return or no_payment_follows) and has_packs(sold_on):
		_enqueue("settle_packs", invoice=sold_on)


def _enqueue(job: str, **arguments: object) -> None:
	path = f"subscription_mgmt.jobs.support.{job}"
	frappe.enqueue(path, queue="short", enqueue_after_commit=True, **arguments)


def _carries_charges(invoice: Document) -> bool:
	if invoice.get("subscription_contract") or invoice.get("licence"):
		return True
	return any(line.get("contract_charge") for line in invoice.items)


def _leave_alone(invoice: Document, reason: str) -> None:
	"""What was sold without a contract waits anyway: nobody bills it but a person, from the licence's form."""
	if invoice.get("subscription_contract"):
		park(invoice.subscription_contract, reason)
	elif invoice.get("licence"):
		text = _("Its charges on invoice {0} wait. Use Invoice Again when they are to be owed.")
		frappe.get_doc("Licence", invoice.licence).add_comment("Info", text.format(invoice.name))


def _check_free(charges: set[str]) -> None:
	"""Asked with a lock, so that of two requests that bill the same charges at once the second sees the first."""
	charge = frappe.qb.DocType("Contract Charge")
	locked = (
		frappe.qb.from_(charge)
		.select(charge.name, charge.sales_invoice)
		.where(charge.name.isin(list(charges)))
		.for_update()
		.run(as_dict=True)
	)
	taken = [row for row in locked if row.sales_invoice]
	if taken:
		frappe.throw(
			_("{0} is on invoice {1} already. Remove its line here, or cancel that invoice first.").format(
				taken[0].name, taken[0].sales_invoice
			)
		)


def _set_invoice(charges: set[str] | list[str], invoice: str | None) -> None:
	frappe.db.set_value("Contract Charge", {"name": ["in", list(charges)]}, "sales_invoice", invoice)
