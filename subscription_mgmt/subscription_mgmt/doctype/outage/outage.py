"""From when until when could nobody reach a system, was that announced, and who found it?"""

import frappe
from frappe import _
from frappe.model.document import Document

from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.adapters.maintenance_notices import announce
from subscription_mgmt.adapters.moments import moment_of
from subscription_mgmt.engine.outages import Entry, check_entry
from subscription_mgmt.refusals import refusals_worded

# What only the probe and the announcement write.
KEPT = ("found_by", "announced_at")


class Outage(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from subscription_mgmt.subscription_mgmt.doctype.outage_evidence.outage_evidence import OutageEvidence

		announce: DF.Check
		announced_at: DF.Datetime | None
		correction_reason: DF.SmallText | None
		customer: DF.Link | None
		ended_at: DF.Datetime | None
		evidence: DF.Table[OutageEvidence]
		found_by: DF.Literal["", "Person", "Probe"]
		hosted_instance: DF.Link
		not_counted: DF.Check
		planned: DF.Check
		reason: DF.SmallText | None
		started_at: DF.Datetime
	# end: auto-generated types

	def before_insert(self) -> None:
		self.update({"found_by": "Person", "announced_at": None, "not_counted": 0, "evidence": []})

	def validate(self) -> None:
		self.keep_what_was_found()
		self.check_entry()

	def on_update(self) -> None:
		if self.is_to_be_announced() and announce([self]):
			frappe.msgprint(_("{0} has no e-mail address: nobody could be told.").format(self.customer))

	def on_trash(self) -> None:
		if self.found_by == "Probe":
			frappe.throw(_("A probe found this outage. Keep it, and set Not Counted if it was none."))

	def keep_what_was_found(self) -> None:
		before = self.get_doc_before_save()
		if before is not None:
			for field in KEPT:
				self.set(field, before.get(field))
			self.set("evidence", before.evidence)

	def check_entry(self) -> None:
		before = self.get_doc_before_save()
		with refusals_worded():
			check_entry(entry_of(before) if before else None, entry_of(self), moment())

	def is_to_be_announced(self) -> bool:
		"""Asked for, and news to the customer: a window that moved, or a cancelled one that he was told of."""
		before = self.get_doc_before_save()
		if not (self.planned and self.announce) or self.flags.announced_with_others:
			return False
		if not self.announced_at:
			return not self.not_counted
		return before is not None and entry_of(before).facts != entry_of(self).facts


def entry_of(outage: Document) -> Entry:
	return Entry(
		start=moment_of(outage.started_at),
		end=moment_of(outage.ended_at),
		planned=bool(outage.planned),
		counts=not outage.not_counted,
		correction=outage.correction_reason or "",
	)


def on_doctype_update() -> None:
	"""What is asked of an instance: its outages of some months, and those that are open."""
	frappe.db.add_index("Outage", ["hosted_instance", "started_at"])
	frappe.db.add_index("Outage", ["ended_at"])
