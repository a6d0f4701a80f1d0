"""Does a cancelled contract stop when it should, and give back what it should, once?"""

import pytest

from subscription_mgmt.engine.contracts import Status
from subscription_mgmt.services.bill import bill
from subscription_mgmt.services.cancel import cancel_at_period_end, cancel_now
from tests.builders import (
	a_contract,
	a_draft,
	a_plan,
	a_trial,
	amounts_of,
	day,
	money,
	refused,
	some_ports,
)

REFUNDABLE = (a_plan(refundable=True),)
ACCOUNT = ("Ana", "USD")


def test_cancelled_at_period_end_the_contract_serves_what_is_paid_and_ends():
	ports = some_ports(a_contract())
	bill("C1", day("2026-01-01"), ports)
	cancel_at_period_end("C1", day("2026-01-10"), ports)
	assert ports.contracts.get("C1").status is Status.ACTIVE
	assert ports.journal.notes == [("cancelled_for", {"day": day("2026-02-01")})]
	bill("C1", day("2026-02-01"), ports)
	assert ports.contracts.get("C1").status is Status.ENDED
	assert len(ports.ledger.charges_of("C1")) == 1


@pytest.mark.parametrize("cancel", [cancel_at_period_end, cancel_now])
def test_a_draft_is_cancelled_at_once(cancel):
	ports = some_ports(a_draft())
	cancel("C1", day("2026-01-10"), ports)
	assert ports.contracts.get("C1").status is Status.CANCELLED
	assert ports.journal.moves == [(Status.DRAFT, Status.CANCELLED)]
	assert ports.ledger.charges_of("C1") == ()


@pytest.mark.parametrize("cancel", [cancel_at_period_end, cancel_now])
@pytest.mark.parametrize("status", [Status.ENDED, Status.CANCELLED])
def test_a_contract_that_is_over_cannot_be_cancelled(cancel, status: Status):
	ports = some_ports(a_contract(status=status))
	with refused("contract_over", status=status.value):
		cancel("C1", day("2026-01-10"), ports)


def test_cancelled_now_the_unused_days_are_kept_as_credit_once():
	ports = some_ports(a_contract(), plans=REFUNDABLE)
	bill("C1", day("2026-01-01"), ports)
	cancel_now("C1", day("2026-01-11"), ports)
	assert amounts_of(ports.ledger.charges_of("C1")) == ["100.00", "-67.74"]
	assert ports.ledger.credit[ACCOUNT] == money("67.74")
	with refused("contract_over"):
		cancel_now("C1", day("2026-01-11"), ports)
	bill("C1", day("2026-06-01"), ports)
	assert ports.ledger.credit[ACCOUNT] == money("67.74")
	assert len(ports.journal.invoices) == 1


def test_the_credit_pays_the_customers_next_contract():
	ports = some_ports(a_contract(), a_contract("2026-01-11", name="C2"), plans=REFUNDABLE)
	bill("C1", day("2026-01-01"), ports)
	cancel_now("C1", day("2026-01-11"), ports)
	bill("C2", day("2026-01-11"), ports)
	assert ports.journal.invoices[-1].total == money("32.26")


def test_a_plan_that_is_not_refundable_keeps_what_was_paid():
	ports = some_ports(a_contract())
	bill("C1", day("2026-01-01"), ports)
	cancel_now("C1", day("2026-01-11"), ports)
	assert ports.contracts.get("C1").status is Status.CANCELLED
	assert ports.ledger.credit[ACCOUNT] == 0


@pytest.mark.parametrize(("plans", "owed"), [((), "300.00"), (REFUNDABLE, "232.26")])
def test_periods_that_a_missed_night_left_out_are_owed_before_the_contract_is_cancelled(plans, owed: str):
	ports = some_ports(a_contract(), plans=plans)
	bill("C1", day("2026-01-01"), ports)
	cancel_now("C1", day("2026-03-11"), ports)
	assert sum(charge.amount for charge in ports.ledger.charges_of("C1")) == money(owed)
	assert ports.contracts.get("C1").status is Status.CANCELLED


def test_a_disabled_customer_may_leave_and_is_not_billed_on_the_way():
	ports = some_ports(a_contract(), disabled=("Ana",))
	cancel_now("C1", day("2026-03-11"), ports)
	assert ports.contracts.get("C1").status is Status.CANCELLED
	assert ports.ledger.charges_of("C1") == ()


def test_a_trial_cancelled_now_costs_nothing():
	ports = some_ports(a_trial(), plans=REFUNDABLE)
	cancel_now("C1", day("2026-01-05"), ports)
	bill("C1", day("2026-06-01"), ports)
	assert ports.contracts.get("C1").status is Status.CANCELLED
	assert ports.ledger.charges_of("C1") == ()


def test_a_committed_contract_leaves_at_its_commitments_end_and_not_now():
	committed = a_contract(commitment_until=day("2027-01-01"))
	ports = some_ports(committed)
	with refused("committed"):
		cancel_now("C1", day("2026-03-11"), ports)
	assert ports.contracts.get("C1") == committed
	cancel_at_period_end("C1", day("2026-03-11"), ports)
	assert ports.contracts.get("C1").ends_on == day("2027-01-01")
