"""Does the working clock run in working hours only, whatever lunch, holidays and daylight saving do?

Drawings: `#` an hour that counts, `.` one that does not, each character an hour of the local clock.
"""

from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscription_mgmt.engine.calendars import Calendar, check_calendar
from subscription_mgmt.engine.working_time import WorkingTime, deadline, explain
from tests.builders import refused

MEXICO, LONDON, MADRID, LA_PAZ = map(
	ZoneInfo, ("America/Mexico_City", "Europe/London", "Europe/Madrid", "America/La_Paz")
)
MORNING, AFTERNOON = (9 * 60, 14 * 60), (15 * 60, 18 * 60)


def week(
	*windows: tuple[int, int], days: range = range(5), zone: str = "America/Mexico_City", **more
) -> Calendar:
	return Calendar("Office", zone, {day: windows for day in days}, **more)


def at(text: str, zone: ZoneInfo = MEXICO, fold: int = 0) -> datetime:
	return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold)


OFFICE = week(MORNING, AFTERNOON, holidays=frozenset({date(2026, 2, 2)}))
ALWAYS = Calendar("Always", always=True)
NIGHTS = week((0, 6 * 60), (22 * 60, 24 * 60), days=range(7), zone="Europe/London")


def drawing(calendar: Calendar, day: str, zone: ZoneInfo = MEXICO, hours: int = 24) -> str:
	"""Hours of elapsed time from the midnight that begins the day."""
	clock = WorkingTime(calendar)
	midnight = at(day, zone).astimezone(ZoneInfo("UTC"))
	hour = timedelta(hours=1)
	return "".join("#" if clock.is_working(midnight + n * hour) else "." for n in range(hours))


@pytest.mark.parametrize(
	("day", "hours"),
	[
		("2026-01-30", ".........#####.###......"),  # Friday, with its lunch break
		("2026-01-31", "........................"),  # Saturday
		("2026-02-01", "........................"),
		("2026-02-02", "........................"),  # a holiday
		("2026-02-03", ".........#####.###......"),
	],
)
def test_a_day_is_drawn_as_it_is_worked(day: str, hours: str):
	assert drawing(OFFICE, day) == hours


@pytest.mark.parametrize(
	("day", "elapsed", "hours"),
	[
		(
			"2026-03-29",
			23,
			"#####................##",
		),  # the clock goes forward at 01:00: an hour less
		("2026-10-25", 25, "#######................##"),  # and back at 02:00: an hour more
	],
)
def test_the_night_shift_is_as_long_as_the_night(day: str, elapsed: int, hours: str):
	assert drawing(NIGHTS, day, LONDON, elapsed) == hours


@pytest.mark.parametrize(
	("start", "minutes", "due"),
	[
		("2026-01-29 10:00", 60, "2026-01-29 11:00"),
		("2026-01-29 13:30", 60, "2026-01-29 15:30"),  # over lunch
		("2026-01-29 14:20", 60, "2026-01-29 16:00"),  # from lunch
		("2026-01-29 17:00", 60, "2026-01-29 18:00"),  # the end of a window is reached in it
		("2026-01-29 17:00", 61, "2026-01-30 09:01"),
		("2026-01-29 23:00", 60, "2026-01-30 10:00"),  # from the night
		("2026-01-30 17:00", 120, "2026-02-03 10:00"),  # over a weekend and a holiday
		("2026-01-31 12:00", 30, "2026-02-03 09:30"),
		("2025-12-31 17:30", 60, "2026-01-01 09:30"),  # over a new year
		("2026-01-29 10:00", 5 * 8 * 60, "2026-02-06 10:00"),
		("2026-01-31 12:00", 0, "2026-01-31 12:00"),
	],
)
def test_working_time_is_added(start: str, minutes: int, due: str):
	clock = WorkingTime(OFFICE)
	assert clock.add(at(start), minutes) == at(due)
	assert clock.between(at(start), at(due)) == minutes


def test_a_customer_elsewhere_reads_the_deadline_on_his_own_clock():
	due = WorkingTime(OFFICE).add(at("2026-01-30 23:00", MADRID), 150)
	assert due == at("2026-02-03 16:30", MADRID)
	assert due.tzinfo is MADRID


def test_true_round_the_clock_counts_elapsed_time_over_both_changes_of_the_clock():
	clock = WorkingTime(ALWAYS)
	assert clock.add(at("2026-03-28 12:00", LONDON), 24 * 60) == at("2026-03-29 13:00", LONDON)
	assert clock.add(at("2026-10-24 12:00", LONDON), 24 * 60) == at("2026-10-25 11:00", LONDON)
	assert clock.between(at("2026-10-25 01:30", LONDON), at("2026-10-25 01:30", LONDON, fold=1)) == 60


@pytest.mark.parametrize(("day", "minutes"), [("2026-03-29", 60), ("2026-10-25", 180)])
def test_a_window_over_the_change_of_the_clock_is_as_long_as_it_lasts(day: str, minutes: int):
	clock = WorkingTime(week((0, 120), days=range(7), zone="Europe/London"))
	assert clock.between(at(day, LONDON), at(f"{day} 12:00", LONDON)) == minutes


def test_a_window_in_the_hour_that_is_skipped_is_empty():
	clock = WorkingTime(week((60, 120), days=range(7), zone="Europe/London"))
	assert clock.add(at("2026-03-29 00:00", LONDON), 30) == at("2026-03-30 01:30", LONDON)


def test_windows_that_touch_or_overlap_count_once():
	clock = WorkingTime(week((540, 720), (660, 780), (780, 840)))
	assert clock.between(at("2026-01-29"), at("2026-01-30")) == 300


