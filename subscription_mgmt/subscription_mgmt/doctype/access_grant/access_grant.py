"""Who may look at the temporary credentials that a customer handed in, and are they gone?"""

from typing import NoReturn

import frappe
from frappe import _
from frappe.model.document import Document


class AccessGrant(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		customer: DF.Link | None
		details: DF.Password | None
		erased_at: DF.Datetime | None
		erased_for: DF.Literal["", "Resolved", "Expired", "Withdrawn"]
		expires_at: DF.Datetime | None
		handed_in_at: DF.Datetime | None
		naming_series: DF.Literal["ACC-.YYYY.-.#####"]
		purpose: DF.Literal["System", "Files", "Database"]
		reminded_at: DF.Datetime | None
		reminders: DF.Int
		removed_at: DF.Datetime | None
		secret: DF.Password | None
		status: DF.Literal["Requested", "Handed In", "Erased", "Removed"]
		ticket: DF.Link | None
		url: DF.Data | None
		username: DF.Password | None
	# end: auto-generated types

	def get_password(self, fieldname: str = "password", raise_exception: bool = True) -> NoReturn:
		"""Frappe's ways to read a password are closed to everybody, System Manager and scripts too."""
		frappe.throw(
			_("Only the ticket's assignee sees these credentials, by the button that writes it down."),
			frappe.PermissionError,
		)
