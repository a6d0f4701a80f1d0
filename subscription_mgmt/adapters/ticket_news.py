"""Whom do the news of a ticket go to? Its history in Desk, and the customer by e-mail in his language."""

from datetime import datetime

import frappe
from frappe import _
from frappe.utils import escape_html, format_datetime

from subscription_mgmt.adapters.email_notices import LANGUAGES, recipients_of
from subscription_mgmt.adapters.moments import stored
from subscription_mgmt.adapters.ticket_records import DOCTYPE
from subscription_mgmt.engine.support_credits import CreditLine
from subscription_mgmt.engine.tickets import Ticket
from subscription_mgmt.messages import support_notice
from subscription_mgmt.refusals import sentence


class TicketNews:
	"""Implements `support_ports.Desk`. The credit ledger is its own history."""

	def tell(self, customer: str, kind: str, ticket: Ticket | None = None, **figures: object) -> None:
		language = (frappe.get_cached_value("Customer", customer, "language") or "en")[:2]
		language = language if language in LANGUAGES else "en"
		told = {name: _readable(figure) for name, figure in figures.items()}
		text = support_notice(kind, {"customer": customer, **told}, lambda text: _(text, lang=language))
		if ticket is not None:
			_comment(ticket, text)
		recipients = recipients_of(customer)
		if recipients:
			frappe.sendmail(
				recipients=recipients,
				subject=f"{ticket.name}: {text}"[:140] if ticket else text[:140],
				message=escape_html(text),
				reference_doctype=DOCTYPE if ticket else "Customer",
				reference_name=ticket.name if ticket else customer,
			)

	def credited(self, line: CreditLine, balance: int) -> None: ...

	def breached(self, ticket: Ticket, target: str, due: datetime) -> None:
		self.remarked(ticket, f"missed_{target}", due=_readable(due))

	def remarked(self, ticket: Ticket, code: str, **figures: object) -> None:
		_comment(ticket, sentence(code, **figures))


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


def _readable(figure: object) -> object:
	return format_datetime(stored(figure)) if isinstance(figure, datetime) else figure
