"""Which ticket does a message go on, and what do merging, identifying, timing and rating change? On memory."""

from datetime import datetime, timedelta

import pytest

from subscription_mgmt.engine.incoming_mail import Sender
from subscription_mgmt.engine.routing import Route
from subscription_mgmt.engine.support_credits import CreditLine, LineKind, TicketKind
from subscription_mgmt.engine.support_policies import CreditRules, Scope, SlaPolicy, Topic
from subscription_mgmt.engine.tickets import Ticket, TicketStatus
from subscription_mgmt.services.classify import Facts, classify
from subscription_mgmt.services.customer_reply import hear
from subscription_mgmt.services.identify import identify
from subscription_mgmt.services.merge import merge
from subscription_mgmt.services.open_ticket import open_ticket
from subscription_mgmt.services.rate import answer_rating, rate
from subscription_mgmt.services.reopen import reopen
from subscription_mgmt.services.reply import reply
from subscription_mgmt.services.resolve import resolve
from subscription_mgmt.services.support_ports import SupportPorts
from subscription_mgmt.services.take_mail import Place, open_by_mail, place_of
from subscription_mgmt.services.time_work import start_timer, stop_timer
from subscription_mgmt.services.wait import wait
from subscription_mgmt.services.watch_deadlines import watch_deadlines
from subscription_mgmt.services.work import Work, work
from tests.builders import refused
from tests.services.test_support_any_order import POLICIES, T0, world

ANA, BOB = Sender("ana@asker.example", ("Ana",)), Sender("bob@other.example", ("Bob",))
STRANGER = Sender("who@knows.example")


def at(minutes: float) -> datetime:
	return T0 + timedelta(minutes=minutes)


@pytest.fixture
def ports(monkeypatch: pytest.MonkeyPatch) -> SupportPorts:
	gold = SlaPolicy("Gold", response={2: 60}, resolution={2: 240}, warn_share=50, channels=("email",))
	monkeypatch.setitem(POLICIES, "Gold", gold)
	return world("Gold")


def opened(ports: SupportPorts, name: str = "T1", customer: str = "Ana", **more: object) -> str:
	ticket = Ticket(name, customer, 2, TicketKind.QUERY, "email", T0, **more)  # type: ignore[arg-type]
	ports.tickets.add(ticket)  # type: ignore[attr-defined]
	open_ticket(name, T0, ports)
	return name


def test_a_mail_goes_on_its_sender_s_own_ticket_only(ports: SupportPorts):
	name = opened(ports)
	assert place_of([name], ANA, at(1), ports) == Place(name)
	for other in (BOB, STRANGER, Sender("")):
		assert place_of([name], other, at(1), ports) == Place()
	assert place_of(["nonsense", name], ANA, at(1), ports) == Place(name)


def test_a_stranger_reaches_what_he_opened_himself_until_it_is_somebody_s(ports: SupportPorts):
	name = opened(ports, customer="", requester="Who@Knows.example")
	assert ports.tickets.get(name).route is Route.COMMUNITY
	assert place_of([name], STRANGER, at(1), ports) == Place(name)
	assert place_of([name], BOB, at(1), ports) == Place()
	identify(name, "Ana", None, at(5), ports)
	known = ports.tickets.get(name)
	assert (known.customer, known.route, known.respond_by) == ("Ana", Route.SLA, at(60))
	with refused("requester_known"):
		identify(name, "Bob", None, at(6), ports)


def test_a_mail_is_classified_afterwards_and_goes_the_way_of_its_topic(ports: SupportPorts):
	ports.promises._topics = {  # type: ignore[attr-defined]
		"Training": Topic("Training", Scope.EXCLUDED, "not support", "Success Pack"),
		"Migration": Topic("Migration", Scope.BY_QUOTE),
	}
	first, second, third = opened(ports, "T1"), opened(ports, "T2"), opened(ports, "T3")
	classify(first, Facts(TicketKind.QUERY, topic="Training"), at(5), ports)
	found = ports.tickets.get(first)
	assert (found.route, found.offer, found.status) == (Route.EXCLUDED, "Success Pack", TicketStatus.CLOSED)
	classify(second, Facts(TicketKind.QUERY, topic="Migration"), at(5), ports)
	found = ports.tickets.get(second)
	assert (found.route, found.respond_by, found.status) == (Route.QUOTE, None, TicketStatus.OPEN)
	classify(second, Facts(TicketKind.QUERY), at(6), ports)
	assert ports.tickets.get(second).respond_by == at(60)
	work(third, 10, at(7), ports)
	for name, facts, code in (
		(third, Facts(TicketKind.QUERY, topic="Migration"), "work_recorded"),
		(third, Facts(TicketKind.QUERY, topic="Nonsense"), "unknown_topic"),
		(third, Facts(TicketKind.QUERY, third_party=True), "severity_not_for_third_party"),
		(first, Facts(TicketKind.QUERY), "ticket_move_refused"),
		(opened(ports, "T4", customer=""), Facts(TicketKind.QUERY), "requester_unknown"),
	):
		with refused(code):
			classify(name, facts, at(8), ports)


def test_a_question_that_becomes_an_intervention_costs_one(
	ports: SupportPorts, monkeypatch: pytest.MonkeyPatch
):
	"""Seed es: "por consulta son 15 créditos y por intervención 45 créditos"."""
	monkeypatch.setitem(POLICIES, "Gold", SlaPolicy("Gold", response={2: 60}, credits=CreditRules()))
	ports.credits.add(CreditLine("granted", "Ana", LineKind.GRANT, 45, T0))
	name, other = opened(ports, "T1"), opened(ports, "T2")
	classify(name, Facts(TicketKind.INTERVENTION), at(5), ports)
	assert ports.tickets.get(name).status is TicketStatus.OPEN
	classify(other, Facts(TicketKind.UPDATE), at(5), ports)
	assert ports.tickets.get(other).status is TicketStatus.NEEDS_CREDITS
	classify(other, Facts(TicketKind.QUERY), at(6), ports)
	assert ports.tickets.get(other).status is TicketStatus.OPEN
	work(name, 20, at(10), ports)
	resolve(name, at(30), ports)
	assert ports.tickets.get(name).charged == 45