def test_nobody_works_in_a_closure_even_where_the_calendar_is_always_open():
	closed = (at("2026-01-29 10:00"), at("2026-01-29 16:00"))
	assert drawing(week(MORNING, AFTERNOON, closures=(closed,)), "2026-01-29") == ".........#......##......"
	always = Calendar("Always", always=True, closures=(closed,))
	assert WorkingTime(always).add(at("2026-01-29 09:00"), 120) == at("2026-01-29 17:00")


def test_a_pause_over_the_weekend_costs_only_its_working_time():
	clock = WorkingTime(OFFICE)
	opened, paused, back = at("2026-01-30 16:00"), at("2026-01-30 17:00"), at("2026-02-03 11:00")
	# 1 h ran on Friday; the pause left out 1 h on Friday and 2 h on Tuesday; 3 h are left.
	assert deadline(clock, opened, 240, [(paused, back)]) == at("2026-02-03 14:00")
	assert [(s.start, s.end, s.counts) for s in explain(clock, opened, 240, [(paused, back)])] == [
		(opened, paused, True),
		(paused, back, False),
		(back, at("2026-02-03 14:00"), True),
	]


def test_a_pause_after_the_deadline_changes_nothing():
	pause = (at("2026-01-29 12:00"), at("2026-01-29 13:00"))
	assert deadline(WorkingTime(OFFICE), at("2026-01-29 09:00"), 60, [pause]) == at("2026-01-29 10:00")


def test_overlapping_pauses_are_left_out_once():
	pauses = [
		(at("2026-01-29 10:00"), at("2026-01-29 12:00")),
		(at("2026-01-29 11:00"), at("2026-01-29 13:00")),
	]
	assert deadline(WorkingTime(OFFICE), at("2026-01-29 09:00"), 120, pauses) == at("2026-01-29 14:00")


def test_work_resumes_at_the_next_window():
	clock = WorkingTime(OFFICE)
	assert clock.resumes_at(at("2026-01-30 18:00")) == at("2026-02-03 09:00")
	assert clock.resumes_at(at("2026-01-29 14:00")) == at("2026-01-29 15:00")
	assert clock.resumes_at(at("2026-01-29 15:30")) == at("2026-01-29 15:30")


@pytest.mark.parametrize("calendar", [Calendar("Never"), week(), week(days=range(0))])
def test_a_calendar_without_a_working_hour_is_refused(calendar: Calendar):
	with refused("calendar_without_hours"):
		WorkingTime(calendar)


@pytest.mark.parametrize("window", [(600, 600), (600, 540), (-1, 60), (600, 1441)])
def test_a_window_that_is_none_is_refused(window: tuple[int, int]):
	with refused("window_ends_before_it_starts"):
		check_calendar(week(window))


def test_a_calendar_closed_for_good_ends_the_search():
	ages = (at("1900-01-01"), at("2200-01-01"))
	clock = WorkingTime(week(MORNING, closures=(ages,)))
	with refused("deadline_too_far"):
		clock.add(at("2026-01-29 10:00"), 1)
	with refused("deadline_too_far"):
		clock.resumes_at(at("2026-01-29 10:00"))


def test_negative_working_time_is_refused():
	with refused("minutes_negative"):
		WorkingTime(OFFICE).add(at("2026-01-29 10:00"), -1)


# For every calendar and moment

windows = st.lists(
	st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda window: window[0] < window[1]),
	max_size=3,
).map(tuple)
calendars = st.builds(
	lambda zone, days, holidays, always: Calendar("Any", zone, days, frozenset(holidays), (), always),
	st.sampled_from(["America/Mexico_City", "Europe/London", "Europe/Madrid", "Australia/Lord_Howe", "UTC"]),
	st.dictionaries(st.integers(0, 6), windows, min_size=1),
	st.sets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=5),
	st.booleans(),
).filter(lambda calendar: calendar.always or any(calendar.windows.values()))
moments = st.datetimes(
	datetime.fromisoformat("2026-01-01"),
	datetime.fromisoformat("2026-12-31"),
	timezones=st.sampled_from([LONDON, LA_PAZ]),
)


@given(calendars, moments, st.integers(0, 3000))
def test_adding_then_measuring_returns_the_same(calendar: Calendar, start: datetime, minutes: int):
	clock = WorkingTime(calendar)
	try:
		due = clock.add(start, minutes)
	except Exception as error:  # one minute a week: three thousand are sixty years away
		assert getattr(error, "code", None) == "deadline_too_far"
		return
	assert clock.between(start, due) == minutes
	if minutes:
		assert clock.between(start, due - timedelta(microseconds=1)) < minutes


@given(calendars, st.tuples(moments, moments, moments))
def test_measuring_by_parts_is_measuring_the_whole(calendar: Calendar, three: tuple[datetime, ...]):
	clock = WorkingTime(calendar)
	first, second, third = sorted(three, key=lambda moment: moment.timestamp())
	whole = clock.between(first, third)
	assert clock.between(first, second) + clock.between(second, third) == pytest.approx(whole, abs=1e-6)
	assert 0 <= whole <= (third.timestamp() - first.timestamp()) / 60 + 1e-6


@given(moments, st.integers(1, 3000), st.lists(st.tuples(moments, st.integers(0, 5000)), max_size=4))
def test_an_explanation_adds_up_to_the_target_and_ends_at_the_deadline(
	start: datetime, minutes: int, paused: list[tuple[datetime, int]]
):
	pauses = [(moment, moment + timedelta(minutes=length)) for moment, length in paused]
	clock = WorkingTime(OFFICE)
	told = explain(clock, start, minutes, pauses)
	assert sum(stretch.minutes for stretch in told if stretch.counts) == pytest.approx(minutes)
	assert max(stretch.end for stretch in told) == deadline(clock, start, minutes, pauses)
	assert all(left.end <= right.start for left, right in pairwise(told))
