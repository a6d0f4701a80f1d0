"""Which way does a ticket go, what may be done to it, and when is a promise kept?"""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from itertools import product
from typing import Any

import pytest

from subscription_mgmt.engine.calendars import Calendar
from subscription_mgmt.engine.routing import Route, check_channel, route_of, split_work
from subscription_mgmt.engine.support_credits import TicketKind
from subscription_mgmt.engine.support_policies import CREDITS, CreditRules, Scope, SlaPolicy, Topic
from subscription_mgmt.engine.tickets import (
	TICKET_MOVES,
	Ticket,
	TicketStatus,
	acknowledged,
	breached,
	check_severity,
	due_targets,
	missed,
	missed_before,
	replied,
	resolved,
	severity_confirmed,
	severity_set,
	timed,
	worked,
)
from subscription_mgmt.engine.working_time import WorkingTime
from tests.builders import refused

T0 = datetime(2026, 2, 3, 9, tzinfo=timezone.utc)
ALWAYS = WorkingTime(Calendar("Always", always=True))
GOLD = SlaPolicy("Gold", response={1: 60, 2: 240}, resolution={1: 240}, hour_cap=600, channels=("email",))
PREPAID = SlaPolicy("Prepaid", response={1: 60}, credits=CreditRules())
BY_TOPIC = {scope: Topic(scope.value, scope, offer="Success Pack") for scope in Scope}
FLAT = Topic("Version update", flat_credits=120)


def hours(count: float) -> datetime:
	return T0 + timedelta(hours=count)


def a_ticket(**changes: Any) -> Ticket:
	ticket = Ticket("T1", "Ana", 1, TicketKind.QUERY, "email", T0, policy="Gold", **changes)
	return timed(ticket, GOLD, ALWAYS)


@pytest.mark.parametrize(
	("policy", "topic", "kind", "customised", "left", "route"),
	[
		(GOLD, None, "Query", False, 600, Route.SLA),
		(GOLD, BY_TOPIC[Scope.INCLUDED], "Query", False, 600, Route.SLA),
		(GOLD, BY_TOPIC[Scope.EXCLUDED], "Query", False, 600, Route.EXCLUDED),
		(GOLD, BY_TOPIC[Scope.BY_QUOTE], "Query", False, 600, Route.QUOTE),
		(GOLD, BY_TOPIC[Scope.COMMUNITY], "Query", False, 600, Route.COMMUNITY),
		(GOLD, None, "Query", False, 0, Route.DECLINED),
		(GOLD, BY_TOPIC[Scope.EXCLUDED], "Query", False, 0, Route.EXCLUDED),
		(replace(GOLD, beyond_cap=CREDITS), None, "Query", False, 0, Route.CREDITS),
		(replace(GOLD, credits=CreditRules()), None, "Query", False, 1, Route.SLA),
		(GOLD, None, "Update", True, 600, Route.SLA),
		(PREPAID, None, "Query", True, None, Route.CREDITS),
		(PREPAID, None, "Update", False, None, Route.CREDITS),
		(PREPAID, None, "Update", True, None, Route.QUOTE),
		(PREPAID, FLAT, "Query", True, None, Route.QUOTE),
		(None, None, "Query", False, None, Route.COMMUNITY),
		(None, BY_TOPIC[Scope.EXCLUDED], "Query", False, None, Route.EXCLUDED),
	],
)
def test_a_request_takes_its_route(policy, topic, kind, customised, left, route):
	assert route_of(policy, topic, TicketKind(kind), customised, left) is route


def test_a_channel_that_the_policy_does_not_list_is_refused():
	check_channel(GOLD, "email")
	check_channel(PREPAID, "phone")
	check_channel(None, "phone")
	with refused("channel_not_offered", channel="phone", known="email"):
		check_channel(GOLD, "phone")


@pytest.mark.parametrize(
	("severity", "production", "third_party", "code"),
	[
		(1, True, False, None),
		(1, False, False, "severity_needs_production"),
		(1, True, True, "severity_not_for_third_party"),
		(2, False, False, None),
		(2, True, True, "severity_not_for_third_party"),
		(3, False, True, None),
		(4, False, True, None),
	],
)
def test_the_highest_severities_are_for_production_and_the_vendors_software(
	severity, production, third_party, code
):
	ticket = replace(a_ticket(), severity=severity, production=production, third_party=third_party)
	if code is None:
		check_severity(ticket)
	else:
		with refused(code, severity=severity):
			check_severity(ticket)


def test_a_lowered_severity_needs_a_reason_and_moves_the_deadlines():
	with refused("severity_needs_reason"):
		severity_set(a_ticket(), 2, "  ", hours(1))
	lower = timed(severity_set(a_ticket(), 2, "works again", hours(0.5)), GOLD, ALWAYS)
	assert (lower.severity, lower.respond_by, lower.resolve_by) == (2, hours(4), None)
	assert lower.severity_confirmed_at == hours(0.5)


