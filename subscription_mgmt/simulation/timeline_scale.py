"""Where on a picture does a day lie, which days are named on its axis, and how wide is a text?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

LETTER = 6.1  # average width of a letter of 11 units, a little generous


@dataclass(frozen=True)
class Scale:
	"""Days to units of the picture: every day is equally wide."""

	start: date
	end: date
	left: float
	right: float

	@property
	def day_width(self) -> float:
		return (self.right - self.left) / (self.end - self.start).days

	def covers(self, day: date) -> bool:
		return self.start <= day < self.end

	def x(self, day: date) -> float:
		"""Where `day` begins; days outside are moved to the picture's edge."""
		inside = min(max(day, self.start), self.end)
		return round(self.left + (inside - self.start).days * self.day_width, 2)

	def middle(self, day: date) -> float:
		return round(min(self.x(day) + self.day_width / 2, self.right), 2)


def ticks(start: date, end: date, room: int) -> list[date]:
	"""Days to name on the axis, about `room` at most: firsts of months; Mondays of a short span."""
	days = (end - start).days
	if days <= 45:
		step = 1 if days <= room else 7
		mondays = (start + timedelta(days=number) for number in range(days))
		return [day for day in mondays if step == 1 or day.weekday() == 0]
	firsts = list(_firsts(start, end))
	step = next((step for step in (1, 2, 3, 6, 12, 24, 60) if len(firsts) / step <= room), 120)
	return [day for day in firsts if (day.year * 12 + day.month - 1) % step == 0]


def _firsts(start: date, end: date) -> Iterator[date]:
	month = start.year * 12 + start.month - (1 if start.day == 1 else 0)
	while (day := date(month // 12, month % 12 + 1, 1)) < end:
		yield day
		month += 1
