"""When are backups of a system due? At times of day in its zone, or every so many hours without drift.

Seed bo: two a day; seed mx: every 24 hours. A time that a change of the clocks leaves out is made up for right after
it; one that comes twice is used once. An interval counts real hours from the first run.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from itertools import pairwise

from subscription_mgmt.engine.errors import DomainError


@dataclass(frozen=True)
class BackupPolicy:
	"""Either `at` (times of day) or `every`; how many daily, weekly and monthly backups are kept."""

	name: str
	at: tuple[time, ...] = ()
	every: timedelta | None = None
	keep_daily: int = 7
	keep_weekly: int = 4
	keep_monthly: int = 12


def check_backup(policy: BackupPolicy) -> None:
	"""Refuse a policy that never, or always, makes backups. Raises DomainError."""
	if bool(policy.at) == (policy.every is not None):
		raise DomainError("backup_unscheduled", policy=policy.name)
	if policy.every is not None and policy.every < timedelta(minutes=1):
		raise DomainError("backup_too_often", policy=policy.name)


def runs_between(
	policy: BackupPolicy, zone: tzinfo, first: datetime, start: datetime, end: datetime
) -> Iterator[datetime]:
	"""The runs due from `start` up to, and without, `end`, in order. `first`: the moment intervals count from."""
	if policy.every is not None:
		yield from _at_intervals(policy.every, zone, first, start, end)
	else:
		yield from _at_times(policy.at, zone, start, end)


def _at_intervals(
	every: timedelta, zone: tzinfo, first: datetime, start: datetime, end: datetime
) -> Iterator[datetime]:
	origin, begins, ends = _utc(first), _utc(start), _utc(end)
	number = max(0, -((origin - begins) // every))
	while (moment := origin + number * every) < ends:
		yield moment.astimezone(zone)
		number += 1


def _at_times(at: tuple[time, ...], zone: tzinfo, start: datetime, end: datetime) -> Iterator[datetime]:
	begins, ends = _utc(start), _utc(end)
	day, last = begins.astimezone(zone).date(), ends.astimezone(zone).date()
	while day <= last:
		for moment in sorted({_on(day, at_, zone) for at_ in at}):
			if begins <= moment < ends:
				yield moment.astimezone(zone)
		day += timedelta(days=1)


def _on(day: date, at: time, zone: tzinfo) -> datetime:
	return _utc(datetime.combine(day, at, zone))


def _utc(moment: datetime) -> datetime:
	return moment.astimezone(timezone.utc)


def longest_wait(policy: BackupPolicy) -> timedelta:
	"""The most that can lie between two runs as agreed: what may be lost at the worst moment."""
	if policy.every is not None:
		return policy.every
	minutes = sorted(at.hour * 60 + at.minute for at in policy.at)
	day = 24 * 60
	return timedelta(
		minutes=max((after - before) for before, after in pairwise([*minutes, minutes[0] + day]))
	)
