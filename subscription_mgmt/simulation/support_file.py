"""What may a file say of a vendor's support: hours, promises, topics?"""

from typing import Literal

from pydantic import Field, model_validator

from subscription_mgmt.simulation.fields import Count, Day, Duration, FileModel, Months, Name, Window, Zone

Weekdays = dict[str, list[Window]]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Severity = Literal[1, 2, 3, 4]


class ClosureEntry(FileModel):
	"""Nobody works from the day `from` to the day `to` (left out: that day), or only not in these `hours`."""

	first: Day = Field(alias="from")
	last: Day | None = Field(default=None, alias="to")
	hours: Window | None = None
	reason: str = ""

	@model_validator(mode="after")
	def ends_after_it_starts(self) -> "ClosureEntry":
		if self.last is not None and self.last < self.first:
			raise ValueError(f"ends on {self.last}, before it starts on {self.first}")
		return self


class CalendarEntry(FileModel):
	timezone: Zone | None = None
	hours: Weekdays = {}
	holidays: list[Day] = []
	closures: list[ClosureEntry] = []
	always: bool = False

	@model_validator(mode="after")
	def has_hours_or_is_always_open(self) -> "CalendarEntry":
		if not self.always and not any(self.hours.values()):
			raise ValueError("has no working hour; give hours, or always: true")
		if self.always and self.hours:
			raise ValueError("has hours and always: true; keep one of them")
		for days in self.hours:
			weekdays_of(days)
		return self


class CreditRules(FileModel):
	query: Count = 15
	intervention: Count = 45
	block: int = Field(default=15, ge=1)
	update: Count = 120
	low_balance: Count = 0
	expire_months: Months = 0


class SlaEntry(FileModel):
	calendar: Name
	response: dict[Severity, Duration] = {}
	resolution: dict[Severity, Duration] = {}
	hour_cap: Duration | None = None
	beyond_cap: Literal["decline", "credits"] = "decline"
	channels: list[Name] | dict[Name, Name | None] = []
	languages: list[Name] = []
	daily_answer: bool = False
	credits: CreditRules | None = None

	@property
	def calendars_by_channel(self) -> dict[str, str]:
		"""Of the channels that have hours of their own."""
		named = self.channels if isinstance(self.channels, dict) else {}
		return {channel: calendar for channel, calendar in named.items() if calendar}


class TopicEntry(FileModel):
	scope: Literal["Included", "Excluded", "By Quote", "Community"]
	reason: str | None = None
	offer: Name | None = None
	flat_credits: Count | None = None


def weekdays_of(days: str) -> list[str]:
	"""Weekdays a key like `mon-fri`, `sat` or `mon,wed` names. Raises ValueError."""
	named: list[str] = []
	for part in days.split(","):
		first, _, last = part.strip().partition("-")
		last = last or first
		if first not in WEEKDAYS or last not in WEEKDAYS or WEEKDAYS.index(first) > WEEKDAYS.index(last):
			raise ValueError(f"hours: {days} names no weekdays; write mon-fri or sat")
		named.extend(WEEKDAYS[WEEKDAYS.index(first) : WEEKDAYS.index(last) + 1])
	return named
