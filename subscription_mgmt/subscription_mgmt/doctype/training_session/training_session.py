"""When does a training of a pack take place, and what became of it?"""

from frappe.model.document import Document

from subscription_mgmt.engine.training import SessionStatus

# What the services decide: a form or an import that names them is not asked.
DECIDED = ("status", "starts_at", "ends_at", "slots", "reminded_at", "link_sent_at", "sequence")


class TrainingSession(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from subscription_mgmt.subscription_mgmt.doctype.training_slot.training_slot import TrainingSlot

		conference_link: DF.Data | None
		contract: DF.Link | None
		customer: DF.Link
		ends_at: DF.Datetime | None
		link_sent_at: DF.Datetime | None
		minutes: DF.Int
		naming_series: DF.Literal["TRN-.YYYY.-.#####"]
		notes: DF.TextEditor | None
		number: DF.Int
		pack: DF.Link
		reminded_at: DF.Datetime | None
		sequence: DF.Int
		slots: DF.Table[TrainingSlot]
		source: DF.Data | None
		starts_at: DF.Datetime | None
		status: DF.Literal["To Propose", "Proposed", "Booked", "Done", "No Show", "Cancelled"]
		trainer: DF.Link | None
	# end: auto-generated types

	def before_insert(self) -> None:
		for field in DECIDED:
			self.set(field, [] if field == "slots" else None)
		self.status = SessionStatus.TO_PROPOSE.value

	def validate(self) -> None:
		self.keep_what_was_decided()

	def keep_what_was_decided(self) -> None:
		"""Only the buttons change it, through the services."""
		before = self.get_doc_before_save()
		if before is not None:
			for field in DECIDED:
				if field != "slots":
					self.set(field, before.get(field))
