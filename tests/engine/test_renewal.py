"""Is a customer told of his renewal in time, once, and only if there will be one?"""

import pytest

from subscription_mgmt.engine.contracts import Status
from subscription_mgmt.engine.renewal import renewal_to_notice, renews_on
from tests.builders import a_contract, a_plan, a_trial, day

PAID = a_contract(next_billing=day("2026-02-01"))


@pytest.mark.parametrize(
	("contract", "renews"),
	[
		(PAID, "2026-02-01"),
		(a_contract(next_billing=day("2026-02-01"), status=Status.PAST_DUE), "2026-02-01"),
		(a_contract(next_billing=day("2026-02-01"), commitment_until=day("2027-01-01")), "2027-01-01"),
		(a_contract(next_billing=day("2026-02-01"), commitment_until=day("2026-12-15")), "2027-01-01"),
		(a_contract(next_billing=day("2027-03-01"), commitment_until=day("2027-01-01")), "2027-03-01"),
		(a_contract(next_billing=day("2026-02-01"), auto_renew=False), None),
		(a_contract(next_billing=day("2026-02-01"), ends_on=day("2026-08-01")), None),
		(a_trial(), None),
		(a_contract(status=Status.SUSPENDED), None),
		(a_contract(status=Status.ENDED, next_billing=None), None),
		(a_contract(status=Status.CANCELLED, next_billing=None), None),
	],
)
def test_a_contract_renews_with_its_next_period_or_after_its_commitment(contract, renews: str | None):
	assert renews_on(contract) == (day(renews) if renews else None)


@pytest.mark.parametrize(
	("days", "on", "told"),
	[
		(20, "2026-01-11", False),
		(20, "2026-01-12", True),
		(20, "2026-01-13", True),  # the night of the 12th was missed
		(20, "2026-02-03", True),
		(31, "2026-01-01", True),
		(0, "2026-01-31", False),
	],
)
def test_the_notice_goes_out_the_plans_days_before(days: int, on: str, told: bool):
	wanted = day("2026-02-01") if told else None
	assert renewal_to_notice(PAID, a_plan(notice_days=days), day(on)) == wanted


def test_the_notice_of_a_renewal_goes_out_once_and_that_of_the_next_again():
	plan = a_plan(notice_days=20)
	told = a_contract(next_billing=day("2026-02-01"), renewal_noticed=day("2026-02-01"))
	assert renewal_to_notice(told, plan, day("2026-01-20")) is None
	renewed = a_contract(next_billing=day("2026-03-01"), renewal_noticed=day("2026-02-01"))
	assert renewal_to_notice(renewed, plan, day("2026-02-09")) == day("2026-03-01")
