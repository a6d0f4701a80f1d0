"""How does a customer, or whoever serves him, ask for the statement of his support credits?"""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.translate import print_language

from subscription_mgmt.adapters.credit_statements import credit_statement
from subscription_mgmt.adapters.email_notices import language_of
from subscription_mgmt.permissions import is_own_record

ACCOUNT, FORMAT = "Support Credit Account", "Support Credit Statement"


@frappe.whitelist()
def statement(customer: str, from_date: str | None = None, to_date: str | None = None) -> dict:
	"""`{opening, rows: [{booked_at, kind, what, ticket, change, balance}], closing}`; both days included."""
	_check_may_see(customer)
	found = credit_statement(customer, from_date or None, to_date or None)
	rows = [
		{
			"booked_at": row.booked_at,
			"kind": row.kind,
			"what": row.what,
			"ticket": row.ticket,
			"change": row.change,
			"balance": row.balance,
		}
		for row in found.rows
	]
	return {"opening": found.opening, "rows": rows, "closing": found.closing}


@frappe.whitelist()
def statement_pdf(customer: str, from_date: str | None = None, to_date: str | None = None) -> None:
	"""The statement as a PDF, in the customer's language whoever asks."""
	_check_may_see(customer)
	account = _account(customer)
	account.flags.from_date, account.flags.to_date = from_date or None, to_date or None
	account.flags.ignore_print_permissions = True  # checked above, by whose credits they are
	with print_language(language_of(customer)):
		content = frappe.get_print(doc=account, print_format=FORMAT, as_pdf=True)
	frappe.response.filename = f"{customer}.pdf".replace("/", "-")
	frappe.response.filecontent = content
	frappe.response.type = "pdf"


def _account(customer: str) -> Document:
	"""Of a customer who never had credits, too."""
	if frappe.db.exists(ACCOUNT, customer):
		return frappe.get_doc(ACCOUNT, customer)
	return frappe.get_doc({"doctype": ACCOUNT, "name": customer, "customer": customer, "balance": 0})


def _check_may_see(customer: str) -> None:
	if not is_own_record(frappe._dict(customer=customer)):
		frappe.throw(_("These credits are another customer's."), frappe.PermissionError)
