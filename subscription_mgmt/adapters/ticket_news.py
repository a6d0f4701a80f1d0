"""Whom do the news of a ticket go to? Its history in Desk, and the customer by e-mail in his language."""

from datetime import datetime
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.utils import escape_html, format_datetime, get_system_timezone

from subscription_mgmt.adapters.assignment import assignees_of
from subscription_mgmt.adapters.conversation_records import move_conversation
from subscription_mgmt.adapters.email_notices import LANGUAGES, recipients_of
from subscription_mgmt.adapters.escalations import Alarm, raise_alarms
from subscription_mgmt.adapters.mail_headers import AUTOMATIC
from subscription_mgmt.adapters.moments import stored
from subscription_mgmt.adapters.support_address import support_address
from subscription_mgmt.adapters.ticket_records import DOCTYPE
from subscription_mgmt.engine.support_credits import CreditLine
from subscription_mgmt.engine.tickets import Ticket
from subscription_mgmt.messages import support_notice
from subscription_mgmt.refusals import sentence


class TicketNews:
	"""Implements `support_ports.Desk`. The credit ledger is its own history."""

	def tell(self, customer: str, kind: str, ticket: Ticket | None = None, **figures: object) -> None:
		language = _language_of(customer, ticket)
		told = {name: _readable(figure, _zone_of(ticket)) for name, figure in figures.items()}
		text = support_notice(kind, {"customer": customer, **told}, lambda text: _(text, lang=language))
		if ticket is not None:
			_comment(ticket, text)
		recipients = [ticket.requester] if ticket and ticket.requester else recipients_of(customer)
		if recipients:
			frappe.sendmail(
				recipients=recipients,
				subject=f"[{ticket.name}] {text}"[:140] if ticket else text[:140],
				message=escape_html(text),
				reference_doctype=DOCTYPE if ticket else "Customer",
				reference_name=ticket.name if ticket else customer,
				reply_to=support_address() if ticket else None,
				email_headers=AUTOMATIC,
			)

	def credited(self, line: CreditLine, balance: int) -> None:
		"""Told to whoever looks at the invoice where credits could not be taken back; the rest is in the ledger."""
		if line.kept > 0:
			invoice = frappe.db.get_value("Contract Charge", {"charge_key": line.source}, "sales_invoice")
			told = sentence("credits_kept", customer=line.customer, kept=line.kept, taken=-line.change)
			about = ("Sales Invoice", invoice) if invoice else ("Customer", line.customer)
			frappe.get_doc(*about).add_comment("Info", escape_html(told))

	def breached(self, ticket: Ticket, target: str, due: datetime) -> None:
		self.remarked(ticket, f"missed_{target}", due=format_datetime(stored(due)))
		raise_alarms([Alarm(ticket, f"missed_{target}", due, assignees_of(ticket.name))])

	def near(self, ticket: Ticket, target: str, due: datetime) -> None:
		raise_alarms([Alarm(ticket, f"near_{target}", due, assignees_of(ticket.name))])

	def merged(self, duplicate: Ticket, main: Ticket) -> None:
		move_conversation(duplicate.name, main.name, duplicate.opened_at)
		self.remarked(duplicate, "ticket_merged", main=main.name)
		self.remarked(main, "ticket_took_over", duplicate=duplicate.name)

	def remarked(self, ticket: Ticket, code: str, **figures: object) -> None:
		_comment(ticket, sentence(code, **figures))


def _language_of(customer: str, ticket: Ticket | None) -> str:
	"""The customer's; of a stranger, his user's if he has one, else the site's."""
	language = frappe.get_cached_value("Customer", customer, "language") if customer else None
	if not language and ticket and ticket.requester:
		language = frappe.db.get_value("User", ticket.requester, "language")
	language = (language or frappe.db.get_default("lang") or "en")[:2]
	return language if language in LANGUAGES else "en"


def _comment(ticket: Ticket, text: str) -> None:
	frappe.get_doc(
		{
			"doctype": "Comment",
			"comment_type": "Info",
			"reference_doctype": DOCTYPE,
			"reference_name": ticket.name,
			"content": escape_html(text),
		}
	).insert(ignore_permissions=True)


def _zone_of(ticket: Ticket | None) -> str:
	"""Of the contract, whose days are the customer's; else of the site."""
	contract = ticket.contract if ticket else None
	zone = frappe.get_cached_value("Subscription Contract", contract, "time_zone") if contract else None
	return zone or get_system_timezone()


def _readable(figure: object, zone: str) -> object:
	"""A moment by the clocks of `zone`, which it names: the customer's may differ from ours."""
	if not isinstance(figure, datetime):
		return figure
	local = figure.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
	return f"{format_datetime(local)} ({zone})"
