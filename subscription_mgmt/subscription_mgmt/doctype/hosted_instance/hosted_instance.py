"""Where does a customer's system live, how far may he use it, and is that really so?"""

import frappe
from frappe import _
from frappe.model.document import Document

KEPT_BY_SERVICES = (
	"wanted_mode",
	"actual_mode",
	"ordered_at",
	"confirmed_at",
	"final_backup_on",
	"released_by",
	"second_released_by",
)


class HostedInstance(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		actual_mode: DF.Literal["", "Full", "Read Only", "Restricted", "Deleted"]
		confirmed_at: DF.Datetime | None
		customer: DF.Link
		final_backup_on: DF.Date | None
		instance_name: DF.Data
		ordered_at: DF.Datetime | None
		released_by: DF.Link | None
		second_released_by: DF.Link | None
		provider: DF.Literal["Manual"]
		wanted_mode: DF.Literal["", "Full", "Read Only", "Restricted", "Deleted"]
	# end: auto-generated types

	def validate(self) -> None:
		self.check_unchanged()

	def check_unchanged(self) -> None:
		"""Modes, backups and releases are set by services and confirmations alone, which write the columns directly."""
		before = self.get_doc_before_save()
		for field in KEPT_BY_SERVICES:
			known = before.get(field) if before else None
			if str(known or "") != str(self.get(field) or ""):
				label = _(self.meta.get_label(field))
				frappe.throw(_("{0} is not edited by hand. Use the buttons of the instance.").format(label))
