"""What does a customer ask for, by when is it answered, and what did it cost?"""

import frappe
from frappe import _
from frappe.model.document import Document

from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.adapters.moments import stored
from subscription_mgmt.adapters.support_site import support_ports
from subscription_mgmt.refusals import refusals_worded
from subscription_mgmt.services.open_ticket import open_ticket

# What the services decide: a form or an import that names them is not asked.
DECIDED = (
	*("status", "route", "sla_policy", "offer", "acknowledged_at", "severity_confirmed_at", "resolved_at"),
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
		customer: DF.Link
		customised: DF.Check
		description: DF.TextEditor | None
		flat_credits: DF.Int
		kind: DF.Literal["Query", "Intervention", "Update"]
		minutes: DF.Int
		naming_series: DF.Literal["TKT-.YYYY.-.#####"]
		next_deadline: DF.Datetime | None
		offer: DF.Link | None
		opened_at: DF.Datetime | None
		paused_since: DF.Datetime | None
		pauses: DF.Table[SLATicketPause]
		production: DF.Check
		resolution_missed: DF.Check
		resolve_by: DF.Datetime | None
		resolved_at: DF.Datetime | None
		respond_by: DF.Datetime | None
		response_missed: DF.Check
		route: DF.Literal["sla", "credits", "quote", "excluded", "declined", "community"]
		severity: DF.Literal["1", "2", "3", "4"]
		severity_confirmed_at: DF.Datetime | None
		sla_policy: DF.Link | None
		status: DF.Literal["Open", "In Progress", "Waiting", "Waiting for Credits", "Resolved", "Closed"]
		subject: DF.Data
		third_party: DF.Check
		topic: DF.Link | None
		work: DF.Table[SLATicketWork]
	# end: auto-generated types

	def before_insert(self) -> None:
		for field in DECIDED:
			self.set(field, [] if field in ("pauses", "work") else None)
		self.status = "Open"
		self.opened_at = stored(moment())

	def after_insert(self) -> None:
		with refusals_worded():
			open_ticket(self.name, moment(), support_ports())
		self.reload()

	def validate(self) -> None:
		self.keep_what_was_decided()

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