def test_a_severity_cannot_be_raised_to_one_that_is_refused():
	with refused("severity_needs_production"):
		severity_set(replace(a_ticket(), severity=2, production=False), 1, "it is urgent", T0)


def test_the_response_is_given_with_a_confirmed_severity_and_an_acknowledgement():
	ticket = a_ticket()
	assert ticket.responded_at is None
	ticket = acknowledged(ticket, hours(0.2))
	assert ticket.responded_at is None
	assert missed(ticket, hours(1)) == [("response", hours(1))]
	assert severity_confirmed(ticket, hours(0.4)).responded_at == hours(0.4)


@pytest.mark.parametrize(
	("at", "before", "by_then"), [(0.9, [], []), (1, [], ["response"]), (1.1, ["response"], ["response"])]
)
def test_what_is_done_at_the_very_deadline_is_in_time(at: float, before: list[str], by_then: list[str]):
	assert [target for target, _ in missed_before(a_ticket(), hours(at))] == before
	assert [target for target, _ in missed(a_ticket(), hours(at))] == by_then


def test_a_missed_target_is_found_once():
	late = breached(a_ticket(), "response")
	assert missed(late, hours(9)) == [("resolution", hours(4))]
	assert missed(breached(late, "resolution"), hours(9)) == []


def test_nothing_is_missed_while_the_customer_is_waited_for_and_the_wait_moves_the_deadlines():
	waiting = acknowledged(a_ticket(), hours(0.5)).moved("waits", hours(1))
	assert due_targets(waiting) == []
	back = timed(replied(waiting, hours(11)), GOLD, ALWAYS)
	assert (back.status, back.resolve_by) == (TicketStatus.IN_PROGRESS, hours(14))


def test_a_reply_opens_a_resolved_ticket_again_with_the_time_it_had_left():
	done = resolved(a_ticket(), hours(1))
	assert (done.status, done.responded_at) == (TicketStatus.RESOLVED, hours(1))
	again = timed(replied(done, hours(25)), GOLD, ALWAYS)
	assert (again.status, again.resolved_at, again.resolve_by) == (TicketStatus.IN_PROGRESS, None, hours(28))


def test_before_it_was_acknowledged_a_ticket_goes_on_as_open():
	assert replied(a_ticket().moved("waits", T0), hours(1)).status is TicketStatus.OPEN


@pytest.mark.parametrize("route", [Route.QUOTE, Route.COMMUNITY, Route.EXCLUDED, Route.DECLINED])
def test_nothing_is_promised_off_the_promised_routes(route: Route):
	ticket = a_ticket(route=route)
	assert (ticket.respond_by, ticket.resolve_by) == (None, None)


EVENTS = sorted({event for _, event in TICKET_MOVES})


@pytest.mark.parametrize(
	("status", "event"), [pair for pair in product(TicketStatus, EVENTS) if pair not in TICKET_MOVES]
)
def test_a_move_that_is_not_in_the_table_is_refused(status: TicketStatus, event: str):
	with refused("ticket_move_refused", status=status.value, event=event):
		replace(a_ticket(), status=status).moved(event, T0)


@pytest.mark.parametrize("status", [TicketStatus.RESOLVED, TicketStatus.CLOSED])
def test_nobody_works_on_a_finished_ticket(status: TicketStatus):
	with refused("ticket_move_refused"):
		worked(replace(a_ticket(), status=status), 10, 0, T0)


@pytest.mark.parametrize("minutes", [0, -5])
def test_work_of_no_minutes_is_refused(minutes: int):
	with refused("minutes_not_positive", minutes=minutes):
		worked(a_ticket(), minutes, 0, T0)
	with refused("minutes_not_positive", minutes=minutes):
		split_work(Route.SLA, GOLD, minutes, 600)


@pytest.mark.parametrize(
	("policy", "route", "left", "expected"),
	[
		(GOLD, Route.SLA, 120, (120, 0, False)),
		(GOLD, Route.SLA, 0, (0, 0, True)),
		(GOLD, Route.SLA, None, (120, 0, False)),
		(replace(GOLD, beyond_cap=CREDITS), Route.SLA, 50, (50, 70, False)),
		(replace(GOLD, beyond_cap=CREDITS), Route.SLA, -10, (0, 120, False)),
		(PREPAID, Route.CREDITS, None, (0, 120, False)),
		(PREPAID, Route.QUOTE, None, (120, 0, False)),
	],
)
def test_work_is_split_at_the_cap(policy: SlaPolicy, route: Route, left: int | None, expected: tuple):
	split = split_work(route, policy, 120, left)
	assert (split.included, split.charged, split.is_declined) == expected


def test_work_that_is_within_the_cap_in_part_tells_how_much_is():
	with refused("hour_cap_short", left=50, minutes=120):
		split_work(Route.SLA, GOLD, 120, 50)
