"""What does support cost, which pack suffices, and does a ledger of credits keep its promises?"""

from datetime import date, datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscription_mgmt.engine.catalogue import Pack, PackKind
from subscription_mgmt.engine.support_credits import (
	CreditLine,
	LineKind,
	TicketKind,
	credits_for,
	crosses_low_balance,
	expired,
	grant_due,
	smallest_sufficient,
	statement_of,
)
from subscription_mgmt.engine.support_policies import CreditRules
from tests.builders import price, refused

QUERY, INTERVENTION, UPDATE = TicketKind
RULES = CreditRules(low_balance=30)
NOW = datetime(2026, 2, 1, 12, tzinfo=timezone.utc)


def pack(name: str, credits: int, kind: PackKind = PackKind.SUPPORT_CREDITS) -> Pack:
	return Pack(name, kind, (price("1.00", None),), needs_contract=False, one_off=True, credits=credits)


def line(
	kind: LineKind, change: int, key: str = "", expires_on: date | None = None, source: str = ""
) -> CreditLine:
	return CreditLine(key or f"{kind.value}{change}", "Ana", kind, change, NOW, None, source, expires_on)


@pytest.mark.parametrize(
	("kind", "minutes", "flat", "credits"),
	[
		(QUERY, 0, 0, 15),
		(QUERY, 1, 0, 15),
		(QUERY, 15, 0, 15),
		(QUERY, 16, 0, 30),
		(QUERY, 31, 0, 45),
		(INTERVENTION, 1, 0, 45),
		(INTERVENTION, 45, 0, 45),
		(INTERVENTION, 46, 0, 60),
		(INTERVENTION, 50, 0, 60),
		(UPDATE, 5, 0, 120),
		(UPDATE, 500, 0, 120),
		(QUERY, 500, 90, 90),
	],
)
def test_work_costs_what_the_offer_says(kind: TicketKind, minutes: int, flat: int, credits: int):
	assert credits_for(kind, minutes, RULES, flat) == credits


def test_negative_minutes_are_refused():
	with refused("minutes_negative", minutes=-1):
		credits_for(QUERY, -1, RULES)


@given(st.sampled_from(TicketKind), st.integers(0, 5000), st.integers(0, 5000), st.integers(1, 60))
def test_more_work_never_costs_less(kind: TicketKind, minutes: int, more: int, block: int):
	rules = CreditRules(block=block)
	assert credits_for(kind, minutes, rules) <= credits_for(kind, minutes + more, rules)


@pytest.mark.parametrize(
	("missing", "name", "quantity"),
	[(1, "60", 1), (60, "60", 1), (61, "120", 1), (120, "120", 1), (121, "60", 3), (241, "60", 5)],
)
def test_the_smallest_pack_that_suffices_is_offered(missing: int, name: str, quantity: int):
	packs = [pack("120", 120), pack("60", 60), pack("hours", 999, PackKind.SUPPORT_HOURS)]
	found = smallest_sufficient(missing, packs)
	assert found is not None
	assert (found.pack, found.quantity) == (name, quantity)


def test_where_no_pack_grants_credits_none_is_offered():
	assert smallest_sufficient(10, []) is None


@pytest.mark.parametrize(
	("before", "after", "crosses"),
	[(45, 30, True), (30, 15, False), (45, 0, True), (45, 31, False), (29, 14, False), (0, 0, False)],
)
def test_the_low_balance_is_told_once_on_the_way_down(before: int, after: int, crosses: bool):
	assert crosses_low_balance(before, after, RULES) is crosses


def settled(story: list[tuple[int, int]]) -> tuple[list[CreditLine], list[int]]:
	"""The ledger after each (owed by the source, used meanwhile), and the balances."""
	lines: list[CreditLine] = []
	balances: list[int] = []
	for owed, used in story:
		balance = sum(each.change for each in lines)
		due = grant_due("Ana", "charge", owed, [each for each in lines if each.source], balance, NOW)
		lines += [due] if due else []
		if used := min(used, balance + (due.change if due else 0)):
			lines.append(line(LineKind.USE, -used, f"use {len(lines)}"))
		balances.append(sum(each.change for each in lines))
	return lines, balances


