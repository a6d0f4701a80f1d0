"""Which ticket does a mail to the support address go on? Frappe's own intake, with our own answer to that question.

Frappe threads by subject and by In-Reply-To, whoever writes; here a mail goes on a ticket only when the ticket is its
sender's, and absence notes, bounces and bombs open none (docs/decisions/0018).
"""

from collections.abc import Sequence

import frappe
from frappe.email.doctype.email_account.email_account import EmailAccount
from frappe.email.receive import InboundMail
from frappe.model.document import Document

from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.adapters.conversation_records import DOCTYPE, write_note
from subscription_mgmt.adapters.mail_limits import is_too_many
from subscription_mgmt.adapters.requesters import sender_of
from subscription_mgmt.adapters.support_site import support_ports
from subscription_mgmt.engine.incoming_mail import is_automatic, is_from_list, numbers_in
from subscription_mgmt.permissions import is_desk_user
from subscription_mgmt.services.take_mail import Place, place_of


class SupportEmailAccount(EmailAccount):
	"""Of accounts and folders that append to anything but SLA Ticket, nothing changes."""

	def get_inbound_mails(self) -> list[InboundMail]:
		return [self._taken(mail) for mail in super().get_inbound_mails()]

	def _taken(self, mail: InboundMail) -> InboundMail:
		return SupportMail.taken_over(mail) if self._is_for_tickets(mail) else mail

	def _is_for_tickets(self, mail: InboundMail) -> bool:
		return (mail.append_to if self.use_imap else self.append_to) == DOCTYPE


class SupportMail(InboundMail):
	is_machine = False

	@classmethod
	def taken_over(cls, mail: InboundMail) -> "SupportMail":
		return cls(mail.raw_message, mail.email_account, mail.uid, mail.seen_status, mail.append_to)

	def process(self) -> Document | None:
		"""None: it is not taken in."""
		self._place: Place | None = None
		self.writer = sender_of(self.from_email)
		if self.is_exist_in_system():
			return super().process()
		headers = {name.lower(): str(value) for name, value in self.mail.items()}
		is_advertisement = is_from_list(headers) and not self.writer.customers
		self.is_machine = is_advertisement or is_automatic(headers, self.from_email or "")
		if self.is_machine:
			# Kept on the ticket it answers, where only we see it and nothing moves; else it is nobody's question.
			self._place = Place(next(iter(self._answered()), self.place.ticket))
			return super().process() if self.place.ticket else None
		if is_too_many(self.writer):
			return None
		if colleague := self._colleague_on():
			write_note(colleague, self.get_content() or self.text_content)
			return None
		return super().process()

	@property
	def place(self) -> Place:
		if self._place is None:
			self._place = place_of(self._named(), self.writer, moment(), support_ports())
		return self._place

	def reference_document(self) -> Document | None:
		return frappe.get_doc(DOCTYPE, self.place.ticket) if self.place.ticket else None

	def parent_communication(self) -> Document | str:
		"""Of another's conversation nothing is linked, either."""
		parent = super().parent_communication()
		is_on_it = parent and parent.reference_name == self.place.ticket
		return parent if is_on_it else ""

	def as_dict(self) -> dict:
		kind = {"communication_type": "Automated Message"} if self.is_machine else {}
		return {**super().as_dict(), **kind}

	def _create_reference_document(self, doctype: str) -> str:
		ticket = frappe.new_doc(doctype)
		ticket.update(
			{"subject": self.subject[:140], "raised_by": self.from_email, "follows": self.place.follows}
		)
		ticket.flags.ignore_mandatory = True
		return ticket.insert(ignore_permissions=True).name

	def _answered(self) -> Sequence[str]:
		"""Tickets of the mails of ours that it answers: a bounce does, and comes from neither side."""
		parents = [self.parent_email_queue(), super().parent_communication()]
		return [row.reference_name for row in parents if row and row.reference_doctype == DOCTYPE]

	def _named(self) -> Sequence[str]:
		"""Tickets that it answers or names, the surest first."""
		return list(dict.fromkeys([*self._answered(), *numbers_in(self.subject)]))

	def _colleague_on(self) -> str | None:
		"""The ticket on which somebody of ours writes by mail. A From can be forged, so it is a note to ourselves."""
		if self.writer.customers or not frappe.db.exists("User", {"name": self.from_email, "enabled": 1}):
			return None
		if not is_desk_user(self.from_email):
			return None
		return next((name for name in self._named() if frappe.db.exists(DOCTYPE, name)), None)
