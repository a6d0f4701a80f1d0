"""Do periods counted from the anchor cover every day exactly once?"""

from datetime import date, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscription_mgmt.engine.periods import (
	Interval,
	Period,
	add_months,
	first_end_on_or_after,
	nth_period,
	number_of,
	period_containing,
	periods_from,
)
from tests.builders import (
	HALF_YEARLY,
	MONTHLY,
	QUARTERLY,
	YEARLY,
	anchors,
	day,
	days,
	intervals,
	period,
)

numbers = st.integers(-60, 120)


@pytest.mark.parametrize(
	("anchor", "months", "expected"),
	[
		("2026-01-31", 1, "2026-02-28"),
		("2026-01-31", 2, "2026-03-31"),
		("2026-01-31", 3, "2026-04-30"),
		("2024-01-31", 1, "2024-02-29"),
		("2024-01-30", 1, "2024-02-29"),
		("2023-01-29", 1, "2023-02-28"),
		("2024-02-29", 12, "2025-02-28"),
		("2024-02-29", 48, "2028-02-29"),
		("2024-02-29", 1, "2024-03-29"),
		("2025-12-31", 1, "2026-01-31"),
		("2025-11-30", 3, "2026-02-28"),
		("2026-01-31", -1, "2025-12-31"),
		("2026-03-31", -1, "2026-02-28"),
		("2026-01-15", -13, "2024-12-15"),
		("2100-01-31", 1, "2100-02-28"),
	],
)
def test_a_day_the_month_does_not_have_becomes_its_last(anchor: str, months: int, expected: str):
	assert add_months(day(anchor), months) == day(expected)


@pytest.mark.parametrize(
	("interval", "expected"),
	[
		(MONTHLY, [("2024-01-31", "2024-02-29"), ("2024-02-29", "2024-03-31"), ("2024-03-31", "2024-04-30")]),
		(
			QUARTERLY,
			[("2024-01-31", "2024-04-30"), ("2024-04-30", "2024-07-31"), ("2024-07-31", "2024-10-31")],
		),
		(
			HALF_YEARLY,
			[("2024-01-31", "2024-07-31"), ("2024-07-31", "2025-01-31"), ("2025-01-31", "2025-07-31")],
		),
		(YEARLY, [("2024-01-31", "2025-01-31"), ("2025-01-31", "2026-01-31"), ("2026-01-31", "2027-01-31")]),
	],
)
def test_the_first_periods_of_each_interval(interval: Interval, expected: list[tuple[str, str]]):
	found = islice(periods_from(day("2024-01-31"), interval, day("2024-01-31")), 3)
	assert [(str(each.start), str(each.end)) for each in found] == expected


def test_a_leap_days_year_ends_on_the_28th_until_the_next_leap_year():
	found = islice(periods_from(day("2024-02-29"), YEARLY, day("2024-02-29")), 5)
	assert [str(each.end) for each in found] == [
		"2025-02-28",
		"2026-02-28",
		"2027-02-28",
		"2028-02-29",
		"2029-02-28",
	]


@given(anchors, intervals, numbers)
def test_the_number_of_a_period_finds_the_period_of_that_number(anchor: date, interval: Interval, n: int):
	each = nth_period(anchor, interval, n)
	last = each.end - timedelta(days=1)
	assert number_of(anchor, interval, each.start) == number_of(anchor, interval, last) == n


@given(anchors, intervals, days)
def test_the_period_containing_a_day_contains_it(anchor: date, interval: Interval, any_day: date):
	assert any_day in period_containing(anchor, interval, any_day)


@given(anchors, intervals, days)
def test_periods_tile_without_gap_or_overlap(anchor: date, interval: Interval, first: date):
	found = list(islice(periods_from(anchor, interval, first), 30))
	assert first in found[0]
	assert all(before.end == after.start for before, after in pairwise(found))


@given(anchors, intervals)
def test_the_anchor_begins_period_zero(anchor: date, interval: Interval):
	assert nth_period(anchor, interval, 0).start == anchor
	assert number_of(anchor, interval, anchor - timedelta(days=1)) == -1


@pytest.mark.parametrize(
	("on", "expected"),
	[("2026-02-27", "2026-02-28"), ("2026-02-28", "2026-02-28"), ("2026-03-01", "2026-03-31")],
)
def test_the_first_boundary_not_before_a_day(on: str, expected: str):
	assert first_end_on_or_after(day("2026-01-31"), MONTHLY, day(on)) == day(expected)


def test_a_period_excludes_its_end():
	january = period("2026-01-01", "2026-02-01")
	assert january.days == 31
	assert day("2026-01-01") in january
	assert day("2026-01-31") in january
	assert day("2026-02-01") not in january
	assert day("2025-12-31") not in january


@pytest.mark.parametrize("end", ["2026-01-01", "2025-12-31"])
def test_a_period_of_no_days_is_refused(end: str):
	with pytest.raises(ValueError):
		Period(day("2026-01-01"), day(end))
