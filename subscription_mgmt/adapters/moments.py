"""How does a moment become a Datetime of a record, and back? Frappe stores them in the site's own zone."""

from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from frappe.utils import get_datetime, get_system_timezone


def stored(moment: datetime | None) -> datetime | None:
	"""The aware `moment` as the site's clock shows it, without its zone."""
	if moment is None:
		return None
	return moment.astimezone(ZoneInfo(get_system_timezone())).replace(tzinfo=None)


def moment_of(value: datetime | str | None) -> datetime | None:
	"""In UTC."""
	if not value:
		return None
	local = get_datetime(value).replace(tzinfo=ZoneInfo(get_system_timezone()))
	return local.astimezone(timezone.utc)
