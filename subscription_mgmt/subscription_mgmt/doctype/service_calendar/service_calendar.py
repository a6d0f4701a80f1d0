"""When does a support team work?"""

from frappe.model.document import Document


class ServiceCalendar(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from subscription_mgmt.subscription_mgmt.doctype.calendar_window.calendar_window import CalendarWindow

		always_open: DF.Check
		calendar_name: DF.Data
		holiday_list: DF.Link | None
		time_zone: DF.Data | None
		windows: DF.Table[CalendarWindow]
	# end: auto-generated types
