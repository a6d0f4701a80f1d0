"""What does a file promise its customers: policies, topics, calendars?"""

from datetime import time, timedelta

from subscription_mgmt.engine.calendars import MINUTES_A_DAY, Calendar
from subscription_mgmt.engine.closures import Closure, closed_moments
from subscription_mgmt.engine.support_policies import CreditRules, Scope, SlaPolicy, Topic
from subscription_mgmt.simulation.catalogue_file import CatalogueFile
from subscription_mgmt.simulation.support_file import (
	WEEKDAYS,
	CalendarEntry,
	ClosureEntry,
	SlaEntry,
	TopicEntry,
	weekdays_of,
)


def calendars_of(offer: CatalogueFile) -> dict[str, Calendar]:
	return {name: calendar_of(name, entry, offer.timezone) for name, entry in offer.calendars.items()}


def policies_of(offer: CatalogueFile) -> dict[str, SlaPolicy]:
	return {name: policy_of(name, entry) for name, entry in offer.sla_policies.items()}


def topics_of(offer: CatalogueFile) -> dict[str, Topic]:
	return {name: topic_of(name, entry) for name, entry in offer.topics.items()}


def calendar_of(name: str, entry: CalendarEntry, timezone: str) -> Calendar:
	windows: dict[int, tuple[tuple[int, int], ...]] = {}
	for days, listed in entry.hours.items():
		for day in weekdays_of(days):
			number = WEEKDAYS.index(day)
			added = tuple((_minute(start), _minute(end)) for start, end in listed)
			windows[number] = (*windows.get(number, ()), *added)
	zone = entry.timezone or timezone
	return Calendar(
		name=name,
		zone=zone,
		windows=windows,
		holidays=frozenset(entry.holidays),
		closures=closed_moments([closure_of(closure) for closure in entry.closures], zone),
		always=entry.always,
	)


def closure_of(entry: ClosureEntry) -> Closure:
	start, end = (_minute(clock) for clock in entry.hours or ("00:00", "24:00"))
	return Closure(entry.first, entry.last or entry.first, start, end, entry.reason)


def policy_of(name: str, entry: SlaEntry) -> SlaPolicy:
	return SlaPolicy(
		name=name,
		calendar=entry.calendar,
		response={severity: _minutes(target) for severity, target in entry.response.items()},
		resolution={severity: _minutes(target) for severity, target in entry.resolution.items()},
		hour_cap=_minutes(entry.hour_cap) if entry.hour_cap is not None else None,
		beyond_cap=entry.beyond_cap,
		channels=tuple(entry.channels),
		channel_calendars=entry.calendars_by_channel,
		languages=tuple(entry.languages),
		daily_answer=entry.daily_answer,
		credits=CreditRules(**entry.credits.model_dump()) if entry.credits is not None else None,
	)


def topic_of(name: str, entry: TopicEntry) -> Topic:
	return Topic(name, Scope(entry.scope), entry.reason, entry.offer, entry.flat_credits or 0)


def _minute(clock: str) -> int:
	if clock == "24:00":
		return MINUTES_A_DAY
	at = time.fromisoformat(clock)
	return at.hour * 60 + at.minute


def _minutes(duration: timedelta) -> int:
	return int(duration.total_seconds() // 60)
