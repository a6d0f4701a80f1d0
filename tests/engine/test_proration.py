"""Is a part of a period worth its share of days, whatever the cuts?"""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscription_mgmt.engine.periods import Interval, Period, nth_period
from subscription_mgmt.engine.proration import prorated
from tests.builders import CENT, anchors, cents, intervals, money, parts_of, period

JANUARY = period("2026-01-01", "2026-02-01")


@pytest.mark.parametrize(
	("amount", "part", "whole", "decimals", "expected"),
	[
		("310.00", period("2026-01-11", "2026-02-01"), JANUARY, 2, "210.00"),
		("100.00", period("2026-01-01", "2026-01-02"), JANUARY, 2, "3.23"),
		("100.00", period("2026-01-31", "2026-02-01"), JANUARY, 2, "3.23"),
		("100.00", JANUARY, JANUARY, 2, "100.00"),
		("1000", period("2026-01-01", "2026-01-11"), JANUARY, 0, "323"),
		("-310.00", period("2026-01-11", "2026-02-01"), JANUARY, 2, "-210.00"),
		("366.00", period("2024-02-29", "2024-03-01"), period("2024-01-01", "2025-01-01"), 2, "1.00"),
	],
)
def test_a_part_costs_its_share_of_days(
	amount: str, part: Period, whole: Period, decimals: int, expected: str
):
	assert str(prorated(money(amount), part, whole, decimals)) == expected


@given(cents, anchors, intervals)
def test_the_whole_of_a_period_costs_its_price(amount: Decimal, anchor: date, interval: Interval):
	whole = nth_period(anchor, interval, 0)
	assert prorated(amount, whole, whole) == amount


@given(cents, anchors, intervals, st.lists(st.integers(1, 400), max_size=6))
def test_parts_differ_from_the_whole_by_less_than_a_cent_each(
	amount: Decimal, anchor: date, interval: Interval, cuts: list[int]
):
	whole = nth_period(anchor, interval, 0)
	parts = parts_of(whole, cuts)
	assert sum(part.days for part in parts) == whole.days
	shares = [prorated(amount, part, whole) for part in parts]
	assert all(0 <= share <= amount for share in shares)
	assert abs(sum(shares) - amount) < CENT * len(parts)


@pytest.mark.parametrize("part", [period("2025-12-31", "2026-01-05"), period("2026-01-31", "2026-02-02")])
def test_a_part_must_lie_within_the_whole(part: Period):
	with pytest.raises(ValueError):
		prorated(Decimal(100), part, JANUARY)
