"""Who is told when something needs a person, and can it be mailed?"""

import frappe
from frappe.desk.doctype.notification_log.notification_log import enqueue_create_notification
from frappe.email.doctype.email_account.email_account import EmailAccount
from frappe.utils.user import get_users_with_role


def address_to_alert_role(context: dict) -> None:
	"""Send the standard Notification of `context` to the role that the settings name, if they name one."""
	role = frappe.get_cached_doc("Subscription Mgmt Settings").get("alert_role")
	if role:
		for recipient in context["alert"].recipients:
			recipient.receiver_by_role = role


def mail_goes_out() -> bool:
	"""A muted site queues mail for an account that it may not have."""
	return not frappe.are_emails_muted() and bool(EmailAccount.find_outgoing())


def alert(subject: str, text: str, doctype: str, name: str) -> None:
	"""Tell everybody of the role that the settings name, in Desk and, as each has chosen, by e-mail."""
	role = frappe.get_cached_doc("Subscription Mgmt Settings").get("alert_role")
	users = get_users_with_role(role) if role else []
	if users:
		told = {"subject": subject, "email_content": text, "document_type": doctype, "document_name": name}
		enqueue_create_notification(users, {"type": "Alert", "from_user": "Administrator", **told})
