"""When does nobody work though the calendar has hours? Closures: whole days, or some hours of each of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from subscription_mgmt.engine.calendars import MINUTES_A_DAY

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Closure:
	"""From `first` to `last`, both included; on each of them [start, end) in minutes after midnight."""

	first: date
	last: date
	start: int = 0
	end: int = MINUTES_A_DAY
	reason: str = ""

	@property
	def is_whole(self) -> bool:
		return (self.start, self.end) == (0, MINUTES_A_DAY)


def closed_moments(closures: Iterable[Closure], zone: str) -> tuple[tuple[datetime, datetime], ...]:
	"""What a Calendar takes: moments [start, end) on the clock of `zone`, whatever daylight saving does to them."""
	there = ZoneInfo(zone)
	found: list[tuple[datetime, datetime]] = []
	for closure in closures:
		if closure.is_whole:
			found.append((_moment(closure.first, 0, there), _moment(closure.last + DAY, 0, there)))
			continue
		days = range((closure.last - closure.first).days + 1)
		found += [
			(
				_moment(closure.first + n * DAY, closure.start, there),
				_moment(closure.first + n * DAY, closure.end, there),
			)
			for n in days
		]
	return tuple(found)


def _moment(day: date, minute: int, zone: ZoneInfo) -> datetime:
	if minute == MINUTES_A_DAY:
		day, minute = day + DAY, 0
	return datetime(day.year, day.month, day.day, *divmod(minute, 60), tzinfo=zone)
