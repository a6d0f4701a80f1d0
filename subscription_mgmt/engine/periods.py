"""Which periods does a contract have, counted from its anchor?

A period is half-open, `[start, end)`. Every boundary is computed from the anchor and never from the boundary before,
so 31 January → 28 February → 31 March.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum


class Interval(Enum):
	"""How often a contract is billed. The value is the label users see and files carry."""

	MONTHLY = "Monthly"
	QUARTERLY = "Quarterly"
	HALF_YEARLY = "Half-Yearly"
	YEARLY = "Yearly"

	@property
	def months(self) -> int:
		return _MONTHS[self]


_MONTHS = {Interval.MONTHLY: 1, Interval.QUARTERLY: 3, Interval.HALF_YEARLY: 6, Interval.YEARLY: 12}


@dataclass(frozen=True, order=True)
class Period:
	"""Days from `start` up to, and without, `end`."""

	start: date
	end: date

	def __post_init__(self) -> None:
		if self.end <= self.start:
			raise ValueError(f"a period must end after it starts: {self.start} to {self.end}")

	def __contains__(self, day: date) -> bool:
		return self.start <= day < self.end

	@property
	def days(self) -> int:
		return (self.end - self.start).days


def add_months(anchor: date, months: int) -> date:
	"""The anchor's day of the month, `months` later; the month's last day where it has no such day.

	>>> add_months(date(2026, 1, 31), 1), add_months(date(2026, 1, 31), 2)
	(datetime.date(2026, 2, 28), datetime.date(2026, 3, 31))
	"""
	year, month = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
	return date(year, month + 1, min(anchor.day, monthrange(year, month + 1)[1]))


def nth_period(anchor: date, interval: Interval, n: int) -> Period:
	"""Period number `n`, counted from 0."""
	return Period(add_months(anchor, n * interval.months), add_months(anchor, (n + 1) * interval.months))


def number_of(anchor: date, interval: Interval, day: date) -> int:
	"""The number of the period that contains `day` (negative before the anchor)."""
	months = (day.year - anchor.year) * 12 + day.month - anchor.month
	n = months // interval.months
	if add_months(anchor, n * interval.months) > day:
		return n - 1
	if add_months(anchor, (n + 1) * interval.months) <= day:
		return n + 1
	return n


def period_containing(anchor: date, interval: Interval, day: date) -> Period:
	return nth_period(anchor, interval, number_of(anchor, interval, day))


def periods_from(anchor: date, interval: Interval, day: date) -> Iterator[Period]:
	"""Every period from the one containing `day` on, without end."""
	n = number_of(anchor, interval, day)
	while True:
		yield nth_period(anchor, interval, n)
		n += 1


def first_end_on_or_after(anchor: date, interval: Interval, day: date) -> date:
	"""The first period boundary that is not before `day`.

	>>> first_end_on_or_after(date(2026, 1, 31), Interval.MONTHLY, date(2026, 2, 28))
	datetime.date(2026, 2, 28)
	"""
	period = period_containing(anchor, interval, day)
	return period.start if period.start == day else period.end
