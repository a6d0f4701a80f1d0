"""Which meter may report the usage of an instance, and with which key?"""

import frappe
from frappe import _
from frappe.model.document import Document

KEPT_BY_SERVICES = ("key_id", "key_hash")


class UsageMeter(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		enabled: DF.Check
		key_hash: DF.Data | None
		key_id: DF.Data | None
		last_used_at: DF.Datetime | None
		meter_name: DF.Data
		subscription_contract: DF.Link
	# end: auto-generated types

	def validate(self) -> None:
		self.check_unchanged()

	def check_unchanged(self) -> None:
		"""A key is made by `adapters.meter_keys` alone, which writes the columns directly."""
		before = self.get_doc_before_save()
		for field in KEPT_BY_SERVICES:
			if (self.get(field) or None) != ((before.get(field) if before else None) or None):
				frappe.throw(_("A meter's key is not edited by hand. Use the button New Key."))
