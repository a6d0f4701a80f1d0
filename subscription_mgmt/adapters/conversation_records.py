"""Where is what was said about a ticket? In Frappe: what both sides read in Communication, our own notes in Comment."""

import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote

import frappe
from frappe.core.doctype.communication.email import make
from frappe.model.document import Document
from frappe.utils import escape_html, sanitize_html, strip_html

from subscription_mgmt.adapters.alerts import mail_goes_out
from subscription_mgmt.adapters.email_notices import recipients_of
from subscription_mgmt.adapters.moments import stored
from subscription_mgmt.adapters.support_address import sender_of_support
from subscription_mgmt.adapters.ticket_files import files_of, keep, move_files

DOCTYPE, MESSAGE = "SLA Ticket", "Communication"
PUBLIC = "Communication"  # the type of a Communication that a person wrote; a machine's is Automated Message
SENT, RECEIVED = "Sent", "Received"
# How Frappe names a file within a text.
IN_TEXT = re.compile(r"/private/files/[^\s\"'?<>]+\?fid=(\w+)")
OPENING_SUBJECT = "{subject} [{name}]"


def answer_publicly(ticket: Document, message: str, files: Sequence[str]) -> str:
	"""Our answer, mailed where mail goes out; the Communication's name. `files`: names of Files."""
	recipients = requesters_of(ticket)
	made = make(
		doctype=DOCTYPE,
		name=ticket.name,
		subject=subject_of(ticket),
		content=clean(message),
		sender=sender_of_support(),
		recipients=recipients,
		communication_medium="Email",
		send_email=bool(recipients) and mail_goes_out(),
		attachments=list(files),
	)
	return made["name"]


def write_note(ticket: str, message: str) -> str:
	"""For ourselves: no customer sees a Comment."""
	note = {"comment_type": "Comment", "reference_doctype": DOCTYPE, "reference_name": ticket}
	author = {"comment_email": frappe.session.user, "comment_by": frappe.utils.get_fullname()}
	return (
		frappe.get_doc({"doctype": "Comment", "content": clean(message), **note, **author})
		.insert(ignore_permissions=True)
		.name
	)


def take_from_portal(ticket: Document, message: str) -> Document:
	"""What the customer wrote on a page of ours."""
	said = frappe.get_doc(
		{
			"doctype": MESSAGE,
			"communication_type": PUBLIC,
			"communication_medium": "Other",
			"sent_or_received": RECEIVED,
			"subject": subject_of(ticket),
			"content": clean(message),
			"sender": frappe.session.user,
			"sender_full_name": frappe.utils.get_fullname(),
			"reference_doctype": DOCTYPE,
			"reference_name": ticket.name,
		}
	).insert(ignore_permissions=True)
	keep(said)
	return said


def clean(message: str) -> str:
	"""Without script. Plain text keeps its lines."""
	if strip_html(message) == message:
		return escape_html(message).replace("\n", "<br>")
	return sanitize_html(message, always_sanitize=True)


def subject_of(ticket: Document) -> str:
	return OPENING_SUBJECT.format(subject=ticket.subject, name=ticket.name)


def requesters_of(ticket: Document) -> list[str]:
	"""Whoever asked by mail; else the customer."""
	return [ticket.raised_by] if ticket.raised_by else recipients_of(ticket.customer)


def public_messages(ticket: str) -> list[dict]:
	"""What both sides read, the oldest first, with its files. Never a note, never a machine's message."""
	rows = frappe.get_all(
		MESSAGE,
		{"reference_doctype": DOCTYPE, "reference_name": ticket, "communication_type": PUBLIC},
		["name", "sent_or_received", "sender_full_name", "communication_date", "content"],
		order_by="communication_date, creation",
		limit=0,
	)
	files = files_of([row.name for row in rows])
	return [
		{
			"name": row.name,
			"by": "us" if row.sent_or_received == SENT else "customer",
			"author": row.sender_full_name,
			"at": row.communication_date,
			"message": _shown(row.content or "", ticket),
			"files": files.get(row.name, []),
		}
		for row in rows
	]


def _shown(content: str, ticket: str) -> str:
	"""Pictures in the text come by the way on which the customer may fetch files."""
	place = f"/api/method/subscription_mgmt.api.portal.conversation.file?ticket={quote(ticket)}&amp;file="
	return IN_TEXT.sub(lambda found: place + found[1], sanitize_html(content, always_sanitize=True))


def move_conversation(duplicate: str, main: str, asked_at: datetime | None) -> None:
	"""Messages, notes and files of the duplicate, and what it was opened with, are the main ticket's."""
	description, subject = frappe.db.get_value(DOCTYPE, duplicate, ["description", "subject"])
	for doctype in (MESSAGE, "Comment"):
		record = frappe.qb.DocType(doctype)
		query = (
			frappe.qb.update(record)
			.set(record.reference_name, main)
			.where((record.reference_doctype == DOCTYPE) & (record.reference_name == duplicate))
		)
		if doctype == "Comment":
			query = query.where(record.comment_type == "Comment")
		query.run()
	move_files(duplicate, main)
	if description:
		asked = take_from_portal(frappe.get_doc(DOCTYPE, main), description)
		asked.db_set({"subject": subject, "communication_date": stored(asked_at)}, update_modified=False)
