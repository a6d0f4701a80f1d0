"""How much working time lies between two moments, and when has so much of it passed?

A calendar's working time is laid out in advance, year by year, as stretches of absolute time with the sum of
what lies before each; so a question is two searches, whatever daylight saving does to the clock on the wall.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from subscription_mgmt.engine.calendars import MINUTES_A_DAY, Calendar, check_calendar
from subscription_mgmt.engine.errors import DomainError

UTC = timezone.utc
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MINUTE = 60_000_000  # microseconds
HORIZON_YEARS = 20  # a deadline that far away is a mistake in the calendar or the policy


@dataclass(frozen=True)
class Stretch:
	"""A part of the way to a deadline, [start, end). `counts`: working time that ran; else a pause left
	out."""

	start: datetime
	end: datetime
	counts: bool = True

	@property
	def minutes(self) -> float:
		return (self.end - self.start) / timedelta(minutes=1)


@dataclass(frozen=True)
class _Year:
	"""Stretches of one year of the calendar's zone, in microseconds since 1970, and the sum before each."""

	starts: list[int]
	ends: list[int]
	sums: list[int]
	total: int


class WorkingTime:
	"""Arithmetic in the working time of one calendar. Moments are aware; answers are in the zone asked with.

	Raises DomainError for a calendar without a working hour, and `deadline_too_far` where none is in sight.
	"""

	def __init__(self, calendar: Calendar) -> None:
		check_calendar(calendar)
		self.calendar = calendar
		self._zone = ZoneInfo(calendar.zone)
		self._closures = sorted((_stamp(start), _stamp(end)) for start, end in calendar.closures)
		self._years: dict[int, _Year] = {}

	def add(self, start: datetime, minutes: float) -> datetime:
		"""The first moment at which `minutes` of working time have passed since `start`."""
		if minutes < 0:
			raise DomainError("minutes_negative", minutes=minutes)
		left = round(minutes * MINUTE)
		if not left:
			return start
		at, number = _stamp(start), start.astimezone(self._zone).year
		for year_number in range(number, number + HORIZON_YEARS):
			year = self._year(year_number)
			passed = _passed(year, at)
			if year.total - passed >= left:
				return _moment(_when(year, passed + left), start)
			left -= year.total - passed
		raise DomainError("deadline_too_far", calendar=self.calendar.name, years=HORIZON_YEARS)

	def between(self, start: datetime, end: datetime) -> float:
		"""Minutes of working time in [start, end); 0 when `end` is not later."""
		first, last = _stamp(start), _stamp(end)
		if last <= first:
			return 0
		here, there = start.astimezone(self._zone).year, end.astimezone(self._zone).year
		if here == there:
			year = self._year(here)
			return (_passed(year, last) - _passed(year, first)) / MINUTE
		whole = sum(self._year(number).total for number in range(here, there))
		return (whole - _passed(self._year(here), first) + _passed(self._year(there), last)) / MINUTE

	def is_working(self, moment: datetime) -> bool:
		year, at = self._year(moment.astimezone(self._zone).year), _stamp(moment)
		n = bisect_right(year.starts, at) - 1
		return n >= 0 and at < year.ends[n]

	def resumes_at(self, moment: datetime) -> datetime:
		"""The moment itself in working hours, else the next at which work begins."""
		if self.is_working(moment):
			return moment
		at, number = _stamp(moment), moment.astimezone(self._zone).year
		for year_number in range(number, number + HORIZON_YEARS):
			year = self._year(year_number)
			n = bisect_left(year.starts, at)
			if n < len(year.starts):
				return _moment(year.starts[n], moment)
		raise DomainError("deadline_too_far", calendar=self.calendar.name, years=HORIZON_YEARS)

	def stretches(self, start: datetime, end: datetime) -> Iterator[Stretch]:
		"""The windows in [start, end), in order."""
		first, last = _stamp(start), _stamp(end)
		for number in range(start.astimezone(self._zone).year, end.astimezone(self._zone).year + 1):
			year = self._year(number)
			for left, right in zip(year.starts, year.ends, strict=True):
				left, right = max(left, first), min(right, last)
				if left < right:
					yield Stretch(_moment(left, start), _moment(right, start))

	def _year(self, number: int) -> _Year:
		if number not in self._years:
			self._years[number] = _laid_out(self._open(number))
		return self._years[number]

	def _open(self, number: int) -> Iterator[tuple[int, int]]:
		"""The year's stretches, in order, joined where they touch, without closures."""
		current: tuple[int, int] | None = None
		for start, end in self._windows(number):
			if current and start <= current[1]:
				current = (current[0], max(current[1], end))
				continue
			if current:
				yield from _without(current, self._closures)
			current = (start, end)
		if current:
			yield from _without(current, self._closures)

	def _windows(self, number: int) -> Iterator[tuple[int, int]]:
		"""On the day the clock goes forward a window in the missing hour is empty; when it goes back, one is
		longer."""
		day = date(number, 1, 1)
		while day.year == number:
			for start, end in sorted(self.calendar.windows_on(day)):
				first, last = self._absolute(day, start), self._absolute(day, end)
				if first < last:
					yield first, last
			day += timedelta(days=1)

	def _absolute(self, day: date, minute: int) -> int:
		if minute == MINUTES_A_DAY:
			day, minute = day + timedelta(days=1), 0
		hour, minute = divmod(minute, 60)
		return _stamp(datetime(day.year, day.month, day.day, hour, minute, tzinfo=self._zone))


