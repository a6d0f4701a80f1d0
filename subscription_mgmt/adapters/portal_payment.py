"""How can an invoice be paid: online where ERPNext has a payment gateway, else by transfer to which account?"""

from dataclasses import dataclass

import frappe
from erpnext.accounts.doctype.payment_request.payment_request import make_payment_request
from frappe.model.document import Document

REQUEST = "Payment Request"


@dataclass(frozen=True)
class BankDetails:
	holder: str
	bank: str
	account: str
	iban: str
	code: str


def has_gateways() -> bool:
	return "payments" in frappe.get_installed_apps()


def gateway_for(currency: str) -> str | None:
	"""The Payment Gateway Account to pay with. Gateways come with Frappe's app `payments`."""
	if not has_gateways():
		return None
	return frappe.db.get_value(
		"Payment Gateway Account", {"currency": currency}, "name", order_by="is_default desc, name"
	)


def payment_url(invoice: Document, gateway: str, payer: str) -> str | None:
	"""Where the gateway takes the payment; a request that is still open for the same amount is used again."""
	if known := _open_request(invoice):
		return known
	request = make_payment_request(
		dt=invoice.doctype,
		dn=invoice.name,
		party_type="Customer",
		party=invoice.customer,
		recipient_id=payer,
		payment_gateway_account=gateway,
		payment_request_type="Inward",
		mute_email=1,
		submit_doc=1,
		return_doc=1,
	)
	request.set_payment_request_url()
	return request.payment_url


def _open_request(invoice: Document) -> str | None:
	asked = {
		"reference_doctype": invoice.doctype,
		"reference_name": invoice.name,
		"docstatus": 1,
		"status": ["in", ["Requested", "Initiated"]],
		"outstanding_amount": invoice.outstanding_amount,
	}
	return frappe.db.get_value(REQUEST, asked, "payment_url", order_by="creation desc")


def bank_details(company: str) -> BankDetails | None:
	"""The company's own account, its default one first."""
	own = {"is_company_account": 1, "company": company, "disabled": 0}
	fields = ["account_name", "bank", "bank_account_no", "iban", "branch_code"]
	row = frappe.db.get_value("Bank Account", own, fields, order_by="is_default desc, creation", as_dict=True)
	if row is None:
		return None
	return BankDetails(
		holder=company,
		bank=row.bank or "",
		account=row.bank_account_no or "",
		iban=row.iban or "",
		code=row.branch_code or "",
	)
