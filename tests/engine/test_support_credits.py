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


def test_a_paid_pack_is_granted_once_taken_back_with_its_payment_and_granted_again():
	lines: list[CreditLine] = []
	for is_paid, change in [(True, 120), (True, None), (False, -120), (False, None), (True, 120)]:
		due = grant_due("Ana", "charge", 120, lines, is_paid, NOW)
		assert (due.change if due else None) == change
		lines += [due] if due else []
	assert [each.kind for each in lines] == [LineKind.GRANT, LineKind.REVERSAL, LineKind.GRANT]
	assert len({each.key for each in lines}) == 3


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
