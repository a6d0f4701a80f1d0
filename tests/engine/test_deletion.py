"""May a customer's data be deleted, and if not, why does it wait? Never from dates alone."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscription_mgmt.engine.contracts import Contract, Restriction, Status
from subscription_mgmt.engine.deletion import (
	REASONS,
	Facts,
	all_notices_sent,
	data_gone,
	held_back,
	is_due,
	notice_due,
	noticed,
	reasons_to_wait,
	remaining_days,
	restriction_seen,
	together,
	waiting,
)
from subscription_mgmt.engine.policies import DunningPolicy
from tests.builders import a_contract, day, money

SINCE = day("2026-01-11")
POLICY = DunningPolicy("Standard", (1, 5), 10, 30, (15, 7, 1))
NEVER = DunningPolicy("Never deletes", (1,), 10)
ALL_WELL = Facts(
	in_force=True, unpaid_checked=True, backup_verified=True, notices_delivered=True, released=True
)


def restricted(days: int = 30, noticed: int | None = 1, **changes: object) -> Contract:
	seen = Restriction(SINCE, SINCE + timedelta(days=days), money("0"), days, noticed)
	return a_contract(**{"status": Status.SUSPENDED, "restriction": seen, **changes})


@pytest.mark.parametrize("held", [False, True])
@pytest.mark.parametrize(("days", "notice"), [(30, 1), (29, 1), (30, None), (30, 7), (31, 0)])
@pytest.mark.parametrize("facts", list(product([True, False], repeat=5)))
def test_every_condition_is_a_reason_of_its_own(
	facts: tuple[bool, ...], days: int, notice: int | None, held: bool
):
	in_force, unpaid, backup, delivered, released = facts
	wanted = {
		"unpaid_check": not unpaid,
		"backup": not backup,
		"notices": not delivered or notice is None or notice > 1,
		"hold": held or not released,
		"restriction": not in_force or days < 30,
	}
	found = reasons_to_wait(restricted(days, notice, on_hold=held), POLICY, Facts(*facts))
	assert found == tuple(reason for reason in REASONS if wanted[reason])


def test_facts_nobody_looked_up_speak_against_it():
	assert reasons_to_wait(restricted(), POLICY, Facts()) == REASONS


def test_without_a_restriction_or_a_policy_that_deletes_nothing_is_deleted():
	assert "restriction" in reasons_to_wait(a_contract(), POLICY, ALL_WELL)
	assert "restriction" in reasons_to_wait(restricted(400), NEVER, ALL_WELL)
	assert remaining_days(restricted(400).restriction, NEVER) is None


@pytest.mark.parametrize(
	("policy", "after", "due"),
	[(POLICY, 29, False), (POLICY, 30, True), (POLICY, 90, True), (NEVER, 900, False)],
)
def test_the_gate_is_asked_once_the_calendar_would_delete(policy: DunningPolicy, after: int, due: bool):
	assert is_due(restricted(0).restriction, policy, SINCE + timedelta(days=after)) is due


@pytest.mark.parametrize(
	("in_force", "days_later", "counted"),
	[(True, 0, 5), (True, 1, 6), (True, 60, 6), (True, -1, 5), (False, 1, 5)],
)
def test_a_run_counts_one_day_if_it_finds_the_restriction_in_force(
	in_force: bool, days_later: int, counted: int
):
	contract = restricted(5)
	on = contract.restriction.seen_on + timedelta(days=days_later)
	seen = restriction_seen(contract, in_force, on)
	assert seen.restriction.days == counted
	assert seen.restriction.seen_on == (on if counted > 5 else contract.restriction.seen_on)
	assert restriction_seen(seen, in_force, on) == seen


def test_a_contract_without_a_restriction_counts_nothing():
	assert restriction_seen(a_contract(), True, SINCE) == a_contract()


@pytest.mark.parametrize(
	("days", "before", "told"),
	[
		(14, None, None),
		(15, None, 15),
		(16, 15, None),
		(22, 15, None),
		(23, 15, 7),
		(28, 7, None),
		(29, 7, 1),
		(30, 1, None),
		# Nights without the restriction in force were not counted; one notice stands for those before it.
		(24, None, 6),
		(29, None, 1),
		(30, None, 0),
		(30, 7, 0),
	],
)
def test_each_notice_goes_out_once_on_its_day(days: int, before: int | None, told: int | None):
	contract = restricted(days, before)
	assert notice_due(contract.restriction, POLICY) == told
	if told is not None:
		assert notice_due(noticed(contract, told).restriction, POLICY) is None


def test_a_policy_that_never_deletes_announces_nothing():
	assert notice_due(restricted(900, None).restriction, replace(NEVER, deletion_notice_days=(15,))) is None


@pytest.mark.parametrize(
	("sent", "all_sent"), [(None, False), (15, False), (7, False), (2, False), (1, True), (0, True)]
)
def test_all_notices_have_gone_out_with_the_last(sent: int | None, all_sent: bool):
	assert all_notices_sent(restricted(noticed=sent).restriction, POLICY) is all_sent


def test_where_no_notice_is_asked_for_none_is_missing():
	assert all_notices_sent(restricted(noticed=None).restriction, DunningPolicy("P", (), 1, 30))


@pytest.mark.parametrize(
	("days", "sent", "policy", "held"),
	[
		(29, None, POLICY, 29),
		(100, None, POLICY, 29),  # the policy began to delete when the restriction was old
		(100, 7, POLICY, 29),
		(100, 1, POLICY, 100),
		(100, None, NEVER, 100),
		(100, None, DunningPolicy("P", (), 1, 30), 100),
		(100, None, DunningPolicy("P", (), 1, 30, (30,)), 0),
	],
)
def test_until_the_last_notice_is_out_its_days_are_left(
	days: int, sent: int | None, policy: DunningPolicy, held: int
):
	assert held_back(restricted(days, sent), policy).restriction.days == held


@given(st.lists(st.booleans(), max_size=200))
def test_data_is_never_deleted_before_thirty_runs_in_force_and_a_notice_the_run_before(in_force: list[bool]):
	contract, told_on, counted = restricted(0, None), [], 0
	for n, found in enumerate(in_force, 1):
		on = SINCE + timedelta(days=n)
		contract = held_back(restriction_seen(contract, found, on), POLICY)
		counted += found
		if is_due(contract.restriction, POLICY, on):
			facts = replace(ALL_WELL, in_force=found)
			if not reasons_to_wait(contract, POLICY, facts):
				assert counted >= 30 and len(told_on) == 3 and max(told_on) < on
				return
		if (days := notice_due(contract.restriction, POLICY)) is not None:
			told_on.append(on)
			contract = noticed(contract, days)
	assert counted < 31


def test_what_several_contracts_wait_for_is_told_once():
	assert together(("hold", "restriction"), (), ("unpaid_check", "hold")) == (
		"unpaid_check",
		"hold",
		"restriction",
	)
	assert together((), ()) == ()


def test_the_reasons_are_kept_to_be_shown():
	assert waiting(restricted(), ("hold",)).restriction.waits == ("hold",)


@pytest.mark.parametrize(
	("before", "after"), [("Suspended", "Ended"), ("Ended", "Ended"), ("Cancelled", "Cancelled")]
)
def test_a_contract_whose_data_is_gone_is_over(before: str, after: str):
	gone = data_gone(restricted(status=Status(before)), SINCE)
	assert gone.status is Status(after)
	assert (gone.restriction, gone.next_billing, gone.data_deleted_on) == (None, None, SINCE)
