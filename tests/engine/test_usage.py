"""Is a month's figure the same whatever the order its records came in, and does a level carry over?"""

from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscription_mgmt.engine.catalogue import Aggregate
from subscription_mgmt.engine.usage import UsageRecord, daily_use, is_new
from tests.builders import period, refused

FEBRUARY, MARCH = period("2026-02-01", "2026-03-01"), period("2026-03-01", "2026-04-01")
aggregates = st.sampled_from(Aggregate)


def a_record(at: str, value: int = 1, key: str | None = None, subjects: tuple[str, ...] = ()) -> UsageRecord:
	moment = datetime.fromisoformat(at)
	return UsageRecord(key or at, "users", moment, Decimal(value), "CRM", subjects)


records = st.lists(
	st.builds(
		lambda moment, value, n: UsageRecord(f"k{n}", "users", moment, Decimal(value), "CRM"),
		st.datetimes(datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2026-04-30")),
		st.integers(0, 9),
		st.integers(0, 10**9),
	),
	max_size=12,
	unique_by=lambda record: record.key,
)


def used(given: list[UsageRecord], month: object, aggregate: Aggregate) -> Decimal:
	days = [day.used for day in daily_use(given, month, aggregate)]
	return max(days) if aggregate is Aggregate.PEAK else days[-1]


@given(records, st.randoms(use_true_random=False), aggregates)
def test_the_order_of_arrival_changes_nothing(
	given_: list[UsageRecord], random: object, aggregate: Aggregate
):
	shuffled = list(given_)
	random.shuffle(shuffled)
	assert daily_use(shuffled, MARCH, aggregate) == daily_use(given_, MARCH, aggregate)


@given(records, st.randoms(use_true_random=False), aggregates)
def test_a_record_that_comes_twice_counts_once(
	given_: list[UsageRecord], random: object, aggregate: Aggregate
):
	arriving = [*given_, *given_]
	random.shuffle(arriving)
	known: dict[str, UsageRecord] = {}
	for record in arriving:
		if is_new(record, known.get(record.key)):
			known[record.key] = record
	assert daily_use(known.values(), MARCH, aggregate) == daily_use(given_, MARCH, aggregate)


@given(records)
def test_the_total_is_the_sum_of_the_months_records(given_: list[UsageRecord]):
	expected = sum((record.value for record in given_ if record.at.date() in MARCH), Decimal(0))
	assert used(given_, MARCH, Aggregate.SUM) == expected


def test_a_key_with_other_figures_is_refused_and_a_repeat_at_another_time_is_not():
	first = a_record("2026-02-03", 4, key="a")
	assert not is_new(a_record("2026-02-04", 4, key="a"), first)
	with refused("usage_key_reused", key="a"):
		is_new(a_record("2026-02-03", 5, key="a"), first)


@pytest.mark.parametrize(
	("aggregate", "february", "march"),
	[(Aggregate.PEAK, 5, 2), (Aggregate.LAST, 2, 2), (Aggregate.SUM, 7, 0), (Aggregate.UNIQUE, 5, 2)],
)
def test_a_level_carries_over_and_a_sum_begins_anew(aggregate: Aggregate, february: int, march: int):
	given_ = [a_record("2026-02-03", 5), a_record("2026-02-20", 2)]
	assert (used(given_, FEBRUARY, aggregate), used(given_, MARCH, aggregate)) == (february, march)


def test_a_level_measured_at_midnight_holds_for_the_whole_day_and_month():
	given_ = [a_record("2026-02-03 09:00", 5), a_record("2026-03-01 00:00", 2)]
	assert used(given_, MARCH, Aggregate.PEAK) == 2
	later = [a_record("2026-02-03 09:00", 5), a_record("2026-03-01 00:10", 2)]
	assert used(later, MARCH, Aggregate.PEAK) == 5


def test_a_day_shows_its_peak_and_the_days_after_it_the_level_it_ended_with():
	given_ = [a_record("2026-02-03 09:00", 5), a_record("2026-02-03 18:00", 2)]
	days = [int(day.used) for day in daily_use(given_, FEBRUARY, Aggregate.PEAK)]
	assert days[:5] == [0, 0, 5, 2, 2]


def test_unique_counts_different_subjects_once():
	given_ = [
		a_record("2026-02-03", 2, subjects=("ana", "ben")),
		a_record("2026-02-09", 2, subjects=("ben", "eva")),
	]
	days = daily_use(given_, FEBRUARY, Aggregate.UNIQUE)
	assert (days[-1].used, days[-1].subjects) == (3, ("ana", "ben", "eva"))


def test_a_day_names_who_was_counted_on_it():
	given_ = [
		a_record("2026-02-03", 2, subjects=("ana", "ben")),
		a_record("2026-02-09", 1, subjects=("ana",)),
	]
	days = daily_use(given_, FEBRUARY, Aggregate.PEAK)
	assert [days[n].subjects for n in (1, 2, 7, 9)] == [(), ("ana", "ben"), ("ana", "ben"), ("ana",)]
