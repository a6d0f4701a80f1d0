"""How many percent of a month could a system be reached?"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscription_mgmt.engine.availability import Outage, availability

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
