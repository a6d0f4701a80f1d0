"""What day is it for a contract, and what moment? The only place that reads the clock."""

from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

from frappe.utils import get_system_timezone


def today_in(time_zone: str | None) -> date:
	"""The day in `time_zone`, an IANA name; the site's own zone when there is none."""
	return datetime.now(ZoneInfo(time_zone or get_system_timezone())).date()


def moment() -> datetime:
	"""Now, in UTC."""
	return datetime.now(timezone.utc)
