"""Which price holds on a day, and which price lists are refused?"""

import pytest

from subscription_mgmt.engine.prices import Price, check_prices, price_on
from tests.builders import MONTHLY, YEARLY, day, money, price, refused

LIST = (
	price("100.00"),
	price("120.00", since="2026-03-01"),
	price("110.00", since="2026-02-01"),
	price("1000.00", YEARLY),
	price("690.00", currency="BOB"),
	price("50.00", None, since="2026-01-01"),
)


@pytest.mark.parametrize(
	("interval", "currency", "on", "expected"),
	[
		(MONTHLY, "USD", "2020-01-01", "100.00"),
		(MONTHLY, "USD", "2026-01-31", "100.00"),
		(MONTHLY, "USD", "2026-02-01", "110.00"),
		(MONTHLY, "USD", "2026-02-28", "110.00"),
		(MONTHLY, "USD", "2026-03-01", "120.00"),
		(MONTHLY, "BOB", "2026-03-01", "690.00"),
		(YEARLY, "USD", "2026-03-01", "1000.00"),
		(None, "USD", "2026-01-01", "50.00"),
	],
)
def test_of_the_prices_valid_by_a_day_the_latest_holds(interval, currency: str, on: str, expected: str):
	assert price_on("Basic", LIST, interval, currency, day(on)) == money(expected)


@pytest.mark.parametrize(
	("interval", "currency", "on", "label"),
	[
		(YEARLY, "BOB", "2026-01-01", "Yearly"),
		(MONTHLY, "EUR", "2026-01-01", "Monthly"),
		(None, "USD", "2025-12-31", "Once"),
	],
)
def test_nothing_is_sold_for_a_guessed_price(interval, currency: str, on: str, label: str):
	with refused("no_price", owner="Basic", interval=label, currency=currency, day=day(on)):
		price_on("Basic", LIST, interval, currency, day(on))


def test_a_price_of_zero_is_a_price():
	assert price_on("Free", (price("0.00"),), MONTHLY, "USD", day("2026-01-01")) == 0


def test_a_good_list_passes():
	check_prices("Basic", LIST)


def test_a_negative_price_is_refused():
	with refused("negative_price", owner="Basic", interval="Monthly", amount=money("-0.01")):
		check_prices("Basic", (price("-0.01"),))


def test_two_prices_from_the_same_day_are_refused():
	twice = (price("1.00", since="2026-01-01"), price("1.00", since="2026-01-01"))
	with refused("overlapping_prices", owner="Basic", currency="USD", day=twice[0].valid_from):
		check_prices("Basic", twice)


@pytest.mark.parametrize(
	"twice", [(price("1.00"), price("2.00")), (price("1.00", None), price("2.00", None))]
)
def test_two_prices_without_a_day_are_refused(twice: tuple[Price, ...]):
	with refused("two_undated_prices", owner="Basic", currency="USD"):
		check_prices("Basic", twice)


def test_prices_that_differ_in_day_interval_or_currency_do_not_overlap():
	check_prices(
		"Basic",
		(
			price("1"),
			price("1", since="2026-01-01"),
			price("1", YEARLY),
			price("1", currency="EUR"),
			price("1", None),
		),
	)
