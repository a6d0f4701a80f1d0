"""On which working days did a ticket wait for us all day and got no answer?

Seed fr: "tous les clients ont une réponse à leur demande par traitement des tickets quotidiennement".
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from subscription_mgmt.engine.tickets import Pause
from subscription_mgmt.engine.working_time import Stretch, WorkingTime

DAY = timedelta(days=1)


def days_without_answer(
	clock: WorkingTime,
	opened_at: datetime,
	answers: Sequence[datetime],
	pauses: Sequence[Pause],
	since: date,
	now: datetime,
) -> list[date]:
	"""Days of the calendar from `since` on, whose working time is over by `now`, oldest first.

	A day counts from its first to its last working moment: one on which the ticket was opened later, or on
	which the customer was waited for, does not.
	"""
	zone = ZoneInfo(clock.calendar.zone)
	answered = {answer.astimezone(zone).date() for answer in answers}
	first = max(since, opened_at.astimezone(zone).date())
	found = []
	for day, worked in _working_days(clock, first, now.astimezone(zone).date(), zone):
		start, end = worked[0].start, worked[-1].end
		if opened_at > start or end > now or day in answered:
			continue
		if any(paused < end and start < resumed for paused, resumed in pauses):
			continue
		found.append(day)
	return found


def _working_days(
	clock: WorkingTime, first: date, last: date, zone: ZoneInfo
) -> Iterator[tuple[date, list[Stretch]]]:
	day = first
	while day <= last:
		worked = list(clock.stretches(_midnight(day, zone), _midnight(day + DAY, zone)))
		if worked:
			yield day, worked
		day += DAY


def _midnight(day: date, zone: ZoneInfo) -> datetime:
	# In UTC, so that a day of 23 or 25 hours is as long as it is.
	return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(timezone.utc)