def deadline(
	clock: WorkingTime, start: datetime, minutes: float, pauses: Sequence[tuple[datetime, datetime]] = ()
) -> datetime:
	"""When `minutes` of working time have passed since `start`, those in `pauses` left out."""
	budget = minutes
	due = clock.add(start, budget)
	for pause_start, pause_end in _joined(pauses):
		if pause_start >= due:
			break
		budget += clock.between(max(pause_start, start), pause_end)
		due = clock.add(start, budget)
	return due


def explain(
	clock: WorkingTime, start: datetime, minutes: float, pauses: Sequence[tuple[datetime, datetime]] = ()
) -> list[Stretch]:
	"""The windows used up to the deadline and the pauses left out, in order. The counting ones add up to
	`minutes`."""
	due = deadline(clock, start, minutes, pauses)
	left_out = [(max(first, start), min(last, due)) for first, last in _joined(pauses) if first < due]
	told = [Stretch(first, last, counts=False) for first, last in left_out if first < last]
	told += _outside(clock.stretches(start, due), left_out)
	return sorted(told, key=lambda stretch: stretch.start)


def _outside(
	stretches: Iterable[Stretch], left_out: Sequence[tuple[datetime, datetime]]
) -> Iterator[Stretch]:
	gaps = [(_stamp(start), _stamp(end)) for start, end in left_out]
	for stretch in stretches:
		for start, end in _without((_stamp(stretch.start), _stamp(stretch.end)), gaps):
			yield Stretch(_moment(start, stretch.start), _moment(end, stretch.start))


def _joined(pauses: Sequence[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
	"""In order, overlapping ones as one."""
	joined: list[tuple[datetime, datetime]] = []
	for start, end in sorted(pauses):
		if joined and start <= joined[-1][1]:
			joined[-1] = (joined[-1][0], max(joined[-1][1], end))
		else:
			joined.append((start, end))
	return joined


def _laid_out(stretches: Iterable[tuple[int, int]]) -> _Year:
	starts, ends, sums, total = [], [], [], 0
	for start, end in stretches:
		starts.append(start)
		ends.append(end)
		sums.append(total)
		total += end - start
	return _Year(starts, ends, sums, total)


def _passed(year: _Year, at: int) -> int:
	"""Working time of the year before `at`."""
	n = bisect_right(year.starts, at) - 1
	return year.sums[n] + min(at, year.ends[n]) - year.starts[n] if n >= 0 else 0


def _when(year: _Year, passed: int) -> int:
	"""The first moment before which `passed` (more than 0) of the year's working time lies."""
	n = bisect_left(year.sums, passed) - 1
	return year.starts[n] + passed - year.sums[n]


def _without(stretch: tuple[int, int], closures: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
	start, end = stretch
	for closed_from, closed_to in closures:
		if closed_to <= start or closed_from >= end:
			continue
		if start < closed_from:
			yield start, closed_from
		start = closed_to
	if start < end:
		yield start, end


def _stamp(moment: datetime) -> int:
	return (moment - EPOCH) // MICROSECOND


def _moment(stamp: int, like: datetime) -> datetime:
	return (EPOCH + stamp * MICROSECOND).astimezone(like.tzinfo)
