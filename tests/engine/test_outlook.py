"""Does the outlook on the running month say what its bill will say?"""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from subscription_mgmt.engine.catalogue import Aggregate, Excess, PackKind, Quota
from subscription_mgmt.engine.contracts import PackLine
from subscription_mgmt.engine.outlook import Outlook, outlooks
from subscription_mgmt.engine.overage import Terms
from subscription_mgmt.engine.usage import UsageRecord
from tests.builders import YEARLY, a_contract, a_pack, a_plan, day, period

JANUARY = period("2026-01-01", "2026-02-01")
TODAY = day("2026-01-10")
USERS = Quota("users", Decimal(1), Aggregate.PEAK, Excess.BILL, Decimal(12), per_module=True)
EMAILS = Quota("emails", Decimal(100), Aggregate.SUM, Excess.BILL, Decimal("0.50"))
COMPANIES = Quota("companies", Decimal(2))


def look(quota: Quota, *records: UsageRecord, packs: tuple[PackLine, ...] = ()) -> list[Outlook]:
	plan = a_plan(modules=("CRM", "Sales"), quotas=(quota,))
	contract = a_contract(interval=YEARLY, usage_from=day("2026-01-01"), packs=packs)
	known = {"Users": a_pack(per_module=True), "Disk": a_pack(name="Disk", kind=PackKind.STORAGE)}
	return outlooks(
		Terms(contract, [(contract.start, plan)], known if packs else {}), records, JANUARY, TODAY
	)


def measured(quota: Quota, value: int, at: str = "2026-01-05", module: str | None = None) -> UsageRecord:
	return UsageRecord(f"{at} {module}", quota.metric, datetime.fromisoformat(at), Decimal(value), module)


def test_each_module_of_the_plan_is_shown_measured_or_not():
	crm, sales = look(USERS, measured(USERS, 4, module="CRM"))
	assert (crm.module, crm.used, crm.allowed, crm.over, crm.amount) == ("CRM", 4, 1, 3, 36)
	assert (sales.module, sales.used, sales.over) == ("Sales", 0, 0)


def test_what_only_a_pack_grants_is_shown_too():
	found = look(COMPANIES, packs=(PackLine("Disk", 3, day("2026-01-01")),))
	assert [(each.metric, each.allowed) for each in found] == [("companies", 2), ("storage", 3)]


def test_a_level_is_expected_to_hold_and_a_sum_to_go_on_at_its_pace():
	crm, _ = look(USERS, measured(USERS, 4, module="CRM"))
	assert (crm.expected_over, crm.expected_amount) == (3, 36)
	(emails,) = look(EMAILS, measured(EMAILS, 90))
	# 90 in 10 of 31 days: 279 at the end
	assert (emails.over, emails.expected_over, emails.expected_amount) == (0, 179, Decimal("89.50"))


def test_a_peak_that_is_over_is_still_billed_though_fewer_are_used_today():
	crm, _ = look(USERS, measured(USERS, 4, module="CRM"), measured(USERS, 1, "2026-01-07", "CRM"))
	assert (crm.used, crm.over, crm.share) == (1, 3, 1)


def test_what_is_blocked_costs_nothing():
	(companies,) = look(COMPANIES, measured(COMPANIES, 2))
	assert (companies.used, companies.share, companies.amount, companies.price) == (2, 1, 0, None)


@pytest.mark.parametrize(("used", "share"), [(0, 0), (1, 1)])
def test_of_a_quota_of_nothing_any_use_is_all_of_it(used: int, share: int):
	(none,) = look(replace(COMPANIES, included=Decimal(0)), measured(COMPANIES, used))
	assert none.share == share
