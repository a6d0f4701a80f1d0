"""Who is told when something needs a person, and can it be mailed?"""

import frappe
from frappe.email.doctype.email_account.email_account import EmailAccount


def address_to_alert_role(context: dict) -> None:
	"""Send the standard Notification of `context` to the role that the settings name, if they name one."""
	role = frappe.get_cached_doc("Subscription Mgmt Settings").get("alert_role")
	if role:
		for recipient in context["alert"].recipients:
			recipient.receiver_by_role = role


def mail_goes_out() -> bool:
	"""A muted site queues mail for an account that it may not have."""
	return not frappe.are_emails_muted() and bool(EmailAccount.find_outgoing())
