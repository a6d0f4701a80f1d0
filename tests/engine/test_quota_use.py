"""How much of each quota is used, and what should a customer know about his contract first?"""

from dataclasses import replace
from decimal import Decimal

import pytest

from subscription_mgmt.engine.catalogue import Aggregate, Excess, Quota
from subscription_mgmt.engine.contracts import PackLine, Restriction, Status
from subscription_mgmt.engine.policies import DunningPolicy
from subscription_mgmt.engine.portal_alerts import alerts, deletion_day
from subscription_mgmt.engine.quota_use import uses
from subscription_mgmt.engine.quotas import Standing
from tests.builders import a_contract, a_pack, a_plan, day

TODAY = day("2026-01-20")
POLICY = DunningPolicy("Standard", restrict_after_days=10, delete_after_restriction_days=30)
USERS = Quota("users", Decimal(1), Aggregate.PEAK, Excess.BILL, per_module=True)
EMAILS = Quota("emails", Decimal(100), Aggregate.SUM)
PLAN = a_plan(modules=("CRM", "Sales"), quotas=(USERS, EMAILS))


def standing(total: int, highest: int | None = None) -> Standing:
	return Standing(Decimal(total), Decimal(total if highest is None else highest))


def used(contract=None, packs=None, **standings: Standing) -> list[tuple]:
	by_what = {
		tuple(key.split("__")) if "__" in key else (key, None): each for key, each in standings.items()
	}
	found = uses(contract or a_contract(), PLAN, packs or {}, by_what, TODAY)
	return [(use.metric, use.module, int(use.used), int(use.allowed), use.percent) for use in found]


def test_one_line_per_quota_and_per_module_where_it_counts_so():
	assert used(users__CRM=standing(9, 1), emails=standing(40, 30)) == [
		("users", "CRM", 1, 1, 100),
		("users", "Sales", 0, 1, 0),
		("emails", None, 40, 100, 40),
	]


def test_packs_add_to_it_and_bring_metrics_of_their_own():
	packs = {
		"Seats": a_pack(name="Seats", metric="users", quantity=Decimal(2), per_module=True),
		"Disk": a_pack(name="Disk", metric="storage", quantity=Decimal(10)),
	}
	lines = (PackLine("Seats", 2, day("2026-01-01"), "CRM"), PackLine("Disk", 1, day("2026-01-01")))
	found = used(a_contract(packs=lines), packs, storage=standing(5))
	assert found == [
		("users", "CRM", 0, 5, 0),
		("users", "Sales", 0, 1, 0),
		("emails", None, 0, 100, 0),
		("storage", None, 5, 10, 50),
	]


def test_a_module_that_left_the_plan_is_shown_while_it_is_used():
	assert ("users", "Old", 3, 1, 100) in used(users__Old=standing(3))


@pytest.mark.parametrize(
	("emails", "code"), [(79, None), (80, "quota_80"), (99, "quota_80"), (100, "quota_100")]
)
def test_a_quota_is_told_of_from_four_fifths_on(emails: int, code: str | None):
	found = uses(a_contract(), PLAN, {}, {("emails", None): standing(emails)}, TODAY)
	assert [alert.code for alert in alerts(a_contract(), POLICY, found, TODAY)] == ([code] if code else [])


def restricted(days: int, **changes: object):
	begun = Restriction(since=day("2026-01-10"), seen_on=TODAY, paid=Decimal(0), days=days)
	return a_contract(**{"status": Status.SUSPENDED, "restriction": begun, **changes})


def test_a_suspended_customer_reads_from_when_on_his_data_may_be_gone():
	found = list(alerts(restricted(10), POLICY, [], TODAY))
	assert [(alert.code, alert.serious) for alert in found] == [("deletion", True), ("suspended", True)]
	assert found[0].figures == {"day": day("2026-02-09")}


@pytest.mark.parametrize(
	("contract", "policy"),
	[
		(a_contract(), POLICY),
		(restricted(10, on_hold=True), POLICY),
		(restricted(10), None),
		(restricted(10), DunningPolicy("Never")),
	],
)
def test_no_day_is_named_where_nothing_is_deleted(contract, policy):
	assert deletion_day(contract, policy, TODAY) is None


def test_what_else_a_customer_is_told():
	late = a_contract(status=Status.PAST_DUE, arrears_since=day("2026-01-05"), ends_on=day("2026-02-01"))
	assert [(alert.code, alert.serious) for alert in alerts(late, POLICY, [], TODAY)] == [
		("unpaid", True),
		("ends", False),
	]
	gone = replace(restricted(30), data_deleted_on=day("2026-01-19"))
	assert [alert.code for alert in alerts(gone, POLICY, [], TODAY)] == ["deleted"]
	over = a_contract(status=Status.ENDED, ends_on=day("2026-01-01"))
	assert list(alerts(over, POLICY, [], TODAY)) == []
