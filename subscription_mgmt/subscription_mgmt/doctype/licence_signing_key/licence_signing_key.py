"""With which key are licences signed, and which earlier ones are still trusted?"""

import frappe
from frappe import _
from frappe.model.document import Document


class LicenceSigningKey(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		created_on: DF.Date | None
		private_key: DF.Password | None
		public_key: DF.Data | None
		status: DF.Literal["Active", "Retired", "Withdrawn"]
		valid_days: DF.Int
	# end: auto-generated types

	def validate(self) -> None:
		"""A pair is made and withdrawn by `adapters.licence_keys` alone, which writes the status directly."""
		if not self.is_new():
			frappe.throw(_("A signing key is never edited. Use Rotate or Withdraw."))

	def on_trash(self) -> None:
		frappe.throw(
			_("A signing key is never deleted: licences may be signed with it. Withdraw it instead.")
		)
