"""Through which channel may a ticket be opened under an SLA policy?"""

from frappe.model.document import Document


class SLAChannel(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		channel: DF.Literal["email", "chat", "phone", "portal"]
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		service_calendar: DF.Link | None
	# end: auto-generated types
