"""How does a mail reach the support address in tests? By Frappe's own intake, from a mail server that is not there."""

from email.message import EmailMessage
from unittest.mock import patch

import frappe
from frappe.email.receive import EmailServer

ADDRESS = "support@vendor.example"


def make_account() -> str:
	"""An account whose mails become tickets."""
	name = "_Test Support"
	if not frappe.db.exists("Email Account", name):
		frappe.get_doc(
			{
				"doctype": "Email Account",
				"email_account_name": name,
				"email_id": ADDRESS,
				"password": "secret",
				"enable_incoming": 1,
				"email_server": "127.0.0.1",
				"use_imap": 1,
				"email_sync_option": "UNSEEN",
				"imap_folder": [{"folder_name": "INBOX", "append_to": "SLA Ticket"}],
			}
		).insert()
	return name


def a_mail(
	sender: str,
	subject: str = "It does not work",
	body: str = "Please help.",
	html: str | None = None,
	files: dict[str, bytes] | None = None,
	**headers: str,
) -> EmailMessage:
	"""`headers` by their names with _ for -."""
	mail = EmailMessage()
	mail["From"], mail["To"], mail["Subject"] = sender, ADDRESS, subject
	mail["Message-ID"] = f"<{frappe.generate_hash(length=12)}@customer.example>"
	for name, value in headers.items():
		mail[name.replace("_", "-")] = value
	mail.set_content(body)
	if html:
		mail.add_alternative(html, subtype="html")
	for name, content in (files or {}).items():
		mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
	return mail


def deliver(*mails: EmailMessage) -> None:
	"""Each as the raw bytes that a mail server hands over."""
	account = frappe.get_doc("Email Account", make_account())
	numbers = list(range(1, len(mails) + 1))
	box = {
		"latest_messages": [mail.as_bytes() for mail in mails],
		"seen_status": dict.fromkeys(numbers, "UNSEEN"),
		"uid_list": numbers,
	}
	with (
		patch.object(EmailServer, "connect", lambda server: True),
		patch.object(EmailServer, "select_imap_folder", lambda server, folder: True),
		patch.object(EmailServer, "logout", lambda server: None),
		patch.object(EmailServer, "get_messages", lambda server, folder: box),
	):
		account.receive()


def tickets() -> list[frappe._dict]:
	"""All there are, the oldest first."""
	fields = ["name", "subject", "customer", "raised_by", "status", "route", "channel", "follows", "contract"]
	return frappe.get_all("SLA Ticket", {}, fields, order_by="creation, name")


def messages_on(ticket: str, **filters: object) -> list[frappe._dict]:
	about = {"reference_doctype": "SLA Ticket", "reference_name": ticket, **filters}
	fields = ["name", "content", "sender", "sent_or_received", "communication_type", "in_reply_to"]
	return frappe.get_all("Communication", about, fields, order_by="creation")
