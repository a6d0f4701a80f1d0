"""How much may be used, and what is a customer told?"""

from datetime import datetime
from decimal import Decimal

import pytest

from subscription_mgmt.engine.catalogue import Aggregate, Excess, PackKind, Quota
from subscription_mgmt.engine.contracts import PackLine
from subscription_mgmt.engine.quotas import (
	Standing,
	allowed_on,
	check_reading,
	quota_of,
	suggested_pack,
	taken,
)
from subscription_mgmt.engine.usage import UsageRecord
from tests.builders import a_contract, a_pack, a_plan, day, refused

NOW = datetime.fromisoformat("2026-02-10 12:00")
USERS = Quota("users", Decimal(1), Aggregate.PEAK, Excess.BILL, Decimal(12), per_module=True)
COMPANIES = Quota("companies", Decimal(10), Aggregate.LAST)
EMAILS = Quota("emails", Decimal(100), Aggregate.SUM)
PLAN = a_plan(quotas=(USERS, COMPANIES, EMAILS), modules=("Sales", "CRM"))


def reading(
	metric: str = "companies", value: int = 1, module: str | None = None, at: datetime = NOW
) -> UsageRecord:
	return UsageRecord("k", metric, at, Decimal(value), module)


def kinds(quota: Quota, value: int, before: Standing = Standing()) -> list[str]:  # noqa: B008 - it is frozen
	step = taken(reading(quota.metric, value), quota, quota.included, before)
	return [told.kind for told in step.told]


def test_packs_count_for_their_module_from_their_first_day_to_their_last():
	pack = a_pack(name="Seats", quantity=Decimal(2), per_module=True)
	lines = (
		PackLine("Seats", 3, day("2026-02-05"), "CRM", ends_on=day("2026-03-01")),
		PackLine("Seats", 1, day("2026-02-01"), "Sales"),
	)
	contract, packs = a_contract(packs=lines), {"Seats": pack}
	asked = [("2026-02-04", "CRM"), ("2026-02-05", "CRM"), ("2026-03-01", "CRM"), ("2026-03-01", "Sales")]
	assert [allowed_on(day(on), USERS, contract, packs, module) for on, module in asked] == [1, 7, 1, 3]


def test_a_metric_that_only_a_pack_grants_is_blocked_beyond_it():
	packs = {"Mails": a_pack(name="Mails", kind=PackKind.EMAILS, quantity=Decimal(500))}
	quota = quota_of(a_plan(), packs, "emails")
	assert quota == Quota("emails", Decimal(0), Aggregate.SUM, Excess.BLOCK)
	assert quota_of(a_plan(), packs, "storage") is None


@pytest.mark.parametrize(
	("record", "code"),
	[
		(reading("printers"), "unknown_metric"),
		(reading(value=-1), "negative_usage"),
		(reading(at=datetime.fromisoformat("2026-02-10 12:01")), "usage_in_future"),
		(reading("users"), "usage_needs_module"),
		(reading("users", module="HR"), "module_not_metered"),
		(reading("companies", module="CRM"), "usage_not_per_module"),
	],
)
def test_what_cannot_have_been_measured_is_refused(record: UsageRecord, code: str):
	with refused(code):
		check_reading(record, PLAN, quota_of(PLAN, {}, record.metric), NOW)


@pytest.mark.parametrize(
	("value", "told"),
	[
		(7, []),
		(8, ["quota_80"]),
		(10, ["quota_80", "quota_100"]),
		(11, ["quota_80", "quota_100", "blocked"]),
	],
)
def test_a_customer_is_told_at_80_and_at_100_percent(value: int, told: list[str]):
	assert kinds(COMPANIES, value) == told


def test_each_threshold_is_told_once_a_month_however_the_level_goes_up_and_down():
	assert kinds(COMPANIES, 9, Standing(Decimal(17), Decimal(9))) == []
	assert kinds(COMPANIES, 10, Standing(Decimal(17), Decimal(9))) == ["quota_100"]
	assert kinds(COMPANIES, 12, Standing(Decimal(40), Decimal(10))) == ["blocked"]


def test_nothing_used_of_nothing_allowed_is_no_alarm():
	assert kinds(Quota("emails", Decimal(0), Aggregate.SUM), 0) == []
	assert kinds(Quota("emails", Decimal(0), Aggregate.SUM), 1) == ["blocked"]


@pytest.mark.parametrize(
	("quota", "value", "before", "counted"),
	[
		(COMPANIES, 12, 0, 10),
		(COMPANIES, 9, 0, 9),
		(EMAILS, 50, 80, 20),
		(EMAILS, 50, 100, 0),
		(USERS, 5, 0, 5),
	],
)
def test_what_is_blocked_does_not_count_and_what_is_billed_does(
	quota: Quota, value: int, before: int, counted: int
):
	standing = Standing(Decimal(before), Decimal(0))
	assert taken(reading(quota.metric, value), quota, quota.included, standing).record.level == counted


def test_the_smallest_pack_that_suffices_is_suggested():
	packs = [a_pack(name=f"P{n}", kind=PackKind.EMAILS, quantity=Decimal(n)) for n in (5000, 500, 20000)]
	names = [suggested_pack(packs, "emails", Decimal(n)).name for n in (1, 501, 5000, 99999)]
	assert names == ["P500", "P5000", "P5000", "P20000"]
	assert suggested_pack(packs, "users", Decimal(1)) is None
