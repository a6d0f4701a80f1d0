"""When does an example's year happen, so that it ends today?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from subscription_mgmt.engine.periods import add_months
from subscription_mgmt.simulation.scenario_file import Event, Scenario

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Step:
	"""The morning's billing of a day, or one event of it."""

	day: date
	event: Event | None = None


def months_until_today(scenario: Scenario, today: date) -> int:
	"""Whole months to move the example by, so that its year reaches today and no more than a month beyond.

	Whole months keep the days of the month, and with them the order of billing and paying.
	"""
	last = scenario.until or max(event.at.date() for event in scenario.events)
	months = (today.year - last.year) * 12 + today.month - last.month
	return months if add_months(last, months) >= today else months + 1


def steps(scenario: Scenario, months: int, today: date) -> Iterator[Step]:
	"""Every step up to today, in order: the jobs of a day come before its events."""
	events = sorted((moved(event, months) for event in scenario.events), key=lambda event: event.at)
	for day in _days(add_months(scenario.start, months), today):
		yield Step(day)
		yield from (Step(day, event) for event in _on(events, day))


def _days(first: date, last: date) -> Iterator[date]:
	return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _on(events: Sequence[Event], day: date) -> Iterator[Event]:
	return (event for event in events if event.at.date() == day)


def moved(event: Event, months: int) -> Event:
	changes: dict[str, object] = {
		"at": datetime.combine(add_months(event.at.date(), months), event.at.time())
	}
	if isinstance(until := getattr(event, "until", None), date):
		changes["until"] = add_months(until, months)
	return event.model_copy(update=changes)
