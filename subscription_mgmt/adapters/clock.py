"""What day is it for a contract? The only place that reads the clock."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from frappe.utils import get_system_timezone


def today_in(time_zone: str | None) -> date:
	"""The day in `time_zone`, an IANA name; the site's own zone when there is none."""
	return datetime.now(ZoneInfo(time_zone or get_system_timezone())).date()
