"""With which key are backups encrypted, and with which earlier ones can they be read?"""

import frappe
from frappe import _
from frappe.model.document import Document


class BackupKey(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		created_on: DF.Date | None
		private_key: DF.Password | None
		public_key: DF.Data | None
		status: DF.Literal["Active", "Retired"]
	# end: auto-generated types

	def validate(self) -> None:
		"""A key is made by `adapters.backup_keys` alone, which retires the earlier one directly."""
		if not self.is_new():
			frappe.throw(_("A backup key is never edited. Use Rotate."))

	def on_trash(self) -> None:
		frappe.throw(_("A backup key is never deleted: backups may be readable with it alone."))
