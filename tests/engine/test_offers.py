"""What may a customer choose himself: which plans and intervals, which packs, and what of it is told too early?"""

from dataclasses import replace

import pytest

from subscription_mgmt.engine.catalogue import PlanKind
from subscription_mgmt.engine.contracts import Status
from subscription_mgmt.engine.offers import offers, once, packs_for, priced
from tests.builders import (
	MONTHLY,
	YEARLY,
	a_contract,
	a_one_off,
	a_pack,
	a_plan,
	day,
	money,
	price,
)

TODAY = day("2026-01-10")
SMALL = a_plan(name="Small", tier=1, prices=(price("10"), price("100", YEARLY)))
LARGE = a_plan(name="Large", tier=2, prices=(price("30"),))
ARCHIVE = a_plan(name="Archive", kind=PlanKind.READ_ONLY, prices=(price("2"),))
HOSTING = a_plan(name="Hosting", kind=PlanKind.HOSTING, prices=(price("5"),))
SUPPORT = a_plan(name="Gold", kind=PlanKind.SUPPORT, prices=(price("90"),))
EVERYTHING = [SUPPORT, LARGE, HOSTING, ARCHIVE, SMALL]
ON_SMALL = a_contract(plan="Small")


def chosen(contract=ON_SMALL, current=SMALL) -> list[tuple[str, str, bool]]:
	found = offers(contract, current, EVERYTHING, TODAY)
	return [(offer.plan.name, offer.interval.value, offer.is_current) for offer in found]


def test_plans_of_the_same_kind_and_read_only_ones_are_offered_by_tier_and_interval():
	assert chosen() == [
		("Archive", "Monthly", False),
		("Small", "Monthly", True),
		("Small", "Yearly", False),
		("Large", "Monthly", False),
	]


def test_the_price_is_that_of_the_contracts_currency_on_that_day():
	dear = a_plan(
		name="Dear", prices=(price("1", currency="EUR"), price("7"), price("8", since="2026-02-01"))
	)
	assert [offer.price for offer in offers(ON_SMALL, SMALL, [dear], TODAY)] == [money("7")]
	in_pounds = replace(ON_SMALL, currency="GBP")
	assert offers(in_pounds, SMALL, [dear], TODAY) == []


@pytest.mark.parametrize("status", [Status.SUSPENDED, Status.ENDED, Status.CANCELLED])
def test_while_nothing_is_served_only_read_only_plans_are_offered(status: Status):
	assert chosen(replace(ON_SMALL, status=status)) == [("Archive", "Monthly", False)]


def test_a_support_contract_is_not_archived():
	assert chosen(a_contract(plan="Gold"), SUPPORT) == [("Gold", "Monthly", True)]
	assert chosen(replace(a_contract(plan="Gold"), status=Status.ENDED), SUPPORT) == []


def test_whoever_only_reads_may_come_back_to_a_full_plan():
	names = {name for name, _interval, _current in chosen(a_contract(plan="Archive"), ARCHIVE)}
	assert names == {"Archive", "Small", "Large"}


def test_packs_that_have_a_price_for_the_contract():
	monthly, yearly = (
		a_pack(name="Seats", prices=(price("3"),)),
		a_pack(name="Y", prices=(price("9", YEARLY),)),
	)
	training = a_one_off()
	per_module = a_pack(name="Users", per_module=True, prices=(price("3"),))
	published = [monthly, yearly, training, per_module]
	assert packs_for(ON_SMALL, SMALL, published, TODAY) == [monthly, training]
	with_modules = replace(SMALL, modules=("CRM",))
	assert packs_for(ON_SMALL, with_modules, published, TODAY) == [monthly, training, per_module]
	assert packs_for(ON_SMALL, ARCHIVE, published, TODAY) == []


def test_prices_shortest_interval_first_and_what_is_sold_once_apart():
	assert priced(SMALL.prices, "USD", TODAY) == [(MONTHLY, money("10")), (YEARLY, money("100"))]
	assert once(SMALL.prices, "USD", TODAY) is None
	assert once(a_one_off().prices, "USD", TODAY) == money("80.00")
