"""Is a working day without an answer found, and none that was not ours to answer?"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from subscription_mgmt.engine.calendars import Calendar
from subscription_mgmt.engine.daily_answers import days_without_answer
from subscription_mgmt.engine.working_time import WorkingTime

PARIS = ZoneInfo("Europe/Paris")
# 09:00-12:00 and 14:00-18:00, Monday to Friday; Wednesday 11 November is a holiday
OFFICE = WorkingTime(
	Calendar(
		"Heures ouvrées",
		"Europe/Paris",
		{day: ((540, 720), (840, 1080)) for day in range(5)},
		holidays=frozenset({date(2026, 11, 11)}),
	)
)


def at(text: str) -> datetime:
	return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=PARIS)


def found(opened: str, now: str, answers: str = "", pauses: tuple = (), since: str = "01") -> list[int]:
	spans = [(at(start), at(end)) for start, end in pauses]
	answered = [at(answer) for answer in answers.split(",") if answer]
	first = date.fromisoformat(f"2026-11-{since}")
	return [day.day for day in days_without_answer(OFFICE, at(opened), answered, spans, first, at(now))]


def test_weekends_holidays_and_the_day_it_came_do_not_count():
	# from Friday 6 to Friday 13; the 11th is a holiday
	assert found("06 10:00", "13 20:00") == [9, 10, 12, 13]


def test_a_day_counts_when_its_working_time_is_over():
	assert found("09 08:00", "09 17:59") == []
	assert found("09 08:00", "09 18:00") == [9]
	assert found("09 09:01", "09 18:00") == []


def test_an_answer_counts_for_its_day_even_in_the_evening():
	assert found("09 08:00", "12 20:00", "09 21:30,12 09:00") == [10]


@pytest.mark.parametrize(
	("pause", "days"),
	[
		(("10 11:00", "10 15:00"), [9, 12]),
		(("09 20:00", "12 08:00"), [9, 12]),
		(("10 12:00", "12 10:00"), [9]),
		(("09 18:00", "10 09:00"), [9, 10, 12]),
	],
)
def test_while_the_customer_is_waited_for_no_answer_is_owed(pause: tuple, days: list[int]):
	assert found("09 08:00", "12 20:00", pauses=(pause,)) == days


def test_what_was_reported_before_is_not_asked_for_again():
	assert found("02 08:00", "13 20:00", since="12") == [12, 13]