def test_a_paid_pack_is_granted_once_taken_back_with_its_payment_and_granted_again():
	lines, balances = settled([(120, 0), (120, 0), (0, 0), (0, 0), (120, 0)])
	assert balances == [120, 120, 0, 0, 120]
	assert [each.kind for each in lines] == [LineKind.GRANT, LineKind.REVERSAL, LineKind.GRANT]
	assert len({each.key for each in lines}) == 3


def test_what_was_used_is_kept_named_once_and_not_granted_twice():
	lines, balances = settled([(120, 70), (0, 0), (0, 0), (120, 0)])
	assert balances == [50, 0, 0, 50]
	assert [(each.change, each.kept) for each in lines if each.source] == [(120, 0), (-50, 70), (50, -70)]


def test_credits_bought_later_do_not_pay_for_what_was_kept():
	lines, _ = settled([(120, 120), (0, 0)])
	lines.append(line(LineKind.GRANT, 60, "another pack"))
	assert grant_due("Ana", "charge", 0, [each for each in lines if each.source], 60, NOW) is None


def test_a_part_of_the_sale_taken_back_takes_back_that_part():
	_, balances = settled([(240, 0), (120, 0), (60, 0)])
	assert balances == [240, 120, 60]


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), max_size=8))
def test_no_story_of_payments_takes_more_than_there_is_or_grants_more_than_is_owed(story: list):
	lines, balances = settled(story)
	assert all(balance >= 0 for balance in balances)
	if story:
		granted = sum(each.change for each in lines if each.source)
		kept = sum(each.kept for each in lines)
		assert kept >= 0 and granted - kept == story[-1][0]


def test_a_statement_opens_and_closes_with_what_the_ledger_says():
	days = [datetime(2026, 2, n, 12, tzinfo=timezone.utc) for n in (1, 5, 9, 20)]
	booked = [
		CreditLine(str(n), "Ana", LineKind.USE if change < 0 else LineKind.GRANT, change, at)
		for n, (change, at) in enumerate(zip([120, -30, -60, 60], days, strict=True))
	]
	whole = statement_of(booked)
	assert (whole.opening, [row.balance for row in whole.rows], whole.closing) == (0, [120, 90, 30, 90], 90)
	part = statement_of(booked, days[1], days[3])
	assert (part.opening, [row.line.change for row in part.rows], part.closing) == (120, [-30, -60], 30)
	assert statement_of([], days[0]) == statement_of([])


def test_what_ends_first_is_used_first_and_only_the_rest_of_it_expires():
	grants = [
		line(LineKind.GRANT, 60, "late", date(2027, 1, 1)),
		line(LineKind.GRANT, 60, "soon", date(2026, 3, 1)),
	]
	ledger = [*grants, line(LineKind.USE, -45)]
	assert expired(ledger, date(2026, 2, 28)) == []
	assert expired(ledger, date(2026, 3, 1)) == [(grants[1], 15)]
	ledger.append(line(LineKind.EXPIRY, -15, source="soon"))
	assert expired(ledger, date(2026, 3, 1)) == []
	assert expired(ledger, date(2027, 1, 1)) == [(grants[0], 60)]


def test_credits_never_expire_unless_a_policy_says_so():
	assert expired([line(LineKind.GRANT, 60)], date(2199, 1, 1)) == []


@given(
	st.lists(
		st.tuples(st.integers(1, 100), st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 12, 31)))),
		max_size=6,
	),
	st.integers(0, 600),
)
def test_never_more_expires_than_is_left(grants: list[tuple[int, date | None]], used: int):
	ledger = [line(LineKind.GRANT, n, f"g{i}", day) for i, (n, day) in enumerate(grants)]
	balance = sum(each.change for each in ledger)
	used = min(used, balance)
	ledger += [line(LineKind.USE, -used)] if used else []
	assert sum(left for _, left in expired(ledger, date(2027, 1, 1))) <= balance - used
