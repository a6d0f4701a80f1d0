"""What does a pack cost that is added only at renewal, or taken off at once?"""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscription_mgmt.engine.billing import bring_up_to
from subscription_mgmt.engine.charges import Charge, total
from subscription_mgmt.engine.contracts import Contract, PackLine, Status
from subscription_mgmt.engine.ending import unused_credits
from subscription_mgmt.engine.pack_timing import pack_dropped, pack_planned
from subscription_mgmt.engine.packs import pack_added, pack_removed
from tests.builders import (
	a_contract,
	a_one_off,
	a_pack,
	a_plan,
	a_trial,
	amounts_of,
	day,
	money,
	periods_of,
	refused,
)

USERS = a_pack()
SEATS = a_pack(name="Seats", per_module=True)
PLAN, STRICT = a_plan(refundable=True), a_plan()
PACKS = {"Users": USERS, "Seats": SEATS}


def billed(*lines: PackLine, until: str = "2026-01-01") -> tuple[Contract, tuple[Charge, ...]]:
	outcome = bring_up_to(a_contract(packs=lines), PLAN, PACKS, day(until))
	return outcome.contract, outcome.charges


def test_a_planned_pack_is_billed_with_the_next_period_and_not_before():
	contract, _ = billed()
	planned = pack_planned(contract, USERS, 3, None, day("2026-01-20"))
	assert planned.packs == (PackLine("Users", 3, day("2026-02-01")),)
	assert bring_up_to(planned, PLAN, PACKS, day("2026-01-31")).charges == ()
	following = bring_up_to(planned, PLAN, PACKS, day("2026-02-01"))
	assert amounts_of(following.charges) == ["100.00", "30.00"]


def test_in_a_trial_a_planned_pack_begins_at_once_and_is_billed_with_the_first_period():
	planned = pack_planned(a_trial(), USERS, 1, None, day("2026-01-05"))
	assert planned.packs[0].starts_on == day("2026-01-05")


@pytest.mark.parametrize(
	("code", "contract", "pack", "module"),
	[
		("sold_once", a_contract(), a_one_off(), None),
		("pack_after_end", a_contract(ends_on=day("2026-02-01")), USERS, None),
		("pack_needs_module", a_contract(), SEATS, None),
		("contract_over", a_contract(status=Status.ENDED), USERS, None),
	],
)
def test_what_cannot_begin_with_the_next_period_is_refused(
	code: str, contract: Contract, pack: object, module: str | None
):
	with refused(code):
		pack_planned(contract, pack, 1, module, day("2026-01-20"))


def test_a_refundable_plan_credits_all_and_charges_those_that_stay_for_the_same_days():
	contract, charged = billed(PackLine("Users", 5, day("2026-01-01")))
	outcome = pack_dropped(contract, PLAN, USERS, 2, None, charged, day("2026-01-11"))
	assert periods_of(outcome.charges) == [("2026-01-11", "2026-02-01")] * 2
	# 50.00 × 21 / 31 back, 30.00 × 21 / 31 again
	assert amounts_of(outcome.charges) == ["-33.87", "20.32"]
	assert [(line.quantity, line.ends_on) for line in outcome.contract.packs] == [
		(3, None),
		(2, day("2026-01-11")),
	]
	following = bring_up_to(outcome.contract, PLAN, PACKS, day("2026-02-01"))
	assert amounts_of(following.charges) == ["100.00", "30.00"]


def test_a_plan_that_is_not_refundable_gives_nothing_back():
	contract, charged = billed(PackLine("Users", 5, day("2026-01-01")))
	outcome = pack_dropped(contract, STRICT, USERS, None, None, charged, day("2026-01-11"))
	assert outcome.charges == ()
	assert not any(line.runs_on(day("2026-01-11")) for line in outcome.contract.packs)


def test_packs_of_another_module_are_left_alone():
	lines = (PackLine("Seats", 2, day("2026-01-01"), "CRM"), PackLine("Seats", 3, day("2026-01-01"), "Sales"))
	contract, charged = billed(*lines)
	outcome = pack_dropped(contract, PLAN, SEATS, None, "CRM", charged, day("2026-01-11"))
	assert {charge.module for charge in outcome.charges} == {"CRM"}
	assert [line.module for line in outcome.contract.packs if line.ends_on is None] == ["Sales"]


def test_one_that_is_to_end_with_the_period_may_end_at_once():
	contract, charged = billed(PackLine("Users", 3, day("2026-01-01")))
	leaving = pack_removed(contract, "Users", 1, None, day("2026-01-05"))
	outcome = pack_dropped(leaving, PLAN, USERS, 1, None, charged, day("2026-01-11"))
	assert amounts_of(outcome.charges) == ["-20.32", "13.55"]


@pytest.mark.parametrize(
	("code", "quantity", "pack", "status"),
	[
		("fewer_packs", 6, USERS, Status.ACTIVE),
		("quantity_not_positive", 0, USERS, Status.ACTIVE),
		("pack_not_on_contract", 1, SEATS, Status.ACTIVE),
		("suspended_pays_first", 1, USERS, Status.SUSPENDED),
	],
)
def test_what_is_not_there_cannot_be_taken_off(code: str, quantity: int, pack: object, status: Status):
	contract, charged = billed(PackLine("Users", 5, day("2026-01-01")))
	with refused(code):
		pack_dropped(replace(contract, status=status), PLAN, pack, quantity, None, charged, day("2026-01-11"))


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 3), st.integers(0, 30)), max_size=8))
def test_however_packs_come_and_go_each_day_is_paid_for_once_to_a_cent_a_change(steps: list[tuple]):
	"""After any changes within a month, cancelling credits what is left: the rest is what was really held."""
	contract, charged = billed()
	held: dict[int, int] = {}
	count, changes = 0, 0
	for adds, quantity, n in sorted(steps, key=lambda step: step[2]):
		today = day("2026-01-01").replace(day=n + 1)
		if adds:
			outcome = pack_added(contract, USERS, quantity, None, today)
			count += quantity
		elif count:
			quantity = min(quantity, count)
			outcome = pack_dropped(contract, PLAN, USERS, quantity, None, charged, today)
			count -= quantity
		else:
			continue
		contract, charged = outcome.contract, (*charged, *outcome.charges)
		held[n], changes = count, changes + len(outcome.charges)
		assert sum(line.quantity for line in contract.packs if line.runs_on(today)) == count
	assert len({charge.key for charge in charged}) == len(charged)
	days, now = 0, 0
	for n in range(31):
		now = held.get(n, now)
		days += now
	packs = [charge for charge in charged if charge.what == "Users"]
	owed = total(packs)
	assert abs(owed - money("10.00") * days / 31) <= money("0.01") * (changes + 1)
	# Whoever leaves on the last day gets that day back.
	left = total(unused_credits(packs, day("2026-01-31"), contract))
	assert abs(left + money("10.00") * now / 31) <= money("0.01") * (changes + 1)
