"""Who asked for a contract on the price page and has yet to confirm his address?"""

import frappe
from frappe.model.document import Document
from frappe.query_builder import Interval
from frappe.query_builder.functions import Now


class PortalSignup(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		address_line: DF.Data | None
		city: DF.Data | None
		contract: DF.Link | None
		country: DF.Link | None
		email: DF.Data
		expires_at: DF.Datetime | None
		full_name: DF.Data
		interval: DF.Literal["Monthly", "Quarterly", "Half-Yearly", "Yearly"]
		key_hash: DF.Data | None
		language: DF.Link | None
		organisation: DF.Data
		plan: DF.Link
		postcode: DF.Data | None
		status: DF.Literal["Waiting", "Confirmed"]
		tax_id: DF.Data | None
	# end: auto-generated types

	@staticmethod
	def clear_old_logs(days: int = 30) -> None:
		"""Frappe's Log Settings call it: personal data of who never confirmed is not kept."""
		table = frappe.qb.DocType("Portal Signup")
		old = table.modified < (Now() - Interval(days=days))
		frappe.db.delete(table, filters=old & (table.status == "Waiting"))
