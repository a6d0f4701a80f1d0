"""To which address do customers write for support? That of the Email Account whose mails become tickets."""

from email.utils import formataddr

import frappe
from frappe.utils import get_fullname

DOCTYPE, ACCOUNT = "SLA Ticket", "Email Account"


def support_address() -> str | None:
	"""Of an account that appends to SLA Ticket as a whole, or in one of its folders."""
	whole = frappe.db.get_value(ACCOUNT, {"enable_incoming": 1, "append_to": DOCTYPE}, "email_id")
	if whole:
		return whole
	parent = frappe.db.get_value("IMAP Folder", {"append_to": DOCTYPE, "parenttype": ACCOUNT}, "parent")
	return (
		frappe.db.get_value(ACCOUNT, {"name": parent, "enable_incoming": 1}, "email_id") if parent else None
	)


def sender_of_support() -> str | None:
	"""The user's name with the support address, so that answers come back as mails on the ticket."""
	address = support_address()
	return formataddr((get_fullname(), address)) if address else None
