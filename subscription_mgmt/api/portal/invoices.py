"""Which invoices does a customer have, and how does he pay one?"""

import frappe
from frappe import _
from frappe.utils import flt

from subscription_mgmt.adapters.portal_contracts import INVOICE, billing_usage, bills_of
from subscription_mgmt.adapters.portal_payment import bank_details, gateway_for, payment_url
from subscription_mgmt.api.portal.guard import Visit, refuse, visit_about
from subscription_mgmt.engine.portal_roles import Verb

AT_ONCE = 25


def invoices_page(visit: Visit, page: int) -> dict:
	bills = bills_of(visit.customer, AT_ONCE + 1, page * AT_ONCE)
	return {
		"bills": bills[:AT_ONCE],
		"explained": billing_usage(bill.name for bill in bills),
		"more": len(bills) > AT_ONCE,
		"page": page,
		"may_pay": visit.may(Verb.PAY),
	}


def pay_page(name: str | None) -> dict:
	visit = visit_about(Verb.PAY, INVOICE, name)
	bill = next(iter(bills_of(visit.customer, 1, name=name)), None) or refuse()
	return {
		"visit": visit,
		"bill": bill,
		"is_online": bool(gateway_for(bill.currency)),
		"bank": bank_details(bill.company),
	}


@frappe.whitelist(methods=["POST"])
def pay(invoice: str) -> dict:
	"""`{"next"}`: the gateway's page. The gateway reports the payment to ERPNext, and the contract follows."""
	visit = visit_about(Verb.PAY, INVOICE, invoice)
	record = frappe.get_doc(INVOICE, invoice)
	if record.docstatus != 1 or flt(record.outstanding_amount) <= 0:
		frappe.throw(_("There is nothing to pay on this invoice any more."))
	gateway = gateway_for(record.currency)
	if gateway is None:
		frappe.throw(_("It cannot be paid online here. Pay by bank transfer."))
	url = payment_url(record, gateway, visit.user)
	if not url:
		frappe.throw(_("The payment service does not answer. Try later, or pay by bank transfer."))
	return {"next": url}
