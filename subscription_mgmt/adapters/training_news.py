"""How does a customer hear of his training? By e-mail in his language, with the invitation for his calendar."""

from datetime import datetime

import frappe
from frappe import _
from frappe.email.doctype.email_account.email_account import EmailAccount
from frappe.translate import print_language
from frappe.utils import escape_html, format_datetime

from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.adapters.email_notices import language_of, recipients_of
from subscription_mgmt.adapters.training_records import DOCTYPE, training_zone
from subscription_mgmt.engine.invitation import Invitation, ics
from subscription_mgmt.engine.training import Session
from subscription_mgmt.messages import support_notice


class TrainingMails:
	"""Implements `offer_ports.TrainingNews`. The session's timeline keeps what was told."""

	def tell(self, session: Session, kind: str) -> None:
		language = language_of(session.customer)
		text = support_notice(f"training_{kind}", _figures(session, language), _in(language))
		frappe.get_doc(DOCTYPE, session.name).add_comment("Info", escape_html(text))
		recipients = recipients_of(session.customer)
		if recipients and _can_be_mailed():
			frappe.sendmail(
				recipients=recipients,
				subject=_("Training: {0}", lang=language).format(session.pack),
				message=f"<p>{_with_link(escape_html(text), session, kind)}</p>",
				reference_doctype=DOCTYPE,
				reference_name=session.name,
				attachments=_attached(session, kind, recipients[0]),
			)


def _can_be_mailed() -> bool:
	"""A site without an outgoing account books trainings all the same; the customer sees them on his page."""
	return frappe.are_emails_muted() or bool(EmailAccount.find_outgoing())


def invitation_of(session: Session, attendee: str, is_cancelled: bool = False) -> str:
	assert session.starts_at is not None and session.ends_at is not None
	language = language_of(session.customer)
	return ics(
		Invitation(
			uid=f"{session.name}@{frappe.local.site}",
			sequence=session.sequence,
			start=session.starts_at,
			end=session.ends_at,
			summary=_("Training: {0}", lang=language).format(session.pack),
			location=session.link or "",
			organizer=_organizer(),
			attendee=attendee,
			is_cancelled=is_cancelled,
		),
		moment(),
	)


def _attached(session: Session, kind: str, attendee: str) -> list[dict] | None:
	"""An invitation when it is booked or the link is known, and its withdrawal."""
	if kind not in ("booked", "link", "cancelled") or session.starts_at is None:
		return None
	content = invitation_of(session, attendee, is_cancelled=kind == "cancelled")
	return [{"fname": "training.ics", "fcontent": content.encode()}]


def _figures(session: Session, language: str) -> dict[str, object]:
	slots = "; ".join(_readable(slot, language) for slot in session.slots)
	return {
		"training": session.pack,
		"starts_at": _readable(session.starts_at, language) if session.starts_at else "",
		"slots": slots,
		"link": session.link or "",
	}


def _readable(moment: datetime, language: str) -> str:
	"""On the clock of the trainings, which is named: the customer's may be another."""
	zone = training_zone()
	local = moment.astimezone(zone).replace(tzinfo=None)
	with print_language(language):
		return f"{format_datetime(local, 'EEEE d MMMM y, HH:mm')} ({zone.key})"


def _with_link(text: str, session: Session, kind: str) -> str:
	"""What a customer can click on."""
	link = escape_html(session.link or "")
	return text.replace(link, f'<a href="{link}">{link}</a>') if kind == "link" else text


def _in(language: str):
	return lambda text: _(text, lang=language)


def _organizer() -> str:
	account = frappe.db.get_value("Email Account", {"default_outgoing": 1, "enable_outgoing": 1}, "email_id")
	return account or ""
