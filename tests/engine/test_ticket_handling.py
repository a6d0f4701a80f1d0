"""Warnings, replies, timers, ratings and countdowns of a ticket, without its records."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscription_mgmt.engine.calendars import Calendar
from subscription_mgmt.engine.countdown import countdowns
from subscription_mgmt.engine.merging import merged
from subscription_mgmt.engine.near_deadlines import coming_near, next_look, warned, with_warnings
from subscription_mgmt.engine.ratings import Rating, rated, with_answer
from subscription_mgmt.engine.replies import answered, reopened, takes_reply
from subscription_mgmt.engine.support_credits import TicketKind
from subscription_mgmt.engine.support_policies import SlaPolicy
from subscription_mgmt.engine.tickets import (
	Ticket,
	TicketStatus,
	acknowledged,
	breached,
	resolved,
	severity_confirmed,
	timed,
)
from subscription_mgmt.engine.timers import Timer, minutes_run, minutes_worked
from subscription_mgmt.engine.working_time import WorkingTime
from tests.builders import refused

# Tuesday 09:00; the office works 09–12 and 13–17.
T0 = datetime(2026, 2, 3, 9, tzinfo=timezone.utc)
OFFICE = WorkingTime(Calendar("Office", windows={day: ((540, 720), (780, 1020)) for day in range(5)}))
GOLD = SlaPolicy("Gold", response={1: 60}, resolution={1: 240}, warn_share=75, reopen_days=14)


def at(hours: float) -> datetime:
	return T0 + timedelta(hours=hours)


def a_ticket(**changes: Any) -> Ticket:
	ticket = Ticket("T1", "Ana", 1, TicketKind.QUERY, "email", T0, policy="Gold", **changes)
	return with_warnings(timed(ticket, GOLD, OFFICE), GOLD, OFFICE)


def test_a_warning_comes_when_its_share_of_the_working_time_has_passed():
	ticket = a_ticket()
	assert ticket.warn_response_at == at(0.75)
	assert (ticket.warn_resolution_at, ticket.resolve_by) == (at(3), at(5))  # 3 hours are the whole morning
	assert next_look(ticket) == at(0.75)


@pytest.mark.parametrize(
	("hours", "told"),
	[(0.7, []), (0.75, ["response"]), (0.99, ["response"]), (1, []), (2.9, []), (3, ["resolution"]), (5, [])],
)
def test_somebody_is_told_between_the_warning_and_the_deadline(hours: float, told: list[str]):
	assert [target for target, _ in coming_near(a_ticket(), at(hours))] == told


def test_nobody_is_told_twice_nor_of_what_was_done_or_stands_still():
	assert coming_near(warned(a_ticket(), "response"), at(0.8)) == []
	done = severity_confirmed(acknowledged(a_ticket(), at(0.1)), at(0.1))
	assert coming_near(done, at(0.8)) == []
	assert coming_near(a_ticket().moved("waits", at(0.1)), at(0.8)) == []


def test_the_next_look_is_the_earliest_thing_that_can_still_happen():
	ticket = warned(a_ticket(), "response")
	assert next_look(ticket) == at(1)
	ticket = breached(ticket, "response")
	assert next_look(ticket) == at(3)
	assert next_look(breached(ticket, "resolution")) is None


def test_a_policy_without_a_share_warns_nobody():
	silent = with_warnings(a_ticket(), replace(GOLD, warn_share=0), OFFICE)
	assert (silent.warn_response_at, silent.warn_resolution_at) == (None, None)
	assert next_look(silent) == at(1)


def test_the_first_public_answer_acknowledges_and_confirms_where_it_says_so():
	once = answered(a_ticket(), False, at(0.5))
	assert (once.acknowledged_at, once.responded_at, once.status) == (at(0.5), None, TicketStatus.IN_PROGRESS)
	again = answered(once, True, at(2))
	assert (again.acknowledged_at, again.responded_at) == (at(0.5), at(2))
	assert answered(again.moved("waits", at(2)), False, at(3)).status is TicketStatus.WAITING
	done = resolved(again, at(3))
	assert answered(done, True, at(4)) == done


@pytest.mark.parametrize(
	("status", "days", "takes"),
	[
		("Open", 400, True),
		("Waiting", 400, True),
		("Resolved", 14, True),
		("Resolved", 14.1, False),
		("Closed", 0, False),
	],
)
def test_a_reply_goes_on_what_is_open_or_was_resolved_lately(status: str, days: float, takes: bool):
	ticket = a_ticket(status=TicketStatus(status), resolved_at=T0 if status == "Resolved" else None)
	assert takes_reply(ticket, GOLD, at(days * 24)) is takes


def test_only_a_resolved_ticket_is_reopened_and_only_with_a_reason():
	with refused("reopen_needs_reason"):
		reopened(a_ticket(status=TicketStatus.RESOLVED), "  ", at(1))
	with refused("ticket_move_refused", event="reopened"):
		reopened(a_ticket(), "why not", at(1))
	done = resolved(a_ticket(), at(1))
	again = reopened(done, "fails again", at(2))
	assert (again.status, again.resolved_at, again.pauses) == (
		TicketStatus.IN_PROGRESS,
		None,
		((at(1), at(2)),),
	)


def test_a_duplicate_is_closed_into_an_open_ticket_of_the_same_customer():
	main = replace(a_ticket(), name="T2")
	asked = a_ticket(status=TicketStatus.NEEDS_CREDITS, asked_minutes=30)
	closed = merged(asked, main, at(1))
	assert (closed.status, closed.merged_into, closed.asked_minutes, closed.charged) == (
		TicketStatus.CLOSED,
		"T2",
		0,
		0,
	)
	with refused("merge_with_itself"):
		merged(asked, asked, at(1))
	with refused("merge_of_two_customers"):
		merged(asked, replace(main, customer="Bob"), at(1))
	with refused("merge_of_two_customers"):
		merged(replace(asked, customer=""), replace(main, customer=""), at(1))
	with refused("merge_into_closed"):
		merged(asked, replace(main, status=TicketStatus.CLOSED), at(1))
	with refused("ticket_move_refused", event="merged"):
		merged(resolved(a_ticket(), at(1)), main, at(1))


TIMER = Timer("me", "T1", T0)


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 1), (1, 1), (60, 1), (61, 2), (3600, 60), (3600.5, 61)])
def test_a_timer_counts_begun_minutes(seconds: float, minutes: int):
	assert minutes_run(TIMER, T0 + timedelta(seconds=seconds)) == minutes


def test_a_forgotten_timer_asks_and_takes_no_more_than_it_ran():
	assert minutes_worked(TIMER, at(4), 240, None) == 240
	with refused("timer_forgotten", run=241, cap=240):
		minutes_worked(TIMER, at(4) + timedelta(seconds=1), 240, None)
	assert minutes_worked(TIMER, at(20), 240, 0) == 0
	assert minutes_worked(TIMER, at(20), 240, 1200) == 1200
	with refused("timer_ran_less", run=1200):
		minutes_worked(TIMER, at(20), 240, 1201)
	with refused("minutes_negative"):
		minutes_worked(TIMER, at(20), 240, -1)


def test_a_rating_belongs_to_a_resolution_and_is_final_after_some_days():
	done = resolved(a_ticket(), at(1))
	with refused("rating_needs_resolution"):
		rated(None, a_ticket(), 5, "", at(1))
	for stars in (0, 6, -1):
		with refused("stars_out_of_range"):
			rated(None, done, stars, "", at(2))
	first = rated(None, done, 2, " slow ", at(2))
	assert first == Rating(2, at(2), "slow")
	changed = rated(with_answer(first, done, "Sorry", at(3)), done, 4, "", at(2 + 7 * 24))
	assert (changed.stars, changed.rated_at, changed.answer) == (4, at(2), "Sorry")
	with refused("rating_is_final"):
		rated(first, done, 5, "", at(2 + 7 * 24) + timedelta(seconds=1))
	again = resolved(reopened(done, "fails again", at(400)), at(401))
	assert rated(first, again, 5, "", at(402)) == Rating(5, at(402))
	with refused("text_too_long", length=2001):
		rated(None, done, 5, "x" * 2001, at(2))
	with refused("nothing_rated"):
		with_answer(None, done, "Thanks", at(2))


def test_a_countdown_runs_in_working_time_and_says_when_that_changes():
	(response, resolution) = countdowns(a_ticket(), OFFICE, at(0.5))
	assert (response.seconds, response.runs, response.changes_at) == (1800, True, at(3))
	assert resolution.seconds == 3.5 * 3600
	lunch = countdowns(a_ticket(), OFFICE, at(3.5))
	assert [(each.seconds, each.runs, each.changes_at) for each in lunch] == [
		(-2 * 3600, False, at(4)),
		(3600, False, at(4)),
	]


def test_a_countdown_stands_still_with_the_ticket_and_ends_with_it():
	waiting = a_ticket().moved("waits", at(0.5))
	later = countdowns(waiting, OFFICE, at(30))
	assert [(each.seconds, each.runs, each.changes_at) for each in later] == [
		(1800, False, None),
		(3.5 * 3600, False, None),
	]
	assert countdowns(resolved(a_ticket(), at(1)), OFFICE, at(2)) == []


@given(st.floats(0, 100), st.floats(0, 100))
def test_a_countdown_loses_what_working_time_passes(first: float, more: float):
	ticket = a_ticket()
	now, later = at(first), at(first + more)
	before, after = countdowns(ticket, OFFICE, now), countdowns(ticket, OFFICE, later)
	passed = OFFICE.between(now, later) * 60
	for one, other in zip(before, after, strict=True):
		assert abs(one.seconds - other.seconds - passed) <= 1.01