def test_a_reply_long_after_the_resolution_opens_one_that_follows(ports: SupportPorts):
	name = opened(ports)
	resolve(name, at(10), ports)
	assert place_of([name], ANA, at(10 + 14 * 1440), ports) == Place(name)
	assert place_of([name], ANA, at(11 + 14 * 1440), ports) == Place(follows=name)
	assert hear(name, at(11 + 14 * 1440), ports) is False
	assert hear(name, at(12), ports) is True
	assert ports.tickets.get(name).status is TicketStatus.IN_PROGRESS


def test_a_reply_to_a_duplicate_goes_on_the_main_ticket_also_through_two_merges(ports: SupportPorts):
	first, second, third = (opened(ports, name) for name in ("T1", "T2", "T3"))
	merge(first, second, at(1), ports)
	merge(second, third, at(2), ports)
	assert place_of([first], ANA, at(3), ports) == Place(third)
	with refused("merge_into_closed"):
		merge(third, second, at(3), ports)


def test_a_mail_that_is_refused_is_kept_without_a_promise(ports: SupportPorts):
	ports.tickets.add(Ticket("T9", "Ana", 2, TicketKind.QUERY, "phone", T0))  # type: ignore[attr-defined]
	open_by_mail("T9", T0, ports)
	kept = ports.tickets.get("T9")
	assert (kept.status, kept.route, kept.respond_by) == (TicketStatus.OPEN, Route.COMMUNITY, None)


def test_an_answer_acknowledges_and_the_customer_s_reply_wakes_what_waits(ports: SupportPorts):
	name = opened(ports)
	reply(name, at(5), ports)
	assert ports.tickets.get(name).acknowledged_at == at(5)
	wait(name, at(6), ports)
	hear(name, at(16), ports)
	woken = ports.tickets.get(name)
	assert (woken.status, woken.resolve_by) == (TicketStatus.IN_PROGRESS, at(250))
	reply(name, at(20), ports, confirms_severity=True)
	assert ports.tickets.get(name).responded_at == at(20)


def test_a_deadline_that_comes_near_is_told_once_and_then_missed_once(ports: SupportPorts):
	near: list[tuple[str, str]] = []
	ports.desk.near = lambda ticket, target, due: near.append((ticket.name, target))  # type: ignore[method-assign]
	name = opened(ports)
	for minutes in (29, 31, 40, 61, 70, 121, 130, 241, 250):
		watch_deadlines(name, at(minutes), ports)
	assert near == [(name, "response"), (name, "resolution")]
	assert ports.desk.missed == [(name, "response"), (name, "resolution")]  # type: ignore[attr-defined]


def test_an_agent_has_one_timer_and_stopping_it_records_the_work(ports: SupportPorts):
	name, other = opened(ports), opened(ports, "T2")
	start_timer(name, "me", at(0), ports)
	with refused("timer_runs", ticket=name):
		start_timer(other, "me", at(1), ports)
	start_timer(other, "you", at(1), ports)
	timer, minutes, done = stop_timer("me", at(9.1), ports, cap=240)
	assert (timer.ticket, minutes, done) == (name, 10, Work.DONE)
	assert ports.tickets.get(name).minutes == 10
	with refused("no_timer_runs"):
		stop_timer("me", at(10), ports, cap=240)


def test_a_forgotten_timer_runs_on_until_it_is_said_what_was_work(ports: SupportPorts):
	name = opened(ports)
	start_timer(name, "me", at(0), ports)
	with refused("timer_forgotten", cap=240):
		stop_timer("me", at(600), ports, cap=240)
	assert ports.timers.of("me") is not None
	assert stop_timer("me", at(601), ports, cap=240, said=0)[1:] == (0, None)
	assert (ports.timers.of("me"), ports.tickets.get(name).minutes) == (None, 0)


def test_no_timer_starts_on_what_is_finished(ports: SupportPorts):
	name = opened(ports)
	resolve(name, at(1), ports)
	with refused("ticket_move_refused"):
		start_timer(name, "me", at(2), ports)


def test_a_rating_is_kept_with_our_answer(ports: SupportPorts):
	name = opened(ports)
	resolve(name, at(1), ports)
	rate(name, 3, "Slow", at(2), ports)
	answer_rating(name, "Sorry", at(3), ports)
	rate(name, 4, "Better", at(4), ports)
	kept = ports.tickets.rating_of(name)
	assert kept is not None
	assert (kept.stars, kept.comment, kept.answer) == (4, "Better", "Sorry")


def test_a_reopened_ticket_goes_on_from_where_its_clock_stood(ports: SupportPorts):
	name = opened(ports)
	resolve(name, at(30), ports)
	reopen(name, "fails again", at(1030), ports)
	assert ports.tickets.get(name).resolve_by == at(1240)


def test_a_duplicate_that_waits_for_credits_is_closed_without_charge():
	ports = world("Prepaid")
	first, second = opened(ports), opened(ports, "T2")
	assert ports.tickets.get(first).status is TicketStatus.NEEDS_CREDITS
	merge(first, second, at(1), ports)
	closed = ports.tickets.get(first)
	assert (closed.status, closed.charged) == (TicketStatus.CLOSED, 0)
	assert ports.credits.lines_of("Ana") == ()
	assert [ticket.name for ticket in ports.tickets.unresolved_of("Ana")] == [second]
