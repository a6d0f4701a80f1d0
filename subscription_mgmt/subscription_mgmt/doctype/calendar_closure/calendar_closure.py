"""When does a support team not work, though its calendar has hours?"""

from frappe.model.document import Document


class CalendarClosure(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		end: DF.Time | None
		first_day: DF.Date
		last_day: DF.Date | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		reason: DF.Data | None
		start: DF.Time | None
		whole_days: DF.Check
	# end: auto-generated types
