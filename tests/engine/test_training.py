"""Are trainings proposed where they fit, booked once, and told of in time?"""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscription_mgmt.engine.calendars import Calendar
from subscription_mgmt.engine.training import (
	SESSION_MOVES,
	Session,
	SessionStatus,
	cancelled,
	chosen,
	due_news,
	free_slots,
	held,
	missed,
	overlaps,
	proposed,
)
from subscription_mgmt.engine.working_time import WorkingTime
from tests.builders import refused

PARIS = ZoneInfo("Europe/Paris")
# 09:00-12:00 and 14:00-18:00 from Monday to Friday; 14 July is a holiday
OFFICE = WorkingTime(
	Calendar(
		"office",
		"Europe/Paris",
		{day: ((540, 720), (840, 1080)) for day in range(5)},
		holidays=frozenset({date(2026, 7, 14)}),
	)
)
NOW = datetime(2026, 7, 9, 10, tzinfo=PARIS)  # a Thursday
SESSION = Session("TRN-1", "Martin", "Formation", 120)


def paris(text: str) -> datetime:
	return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def drawn(slots: tuple[datetime, ...]) -> list[str]:
	return [f"{slot.astimezone(PARIS):%a %d %H:%M}" for slot in slots]


def test_slots_begin_windows_after_two_working_days_and_leave_out_the_holiday():
	assert drawn(free_slots(OFFICE, NOW, 120, [])) == [
		*("Mon 13 14:00", "Wed 15 09:00", "Wed 15 14:00", "Thu 16 09:00", "Thu 16 14:00", "Fri 17 09:00"),
	]


def test_what_the_trainer_has_already_moves_the_slot_or_takes_the_window():
	taken = [
		(paris("2026-07-13 14:00"), paris("2026-07-13 15:30")),
		(paris("2026-07-15 10:00"), paris("2026-07-15 11:00")),
	]
	assert drawn(free_slots(OFFICE, NOW, 120, taken, count=3)) == [
		"Mon 13 15:30",
		"Wed 15 14:00",
		"Thu 16 09:00",
	]


def test_a_session_longer_than_the_morning_is_held_in_the_afternoon():
	assert drawn(free_slots(OFFICE, NOW, 240, [], count=2)) == ["Mon 13 14:00", "Wed 15 14:00"]


def test_a_session_that_fits_nowhere_is_refused():
	with refused("no_slot_fits", calendar="office", minutes=300):
		free_slots(OFFICE, NOW, 300, [])


@given(
	st.integers(0, 60 * 24 * 28),
	st.sampled_from([30, 60, 90, 120, 180, 240]),
	st.lists(st.tuples(st.integers(0, 60 * 24 * 21), st.integers(15, 600)), max_size=12),
)
def test_every_slot_lies_in_working_time_ahead_and_apart_from_what_is_taken(
	start: int, minutes: int, busy: list
):
	now = NOW + timedelta(minutes=start)
	taken = [(now + timedelta(minutes=a), now + timedelta(minutes=a + b)) for a, b in busy]
	slots = free_slots(OFFICE, now, minutes, taken)
	assert sorted(set(slots)) == list(slots)
	for slot in slots:
		end = slot + timedelta(minutes=minutes)
		assert slot > now
		assert OFFICE.between(slot, end) == minutes
		assert not overlaps(slot, end, taken)


def booked(starts_at: str = "2026-07-15 09:00") -> Session:
	slot = paris(starts_at)
	return chosen(proposed(SESSION, (slot,)), slot, NOW, [])


def test_only_a_slot_that_was_proposed_and_is_still_free_is_booked():
	waiting = proposed(SESSION, free_slots(OFFICE, NOW, 120, []))
	slot = waiting.slots[0]
	with refused("slot_not_offered"):
		chosen(waiting, slot + timedelta(minutes=15), NOW, [])
	with refused("slot_taken"):
		chosen(waiting, slot, NOW, [(slot + timedelta(minutes=119), slot + timedelta(minutes=200))])
	with refused("slot_taken"):
		chosen(waiting, slot, slot, [])
	after = chosen(waiting, slot.astimezone(timezone.utc), NOW, [(slot - timedelta(hours=1), slot)])
	assert (after.status, after.sequence) == (SessionStatus.BOOKED, 1)
	with refused("session_move_refused"):
		chosen(after, slot, NOW, [])


def test_another_day_frees_the_first_and_is_a_newer_invitation():
	again = proposed(replace(booked(), reminded_at=NOW), (paris("2026-07-16 09:00"),))
	assert (again.status, again.starts_at, again.reminded_at) == (SessionStatus.PROPOSED, None, None)
	assert chosen(again, again.slots[0], NOW, []).sequence == 2


def test_nobody_says_before_it_began_what_became_of_it():
	session = booked()
	for closing in (held, missed):
		with refused("session_to_come"):
			closing(session, paris("2026-07-15 08:59"))
	assert held(session, paris("2026-07-15 09:00")).status is SessionStatus.DONE
	assert missed(session, paris("2026-07-15 11:00")).status is SessionStatus.NO_SHOW


@pytest.mark.parametrize("event", ["proposed", "chosen", "held", "missed", "cancelled", "granted"])
@pytest.mark.parametrize("status", SessionStatus)
def test_what_the_table_does_not_name_is_refused(status: SessionStatus, event: str):
	session = replace(SESSION, status=status)
	if (status, event) in SESSION_MOVES:
		assert session.moved(event).status is SESSION_MOVES[status, event]
	else:
		with refused("session_move_refused", session="TRN-1", event=event):
			session.moved(event)


@pytest.mark.parametrize(
	("moment", "link", "news"),
	[
		("2026-07-14 08:59", "https://meet.example/1", []),
		("2026-07-14 09:00", "https://meet.example/1", ["reminder"]),
		("2026-07-14 23:59", None, ["reminder"]),
		("2026-07-15 00:00", "https://meet.example/1", ["link"]),
		("2026-07-15 00:00", None, []),
		("2026-07-15 10:59", "https://meet.example/1", ["link"]),
		("2026-07-15 11:00", "https://meet.example/1", []),
	],
)
def test_the_reminder_comes_the_day_before_and_the_link_on_the_day(
	moment: str, link: str | None, news: list[str]
):
	session = replace(booked(), link=link)
	assert due_news(session, paris(moment).astimezone(timezone.utc), PARIS) == news


def test_nothing_is_told_twice_or_of_what_is_cancelled():
	session = replace(booked(), link="https://meet.example/1")
	evening, morning = paris("2026-07-14 20:00"), paris("2026-07-15 08:00")
	assert due_news(replace(session, reminded_at=evening), evening, PARIS) == []
	assert due_news(replace(session, link_sent_at=morning), morning, PARIS) == []
	assert due_news(cancelled(session), morning, PARIS) == []
	assert cancelled(session).sequence == 2
