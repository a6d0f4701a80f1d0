"""When does a contract end, and what is given back?"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscription_mgmt.engine.billing import bring_up_to
from subscription_mgmt.engine.charges import Charge, ChargeKind
from subscription_mgmt.engine.contracts import Contract, PackLine, Status
from subscription_mgmt.engine.ending import (
	cancelled_draft,
	cancelled_now,
	earliest_end,
	renewal_switched,
	unused_credits,
)
from subscription_mgmt.engine.packs import pack_added
from tests.builders import (
	QUARTERLY,
	a_charge,
	a_contract,
	a_draft,
	a_one_off,
	a_pack,
	a_plan,
	a_trial,
	amounts_of,
	cents,
	day,
	money,
	periods_of,
	refused,
)

REFUNDABLE = a_plan(refundable=True)
PACKS = {"Users": a_pack(), "Training": a_one_off()}


@pytest.mark.parametrize(
	("contract", "on", "expected"),
	[
		(a_contract("2026-01-31"), "2026-02-27", "2026-02-28"),
		(a_contract("2026-01-31"), "2026-02-28", "2026-03-31"),
		(a_contract("2026-03-01"), "2026-02-01", "2026-04-01"),
		(a_trial(until="2026-01-15"), "2026-01-05", "2026-01-15"),
		(a_trial(until="2026-01-15"), "2026-01-15", "2026-02-15"),
		(a_contract(commitment_until=day("2027-01-01")), "2026-03-10", "2027-01-01"),
		(a_contract(commitment_until=day("2027-01-01")), "2026-12-31", "2027-01-01"),
		(a_contract(commitment_until=day("2027-01-01")), "2027-01-01", "2027-02-01"),
		(a_contract(commitment_until=day("2026-05-01"), interval=QUARTERLY), "2026-01-10", "2026-07-01"),
		(a_trial(until="2026-01-15", commitment_until=day("2027-01-15")), "2026-01-05", "2026-01-15"),
	],
)
def test_a_customer_may_leave_at_the_end_of_trial_period_or_commitment(
	contract: Contract, on: str, expected: str
):
	assert earliest_end(contract, day(on)) == day(expected)
	off = renewal_switched(contract, False, day(on))
	assert (off.ends_on, off.auto_renew) == (day(expected), False)


def test_renewal_is_switched_off_and_on_again_until_the_last_day():
	off = renewal_switched(a_contract(), False, day("2026-01-10"))
	on_again = renewal_switched(off, True, day("2026-01-31"))
	assert (on_again.ends_on, on_again.auto_renew) == (None, True)
	assert on_again == a_contract()
	with refused("contract_over"):
		renewal_switched(off, True, day("2026-02-01"))


def test_switching_renewal_off_twice_changes_nothing():
	off = renewal_switched(a_contract(), False, day("2026-01-10"))
	assert renewal_switched(off, False, day("2026-01-20")) == off


def test_leaving_never_makes_a_contract_longer_than_agreed():
	fixed = a_contract(ends_on=day("2026-01-20"))
	assert renewal_switched(fixed, False, day("2026-01-10")).ends_on == day("2026-01-20")
	fixed_for_years = a_contract(ends_on=day("2029-01-01"))
	assert renewal_switched(fixed_for_years, False, day("2026-01-10")).ends_on == day("2026-02-01")


@pytest.mark.parametrize(
	("contract", "code"),
	[
		(a_draft(), "contract_not_active"),
		(a_contract(status=Status.ENDED), "contract_over"),
		(a_contract(status=Status.CANCELLED), "contract_over"),
		(a_contract(ends_on=day("2026-01-10")), "contract_over"),
	],
)
def test_a_contract_not_begun_or_over_can_neither_be_switched_nor_cancelled(contract: Contract, code: str):
	for renew in (True, False):
		with refused(code):
			renewal_switched(contract, renew, day("2026-01-10"))
	with refused(code):
		cancelled_now(contract, REFUNDABLE, (), day("2026-01-10"))


def _with_charges() -> tuple[Contract, list[Charge]]:
	"""A monthly contract with three users, two more from the 11th, and a training; billed on 1 January."""
	start = a_contract(packs=(PackLine("Users", 3, day("2026-01-01")),))
	billed = bring_up_to(start, REFUNDABLE, PACKS, day("2026-01-01"))
	trained = pack_added(billed.contract, PACKS["Training"], 1, None, day("2026-01-05"))
	added = pack_added(trained.contract, PACKS["Users"], 2, None, day("2026-01-11"))
	return added.contract, [*billed.charges, *trained.charges, *added.charges]


def test_cancelled_now_a_refundable_plan_gives_back_every_unused_day_of_plan_and_packs():
	contract, charges = _with_charges()
	outcome = cancelled_now(contract, REFUNDABLE, charges, day("2026-01-21"))
	assert outcome.contract.status is Status.CANCELLED
	assert (outcome.contract.ends_on, outcome.contract.next_billing) == (day("2026-01-21"), None)
	assert outcome.contract.auto_renew is False
	assert amounts_of(outcome.charges) == ["-35.48", "-10.65", "-7.10"]
	assert periods_of(outcome.charges) == [("2026-01-21", "2026-02-01")] * 3
	assert {charge.kind for charge in outcome.charges} == {ChargeKind.CREDIT}
	periodic = [charge.key for charge in charges if charge.period]
	assert [charge.reverses for charge in outcome.charges] == periodic


def test_cancelled_on_the_day_it_was_charged_everything_is_given_back():
	_, charges = _with_charges()
	credits = unused_credits(charges[:2], day("2026-01-01"))
	assert amounts_of(credits) == ["-100.00", "-30.00"]


def test_periods_charged_ahead_are_given_back_whole():
	ahead = a_charge(key="C1|plan:Basic|2026-02-01|0", period=a_contract().period_on(day("2026-02-10")))
	assert amounts_of(unused_credits([a_charge(), ahead], day("2026-01-31"))) == ["-3.23", "-100.00"]


def test_a_plan_that_is_not_refundable_gives_nothing_back():
	contract, charges = _with_charges()
	outcome = cancelled_now(contract, a_plan(), charges, day("2026-01-21"))
	assert (outcome.contract.status, outcome.charges) == (Status.CANCELLED, ())


def test_a_charge_is_credited_once_and_not_twice():
	contract, charges = _with_charges()
	credits = unused_credits(charges, day("2026-01-21"))
	assert unused_credits([*charges, *credits], day("2026-01-21")) == []
	assert unused_credits([*charges, *credits], day("2026-01-15")) == []
	gone = cancelled_now(contract, REFUNDABLE, charges, day("2026-01-21")).contract
	with refused("contract_over", status="Cancelled"):
		cancelled_now(gone, REFUNDABLE, [*charges, *credits], day("2026-01-21"))


@pytest.mark.parametrize(
	"charge",
	[
		a_charge(period=None),
		a_charge(kind=ChargeKind.USAGE),
		a_charge(kind=ChargeKind.LICENCE),
		a_charge("0.00"),
		a_charge("-5.00", kind=ChargeKind.CREDIT, reverses="other"),
		a_charge(period=a_contract().period_on(day("2025-12-01"))),
	],
)
def test_only_days_paid_in_advance_are_given_back(charge: Charge):
	assert unused_credits([charge], day("2026-01-10")) == []


@given(cents, st.integers(0, 40))
def test_days_used_and_days_given_back_make_the_price(amount: Decimal, used: int):
	charge = a_charge(str(amount))
	credits = unused_credits([charge], date.fromordinal(day("2026-01-01").toordinal() + used))
	kept = amount + sum(credit.amount for credit in credits)
	assert abs(kept - amount * min(used, 31) / 31) <= money("0.005")


def test_within_a_commitment_a_contract_cannot_be_cancelled_at_once():
	contract = a_contract(commitment_until=day("2027-01-01"))
	with refused("committed", contract="C1", until=day("2027-01-01")):
		cancelled_now(contract, REFUNDABLE, (), day("2026-12-31"))
	assert cancelled_now(contract, REFUNDABLE, (), day("2027-01-01")).contract.status is Status.CANCELLED


def test_in_a_trial_a_contract_is_cancelled_at_once_and_costs_nothing():
	trial = a_trial(until="2026-01-15", commitment_until=day("2027-01-15"))
	outcome = cancelled_now(trial, REFUNDABLE, (), day("2026-01-05"))
	assert (outcome.contract.status, outcome.charges) == (Status.CANCELLED, ())
	assert bring_up_to(outcome.contract, REFUNDABLE, {}, day("2027-01-01")).charges == ()
	with refused("committed"):
		cancelled_now(trial, REFUNDABLE, (), day("2026-01-15"))


def test_a_draft_is_cancelled_by_its_status_alone():
	assert cancelled_draft(a_draft()) == replace(a_draft(), status=Status.CANCELLED)
	assert cancelled_draft(a_contract()) == a_contract()
