"""Who looked at which credentials, and when?"""

from frappe import _

from subscription_mgmt.append_only import AppendOnly


class AccessGrantLook(AppendOnly):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		access_grant: DF.Link | None
		customer: DF.Link | None
		looked_at: DF.Datetime | None
		ticket: DF.Link | None
		user: DF.Link | None
	# end: auto-generated types

	def refusal(self) -> str:
		return _("Looks at credentials are written down by themselves. Nobody adds, changes or deletes one.")
