"""When does a support team work?"""

from datetime import timedelta
from zoneinfo import available_timezones

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_timedelta, getdate

from subscription_mgmt.adapters.holiday_lists import check_country

WHOLE_DAY = ("00:00:00", "24:00:00")


class ServiceCalendar(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from subscription_mgmt.subscription_mgmt.doctype.calendar_closure.calendar_closure import (
			CalendarClosure,
		)
		from subscription_mgmt.subscription_mgmt.doctype.calendar_window.calendar_window import CalendarWindow

		always_open: DF.Check
		calendar_name: DF.Data
		closures: DF.Table[CalendarClosure]
		holiday_country: DF.Autocomplete | None
		holiday_list: DF.Link | None
		holiday_subdivision: DF.Autocomplete | None
		time_zone: DF.Autocomplete | None
		windows: DF.Table[CalendarWindow]
	# end: auto-generated types

	def validate(self) -> None:
		self.check_time_zone()
		self.check_windows()
		self.check_closures()
		check_country(self.holiday_country, self.holiday_subdivision)

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

	def check_closures(self) -> None:
		for row in self.closures:
			if row.last_day and getdate(row.last_day) < getdate(row.first_day):
				frappe.throw(_("Closure {0}: it must not end before it starts.").format(row.idx))
			if row.whole_days:
				row.start, row.end = WHOLE_DAY  # else Frappe fills in the hour at which the row was added
			if get_timedelta(row.start) >= (
				get_timedelta(row.end) or timedelta(days=1)
			):  # 00:00 ends the day
				frappe.throw(_("Closure {0}: its hours must end after they start.").format(row.idx))
