"""How many percent of a month could a system be reached?"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscription_mgmt.engine.availability import Outage, Span, availability, month_of

PARIS = ZoneInfo("Europe/Paris")
FEBRUARY = date(2026, 2, 1)


def an_outage(start: str, minutes: int, planned: bool = False) -> Outage:
	begins = datetime.fromisoformat(start).replace(tzinfo=PARIS)
	return Outage(begins, begins + timedelta(minutes=minutes), planned)


@pytest.mark.parametrize(
	("outages", "percent"),
	[
		([], "100.00"),
		([an_outage("2026-02-03 10:00", 432)], "98.93"),
		([an_outage("2026-02-03 10:00", 432, planned=True)], "100.00"),
		([an_outage("2026-02-03 10:00", 300), an_outage("2026-02-03 12:00", 312)], "98.93"),
		([an_outage("2026-02-03 10:00", 532), an_outage("2026-02-03 10:00", 100, planned=True)], "98.93"),
		([an_outage("2026-01-31 23:00", 492)], "98.93"),
		([an_outage("2026-01-01", 60 * 24 * 90)], "0.00"),
	],
)
def test_unplanned_minutes_are_counted_once_and_only_those_of_the_month(outages: list[Outage], percent: str):
	assert str(availability(outages, FEBRUARY, PARIS)) == percent


def test_a_month_has_the_hours_that_its_clocks_give_it():
	hour = [an_outage("2026-03-10 10:00", 743 * 6)]
	assert str(availability(hour, date(2026, 3, 20), PARIS)) == "90.00"


@given(st.lists(st.tuples(st.integers(0, 40_000), st.integers(1, 5_000), st.booleans()), max_size=8))
def test_it_lies_between_0_and_100_and_more_outages_never_raise_it(drawn: list[tuple[int, int, bool]]):
	begin = datetime(2026, 2, 1, tzinfo=PARIS)
	outages = [
		Outage(begin + timedelta(minutes=at), begin + timedelta(minutes=at + minutes), planned)
		for at, minutes, planned in drawn
	]
	percents = [
		availability([each for each in outages[:n] if not each.planned], FEBRUARY, PARIS) for n in range(9)
	]
	assert percents == sorted(percents, reverse=True)
	assert 0 <= percents[-1] <= availability(outages, FEBRUARY, PARIS) <= 100


def hours(first: int, last: int) -> Span:
	begin = datetime(2026, 2, 1, tzinfo=PARIS)
	return begin + timedelta(hours=first), begin + timedelta(hours=last)


def figures(outages: list[Outage], unseen: list[Span]) -> tuple[int, int, int]:
	"""Hours down, planned and unseen."""
	month = month_of(outages, unseen, FEBRUARY, PARIS)
	return tuple(part // timedelta(hours=1) for part in (month.down, month.planned, month.unseen))


@pytest.mark.parametrize(
	("unplanned", "planned", "unseen", "expected"),
	[
		([], [], [(0, 10)], (0, 0, 10)),
		([(2, 5)], [], [(0, 10)], (3, 0, 7)),
		([], [(2, 5)], [(0, 10)], (0, 3, 7)),
		([(2, 5)], [(4, 8)], [(0, 10)], (2, 4, 4)),
		([(2, 5)], [(4, 8)], [], (2, 4, 0)),
		([], [], [(0, 10), (5, 12)], (0, 0, 12)),
		([], [], [(-20, 3), (670, 900)], (0, 0, 5)),
		([(0, 10)], [(3, 4), (6, 7)], [], (8, 2, 0)),
	],
)
def test_nobody_knows_of_time_in_which_nobody_looked(unplanned, planned, unseen, expected):
	outages = [Outage(*hours(*span)) for span in unplanned] + [
		Outage(*hours(*span), True) for span in planned
	]
	assert figures(outages, [hours(*span) for span in unseen]) == expected


@pytest.mark.parametrize(
	("down_seconds", "unseen_seconds", "kept"),
	[
		(0, 0, True),
		(241, 0, True),
		(242, 0, False),
		(0, 241, True),
		(0, 242, None),
		(200, 42, None),
		(242, 9000, False),
	],
)
def test_a_promise_is_judged_by_the_second_and_not_proven_by_looking_away(down_seconds, unseen_seconds, kept):
	"""99.99 % of February's 2,419,200 seconds leaves 241.92."""
	begin = datetime(2026, 2, 3, tzinfo=PARIS)
	down = [Outage(begin, begin + timedelta(seconds=down_seconds))]
	unseen = [(begin + timedelta(days=1), begin + timedelta(days=1, seconds=unseen_seconds))]
	month = month_of(down, unseen, FEBRUARY, PARIS)
	assert month.keeps(Decimal("99.99")) is kept
	assert month.keeps(Decimal(90)) is True


def test_the_percentage_is_rounded_and_the_promise_is_not():
	begin = datetime(2026, 2, 3, tzinfo=PARIS)
	down = [Outage(begin, begin + timedelta(seconds=300))]
	month = month_of(down, (), FEBRUARY, PARIS)
	assert (str(month.percent), month.keeps(Decimal("99.99"))) == ("99.99", False)
