"""When does a support team work?"""

from zoneinfo import available_timezones

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_timedelta


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
		time_zone: DF.Autocomplete | None
		windows: DF.Table[CalendarWindow]
	# end: auto-generated types

	def validate(self) -> None:
		self.check_time_zone()
		self.check_windows()

	def check_time_zone(self) -> None:
		if self.time_zone and self.time_zone not in available_timezones():
			frappe.throw(_("{0} is not a time zone. Write one like America/La_Paz.").format(self.time_zone))

	def check_windows(self) -> None:
		if not self.always_open and not self.windows:
			frappe.throw(_("{0} has no working hour. Add one, or tick Always Open.").format(self.name))
		for row in self.windows:
			# Not get_time, which takes 24:00 for the midnight before.
			if get_timedelta(row.start) >= get_timedelta(row.end):
				frappe.throw(_("Row {0}: a window must end after it starts.").format(row.idx))
