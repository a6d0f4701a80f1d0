"""What happens to a contract on each day its invoices stay unpaid, and when they are paid?"""

from datetime import timedelta

import pytest

from subscription_mgmt.engine.contracts import Contract, Status
from subscription_mgmt.engine.dunning import dunned, settled
from subscription_mgmt.engine.policies import DunningPolicy
from tests.builders import a_contract, a_trial, day

POLICY = DunningPolicy("Standard", (1, 5), 10, 30, (15, 7, 1))
DUE = day("2026-01-01")
PAID_UP = {"arrears_since": None, "reminded": 0}
STANDING = sorted(set(Status) - {Status.ACTIVE, Status.PAST_DUE}, key=lambda status: status.value)


def step(contract: Contract, days: int, policy: DunningPolicy | None = POLICY, grace: int = 0):
	return dunned(contract, DUE, policy, DUE + timedelta(days=days), grace)


@pytest.mark.parametrize(
	("days", "reminded", "status", "notices", "reminded_then"),
	[
		(0, 0, "Active", [], 0),
		(1, 0, "Past Due", [("reminder", 1)], 1),
		(2, 1, "Past Due", [], 1),
		(4, 1, "Past Due", [], 1),
		(5, 1, "Past Due", [("reminder", 5)], 5),
		(6, 5, "Past Due", [], 5),
		(9, 5, "Past Due", [], 5),
		(10, 5, "Suspended", [("restriction", 10)], 5),
		(61, 5, "Suspended", [("restriction", 61)], 5),
		# Nights were missed: the latest reminder stands for those before it.
		(3, 0, "Past Due", [("reminder", 3)], 1),
		(7, 0, "Past Due", [("reminder", 7)], 5),
		(10, 0, "Suspended", [("restriction", 10)], 0),
	],
)
def test_each_day_has_its_step(days: int, reminded: int, status: str, notices: list, reminded_then: int):
	before = (
		a_contract()
		if not reminded
		else a_contract(status=Status.PAST_DUE, arrears_since=DUE, reminded=reminded)
	)
	after = step(before, days)
	assert after.contract.status is Status(status)
	assert list(after.notices) == notices
	assert after.contract.reminded == reminded_then
	assert after.contract.arrears_since == (DUE if days else None)


@pytest.mark.parametrize("days", [1, 5, 9, 10])
def test_a_step_done_again_the_same_day_does_nothing_more(days: int):
	once = step(a_contract(), days).contract
	assert step(once, days).contract == once
	assert step(once, days).notices == ()


@pytest.mark.parametrize(
	("days", "grace", "status"), [(10, 1, "Past Due"), (16, 7, "Past Due"), (17, 7, "Suspended")]
)
def test_grace_puts_the_restriction_off(days: int, grace: int, status: str):
	assert step(a_contract(), days, grace=grace).contract.status is Status(status)


@pytest.mark.parametrize("policy", [None, DunningPolicy("Reminds only", (1,))])
def test_without_a_day_to_restrict_on_nobody_is_restricted(policy: DunningPolicy | None):
	assert step(a_contract(), 400, policy).contract.status is Status.PAST_DUE


def test_restricted_after_no_days_is_the_day_after_the_due_date():
	at_once = DunningPolicy("At once", (), 0)
	assert step(a_contract(), 0, at_once).contract.status is Status.ACTIVE
	assert step(a_contract(), 1, at_once).contract.status is Status.SUSPENDED


def test_when_the_oldest_invoice_is_paid_the_reminders_begin_anew_for_the_next():
	reminded = a_contract(status=Status.PAST_DUE, arrears_since=day("2025-12-01"), reminded=5)
	assert step(reminded, 1).notices == (("reminder", 1),)


@pytest.mark.parametrize("status", STANDING)
def test_only_contracts_that_are_billed_are_reminded(status: Status):
	contract = a_trial() if status is Status.TRIALLING else a_contract(status=status)
	assert step(contract, 60) == type(step(contract, 60))(contract)


# (status, oldest due) → status after a payment on 5 January, or one taken back; "-" is nothing open.
SETTLED = """
Draft     | - Draft     | 01-05 Draft     | 01-04 Draft
Trialling | - Trialling | 01-05 Trialling | 01-04 Trialling
Active    | - Active    | 01-05 Active    | 01-04 Past Due
Past Due  | - Active    | 01-05 Active    | 01-04 Past Due
Suspended | - Active    | 01-05 Active    | 01-04 Suspended
Ended     | - Ended     | 01-05 Ended     | 01-04 Ended
Cancelled | - Cancelled | 01-05 Cancelled | 01-04 Cancelled
"""
CELLS = [
	(row.split("|")[0].strip(), *cell.strip().split(" ", 1))
	for row in SETTLED.strip("\n").splitlines()
	for cell in row.split("|")[1:]
]


@pytest.mark.parametrize(("status", "oldest", "after"), CELLS)
def test_a_payment_restores_what_is_not_over_when_nothing_is_overdue(status: str, oldest: str, after: str):
	contract = a_contract(status=Status(status), next_billing=day("2026-02-01"))
	due = None if oldest == "-" else day(f"2026-{oldest}")
	changed = settled(contract, due, day("2026-01-05"))
	assert changed.status is Status(after)
	if changed.status is contract.status and after not in ("Past Due",):
		assert changed == contract


@pytest.mark.parametrize(
	("next_billing", "resumes"),
	[("2026-02-01", "2026-02-01"), ("2026-01-05", "2026-01-05"), ("2026-01-01", "2026-01-05")],
)
def test_on_return_charging_resumes_today_and_not_for_the_time_suspended(next_billing: str, resumes: str):
	contract = a_contract(
		status=Status.SUSPENDED, next_billing=day(next_billing), arrears_since=DUE, reminded=5
	)
	back = settled(contract, None, day("2026-01-05"))
	assert (back.next_billing, back.arrears_since, back.reminded) == (day(resumes), None, 0)


def test_a_payment_in_arrears_before_the_restriction_skips_no_period():
	contract = a_contract(status=Status.PAST_DUE, next_billing=day("2026-01-01"))
	assert settled(contract, None, day("2026-01-05")).next_billing == day("2026-01-01")
