"""What does a customer ask for, by when is it answered, and what did it cost?"""

import frappe
from frappe import _
from frappe.model.document import Document

from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.adapters.moments import stored
from subscription_mgmt.adapters.requesters import fill_in_requester
from subscription_mgmt.adapters.support_site import support_ports
from subscription_mgmt.adapters.typed_text import as_text
from subscription_mgmt.refusals import refusals_worded
from subscription_mgmt.services.open_ticket import open_ticket
from subscription_mgmt.services.take_mail import open_by_mail

RATING = ("rating", "rating_comment", "rated_at", "rating_answer", "rating_answered_at")
# What the services decide: a form or an import that names them is not asked.
DECIDED = (
	*("status", "route", "sla_policy", "offer", "acknowledged_at", "severity_confirmed_at", "resolved_at"),
	*("quotation", "unanswered_on", "merged_into", "warn_response_at", "warn_resolution_at"),
	*("response_warned", "resolution_warned", *RATING),
	*("respond_by", "resolve_by", "next_deadline", "paused_since", "response_missed", "resolution_missed"),
	*("minutes", "credit_minutes", "asked_minutes", "charged", "flat_credits", "pauses", "work"),
)


class SLATicket(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from subscription_mgmt.subscription_mgmt.doctype.sla_ticket_pause.sla_ticket_pause import (
			SLATicketPause,
		)
		from subscription_mgmt.subscription_mgmt.doctype.sla_ticket_work.sla_ticket_work import SLATicketWork

		acknowledged_at: DF.Datetime | None
		asked_minutes: DF.Int
		channel: DF.Literal["email", "chat", "phone", "portal"]
		charged: DF.Int
		contract: DF.Link | None
		credit_minutes: DF.Int
		customer: DF.Link | None
		customised: DF.Check
		description: DF.TextEditor | None
		flat_credits: DF.Int
		follows: DF.Link | None
		kind: DF.Literal["Query", "Intervention", "Update"]
		licence: DF.Link | None
		merged_into: DF.Link | None
		minutes: DF.Int
		naming_series: DF.Literal["TKT-.YYYY.-.#####"]
		next_deadline: DF.Datetime | None
		offer: DF.Link | None
		opened_at: DF.Datetime | None
		paused_since: DF.Datetime | None
		pauses: DF.Table[SLATicketPause]
		product_version: DF.Data | None
		production: DF.Check
		quotation: DF.Link | None
		raised_by: DF.Data | None
		rated_at: DF.Datetime | None
		rating: DF.Rating | None
		rating_answer: DF.SmallText | None
		rating_answered_at: DF.Datetime | None
		rating_comment: DF.SmallText | None
		resolution_missed: DF.Check
		resolution_warned: DF.Check
		resolve_by: DF.Datetime | None
		resolved_at: DF.Datetime | None
		respond_by: DF.Datetime | None
		response_missed: DF.Check
		response_warned: DF.Check
		route: DF.Literal["sla", "credits", "quote", "excluded", "declined", "community"]
		severity: DF.Literal["1", "2", "3", "4"]
		severity_confirmed_at: DF.Datetime | None
		sla_policy: DF.Link | None
		status: DF.Literal["Open", "In Progress", "Waiting", "Waiting for Credits", "Resolved", "Closed"]
		subject: DF.Data
		third_party: DF.Check
		topic: DF.Link | None
		unanswered_on: DF.Date | None
		warn_resolution_at: DF.Datetime | None
		warn_response_at: DF.Datetime | None
		work: DF.Table[SLATicketWork]
	# end: auto-generated types

	def before_insert(self) -> None:
		for field in DECIDED:
			self.set(field, [] if field in ("pauses", "work") else None)
		if self.raised_by:
			fill_in_requester(self)
		self.status = "Open"
		self.opened_at = stored(moment())

	def after_insert(self) -> None:
		take_in = open_by_mail if self.raised_by else open_ticket
		with refusals_worded():
			take_in(self.name, moment(), support_ports())
		self.reload()
		self.have_it_offered()

	def have_it_offered(self) -> None:
		"""After commit: a quotation that cannot be made keeps nobody from asking for help. To nobody nothing is offered."""
		if self.customer and self.route in ("quote", "excluded"):
			frappe.enqueue(
				"subscription_mgmt.jobs.offers.make_offer",
				queue="short",
				enqueue_after_commit=True,
				ticket=self.name,
			)

	def validate(self) -> None:
		self.keep_what_was_decided()
		self.subject, self.product_version = as_text(self.subject), as_text(self.product_version)

	def keep_what_was_decided(self) -> None:
		"""Only the buttons change it, through the services."""
		before = self.get_doc_before_save()
		if before is not None:
			for field in ("severity", "opened_at", *DECIDED):
				if field not in ("pauses", "work"):
					self.set(field, before.get(field))

	def on_trash(self) -> None:
		if frappe.db.exists("Support Credit", {"ticket": self.name}):
			frappe.throw(_("{0} was charged. Keep it: the credit ledger names it.").format(self.name))
