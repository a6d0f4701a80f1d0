"""Is everything nobody could be billed for refused, each by its code?"""

from typing import Any

import pytest

from subscription_mgmt.engine.catalogue import (
	Aggregate,
	Excess,
	PackKind,
	PlanKind,
	Quota,
	check_pack,
	check_plan,
	interval_named,
)
from subscription_mgmt.engine.periods import Interval
from tests.builders import a_one_off, a_pack, a_plan, money, price, refused

BILLED = Quota("users", money("1"), Aggregate.PEAK, Excess.BILL, money("9.00"), per_module=True)
BLOCKED = Quota("emails", money("500"))


@pytest.mark.parametrize("kind", [kind for kind in PlanKind if kind is not PlanKind.LICENCE])
def test_a_plan_with_a_price_per_interval_passes(kind: PlanKind):
	check_plan(
		a_plan(kind=kind, quotas=(BILLED, BLOCKED), commitment_months=12, notice_days=30, trial_days=14)
	)


def test_nothing_included_at_a_price_of_nothing_is_a_quota():
	free = Quota("users", money("0"), excess=Excess.BILL, price=money("0"))
	check_plan(a_plan(quotas=(free,)))


def test_a_licence_with_a_price_once_passes():
	check_plan(a_plan(kind=PlanKind.LICENCE, prices=(price("900.00", None),), updates_months=12))


@pytest.mark.parametrize(
	("changes", "code", "figures"),
	[
		({"prices": ()}, "no_prices", {"owner": "Basic"}),
		({"prices": (price("-1"),)}, "negative_price", {"owner": "Basic"}),
		({"prices": (price("1"), price("2"))}, "two_undated_prices", {"owner": "Basic"}),
		({"prices": (price("1"), price("9", None))}, "price_needs_interval", {"owner": "Basic"}),
		({"kind": PlanKind.LICENCE}, "price_needs_once", {"owner": "Basic"}),
		({"commitment_months": -1}, "negative_figure", {"field": "commitment_months"}),
		({"notice_days": -1}, "negative_figure", {"field": "notice_days"}),
		({"trial_days": -1}, "negative_figure", {"field": "trial_days"}),
		({"updates_months": -1}, "negative_figure", {"field": "updates_months"}),
		({"quotas": (BLOCKED, BLOCKED)}, "quota_twice", {"plan": "Basic", "metric": "emails"}),
		({"quotas": (Quota("emails", money("-1")),)}, "negative_figure", {"field": "emails"}),
		(
			{"quotas": (Quota("users", money("1"), excess=Excess.BILL),)},
			"quota_without_price",
			{"plan": "Basic", "metric": "users"},
		),
		(
			{"quotas": (Quota("users", money("1"), excess=Excess.BILL, price=money("-1")),)},
			"negative_price",
			{"interval": "users"},
		),
	],
)
def test_a_plan_nobody_could_be_billed_for_is_refused(
	changes: dict[str, Any], code: str, figures: dict[str, Any]
):
	with refused(code, **figures):
		check_plan(a_plan(**changes))


@pytest.mark.parametrize(
	"pack",
	[
		a_pack(),
		a_pack(per_module=True),
		a_one_off(),
		a_one_off(needs_contract=False),
		a_one_off(kind=PackKind.SUPPORT_CREDITS, credits=1),
	],
)
def test_a_pack_that_can_be_sold_passes(pack):
	check_pack(pack)


@pytest.mark.parametrize(
	("pack", "code", "figures"),
	[
		(a_pack(prices=()), "no_prices", {"owner": "Users"}),
		(a_pack(prices=(price("-1"),)), "negative_price", {"owner": "Users"}),
		(a_pack(prices=(price("1"), price("2"))), "two_undated_prices", {"owner": "Users"}),
		(a_pack(prices=(price("1", None),)), "price_needs_interval", {"owner": "Users"}),
		(a_one_off(prices=(price("1"),)), "price_needs_once", {"owner": "Training"}),
		(a_one_off(sla="Gold"), "support_of_one_off_pack", {"pack": "Training"}),
		(a_pack(needs_contract=False), "recurring_pack_needs_contract", {"pack": "Users"}),
		(a_pack(quantity=money("0")), "quantity_not_positive", {"what": "Users", "quantity": 0}),
		(a_pack(quantity=money("-1")), "quantity_not_positive", {"what": "Users", "quantity": -1}),
		(a_one_off(kind=PackKind.SUPPORT_CREDITS), "credits_not_positive", {"pack": "Training"}),
	],
)
def test_a_pack_that_could_not_be_sold_as_it_says_is_refused(pack, code: str, figures: dict[str, Any]):
	with refused(code, **figures):
		check_pack(pack)


@pytest.mark.parametrize("interval", Interval)
def test_each_interval_is_known_by_its_label(interval: Interval):
	assert interval_named(interval.value) is interval


def test_an_unknown_interval_is_refused_with_those_there_are():
	with refused("unknown_interval", interval="Weekly", known="Monthly, Quarterly, Half-Yearly, Yearly"):
		interval_named("Weekly")
