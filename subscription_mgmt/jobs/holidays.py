"""Which service calendars do not know the holidays of the next year yet?"""

import frappe

from subscription_mgmt.adapters.clock import today_in
from subscription_mgmt.adapters.holiday_lists import calendars_without_next_year, fill_holidays


def fill() -> None:
	"""Once a day, each calendar on its own: what fails with one is logged and tried again the next day."""
	today = today_in(None)
	for calendar in calendars_without_next_year(today):
		try:
			fill_holidays(calendar, today)
		except Exception:
			frappe.db.rollback()
			frappe.log_error(title=f"Holidays of {calendar} were not filled in")
		frappe.db.commit()
