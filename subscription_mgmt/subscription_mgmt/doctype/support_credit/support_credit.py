"""Which line of a customer's credit ledger is this? 1 credit is 1 minute."""

import frappe
from frappe import _
from frappe.model.document import Document


class SupportCredit(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		balance: DF.Int
		booked_at: DF.Datetime | None
		change: DF.Int
		customer: DF.Link | None
		expires_on: DF.Date | None
		kept: DF.Int
		kind: DF.Literal["Grant", "Use", "Reversal", "Expiry"]
		line_key: DF.Data | None
		source: DF.Data | None
		ticket: DF.Link | None
	# end: auto-generated types

	def validate(self) -> None:
		if not self.is_new():
			frappe.throw(_("A line of the credit ledger is never edited. Book another one."))

	def on_trash(self) -> None:
		frappe.throw(_("A line of the credit ledger is never deleted. Book another one."))
