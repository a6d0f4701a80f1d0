"""When does a support team work, and which calendars make no sense?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from subscription_mgmt.engine.errors import DomainError

MINUTES_A_DAY = 24 * 60
WEEKDAYS = 7

# A window of a day's local clock: [start, end) in minutes after midnight; 1440 is the midnight that ends it.
Window = tuple[int, int]


@dataclass(frozen=True)
class Calendar:
	"""Weekly hours in a time zone, without its holidays and closures; `always`: every hour of every day.

	`windows`: by weekday, Monday is 0; several a day are allowed. `holidays` are days of the zone, and mean
	nothing to a calendar that is always open; `closures` are moments [start, end) in which nobody works
	anyway.
	"""

	name: str
	zone: str = "UTC"
	windows: Mapping[int, tuple[Window, ...]] = field(default_factory=dict)
	holidays: frozenset[date] = frozenset()
	closures: tuple[tuple[datetime, datetime], ...] = ()
	always: bool = False

	def windows_on(self, day: date) -> tuple[Window, ...]:
		if self.always:
			return ((0, MINUTES_A_DAY),)
		if day in self.holidays:
			return ()
		return self.windows.get(day.weekday(), ())


def check_calendar(calendar: Calendar) -> None:
	"""Refuse a calendar in which no deadline could ever come. Raises DomainError."""
	for weekday, windows in calendar.windows.items():
		for start, end in windows:
			if not (0 <= weekday < WEEKDAYS and 0 <= start < end <= MINUTES_A_DAY):
				raise DomainError("window_ends_before_it_starts", calendar=calendar.name)
	if not calendar.always and not any(calendar.windows.values()):
		raise DomainError("calendar_without_hours", calendar=calendar.name)
	for start, end in calendar.closures:
		if start >= end:
			raise DomainError("closure_ends_before_it_starts", calendar=calendar.name)
