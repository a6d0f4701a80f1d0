"""Are backups due when the policy says, whatever the clocks do, and is the last good one never removed?"""

from datetime import date, datetime, time, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscription_mgmt.engine.backup_schedule import BackupPolicy, check_backup, runs_between
from subscription_mgmt.engine.retention import Backup, kept
from tests.builders import refused

ZONES = [
	ZoneInfo(name) for name in ("Europe/Paris", "America/La_Paz", "America/New_York", "Australia/Lord_Howe")
]
PARIS = ZONES[0]
TWICE = BackupPolicy("Twice a day", at=(time(18), time(6)))


def moment(text: str, zone: ZoneInfo = PARIS) -> datetime:
	return datetime.fromisoformat(text).replace(tzinfo=zone)


def runs(policy: BackupPolicy, start: str, end: str, zone: ZoneInfo = PARIS) -> list[str]:
	first = moment(start, zone)
	return [f"{at:%m-%d %H:%M}" for at in runs_between(policy, zone, first, first, moment(end, zone))]


def test_times_of_day_are_those_of_the_zone_from_the_first_moment_up_to_the_last():
	assert runs(TWICE, "2026-02-01 06:00", "2026-02-02 18:00") == [
		"02-01 06:00",
		"02-01 18:00",
		"02-02 06:00",
	]


def test_a_time_that_the_clocks_leave_out_is_made_up_for_and_one_that_comes_twice_is_used_once():
	night = BackupPolicy("Night", at=(time(2, 30),))
	assert runs(night, "2026-03-28 12:00", "2026-03-30 12:00") == ["03-29 03:30", "03-30 02:30"]
	assert runs(night, "2026-10-24 12:00", "2026-10-26 12:00") == ["10-25 02:30", "10-26 02:30"]


def test_an_interval_counts_real_hours_and_never_drifts():
	daily = BackupPolicy("Daily", every=timedelta(hours=24))
	assert runs(daily, "2026-03-28 12:00", "2026-03-31 00:00") == [
		"03-28 12:00",
		"03-29 13:00",
		"03-30 13:00",
	]
	first, asked = moment("2026-01-01 00:07"), moment("2026-06-01 00:00")
	found = list(
		runs_between(
			BackupPolicy("", every=timedelta(hours=7)), PARIS, first, asked, asked + timedelta(days=1)
		)
	)
	assert all(
		(at.astimezone(timezone.utc) - first.astimezone(timezone.utc)) % timedelta(hours=7) == timedelta()
		for at in found
	)
	assert 3 <= len(found) <= 4


@given(
	st.sampled_from(ZONES),
	st.dates(date(2025, 1, 1), date(2026, 12, 1)),
	st.lists(st.integers(0, 60 * 24 * 40), min_size=1, max_size=8),
	st.one_of(
		st.sets(st.times(), min_size=1, max_size=4).map(lambda at: BackupPolicy("", at=tuple(at))),
		st.integers(60, 3000).map(lambda minutes: BackupPolicy("", every=timedelta(minutes=minutes))),
	),
)
def test_however_time_is_cut_every_run_is_due_once(
	zone: ZoneInfo, day: date, cuts: list[int], policy: BackupPolicy
):
	"""The windows tile the days, also those on which the clocks change."""
	begin = datetime.combine(day, time(), zone).astimezone(timezone.utc)
	edges = [begin, *(begin + timedelta(minutes=cut) for cut in sorted(cuts)), begin + timedelta(days=41)]
	whole = list(runs_between(policy, zone, begin, edges[0], edges[-1]))
	parts = [at for start, end in pairwise(edges) for at in runs_between(policy, zone, begin, start, end)]
	assert parts == whole == sorted(whole)
	if policy.at:
		by_day = {at.date(): 0 for at in whole}
		for at in whole:
			by_day[at.date()] += 1
		assert set(list(by_day.values())[1:-1]) <= {len(policy.at), len(policy.at) - 1, len(policy.at) + 1}
		assert sum(by_day.values()) >= 40 * len(policy.at)


@pytest.mark.parametrize(
	("policy", "code"),
	[
		(BackupPolicy("Never"), "backup_unscheduled"),
		(BackupPolicy("Both", at=(time(6),), every=timedelta(hours=1)), "backup_unscheduled"),
		(BackupPolicy("Always", every=timedelta(0)), "backup_too_often"),
	],
)
def test_a_policy_that_makes_no_sense_is_refused(policy: BackupPolicy, code: str):
	with refused(code):
		check_backup(policy)


def a_backup(text: str, good: bool = True, held: bool = False) -> Backup:
	return Backup(moment(text), good, held)


def test_the_newest_of_each_day_week_and_month_is_kept():
	every_six_hours = [Backup(moment("2026-01-01 00:00") + timedelta(hours=6 * n)) for n in range(4 * 90)]
	policy = BackupPolicy("", at=(time(6),), keep_daily=3, keep_weekly=2, keep_monthly=3)
	assert [f"{backup.at:%m-%d %H}" for backup in kept(every_six_hours, policy)] == [
		"01-31 18",
		"02-28 18",
		"03-29 18",
		"03-30 18",
		"03-31 18",
	]


def test_a_bad_week_does_not_wear_the_good_backups_out_and_a_legal_hold_outlasts_all():
	policy = BackupPolicy("", at=(time(6),), keep_daily=2, keep_weekly=0, keep_monthly=0)
	good = [
		a_backup("2025-01-01", held=True),
		a_backup("2026-01-01"),
		a_backup("2026-01-02"),
		a_backup("2026-01-03"),
	]
	failed = [a_backup(f"2026-01-{day:02}", good=False) for day in range(4, 20)]
	assert kept([*failed, *good], policy) == [good[0], good[2], good[3]]


backups = st.lists(
	st.builds(
		Backup,
		st.datetimes(datetime.fromisoformat("2024-01-01"), datetime.fromisoformat("2027-01-01")),
		st.booleans(),
		st.booleans(),
	),
	max_size=40,
)
counts = st.integers(0, 12)


@given(backups, counts, counts, counts)
def test_the_last_good_backup_is_never_removed(made: list[Backup], daily: int, weekly: int, monthly: int):
	policy = BackupPolicy("", at=(time(6),), keep_daily=daily, keep_weekly=weekly, keep_monthly=monthly)
	left = kept(made, policy)
	good = [backup for backup in made if backup.good]
	if good:
		assert max(backup.at for backup in left if backup.good) == max(backup.at for backup in good)
	assert {backup for backup in made if backup.held} <= set(left) <= set(made)
	assert kept(left, policy) == left, "removing twice removes nothing more"
