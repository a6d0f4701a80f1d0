"""What do contracts of any interval come to in a month?"""

from datetime import date
from decimal import Decimal

from subscription_mgmt.engine.periods import Interval
from subscription_mgmt.engine.prices import Price
from subscription_mgmt.engine.recurring import Sold, monthly_by_currency

TODAY = date(2026, 3, 1)


def price(amount: int, interval: Interval, currency: str = "USD", valid_from: date | None = None) -> Price:
	return Price(interval, currency, Decimal(amount), valid_from)


def sold(amount: int, interval: Interval, quantity: int = 1, currency: str = "USD") -> Sold:
	return Sold("Basic", interval, currency, Decimal(quantity), (price(amount, interval, currency),))


def test_every_interval_counts_for_the_months_it_covers():
	months = [
		sold(10, Interval.MONTHLY, 2),
		sold(30, Interval.QUARTERLY),
		sold(60, Interval.HALF_YEARLY),
		sold(120, Interval.YEARLY),
	]
	assert monthly_by_currency(months, TODAY) == {"USD": Decimal(50)}


def test_twelve_months_of_a_yearly_price_are_that_price():
	assert round(monthly_by_currency([sold(100, Interval.YEARLY)], TODAY)["USD"] * 12, 2) == Decimal(100)


def test_currencies_are_kept_apart():
	both = [sold(10, Interval.MONTHLY), sold(7, Interval.MONTHLY, currency="EUR")]
	assert monthly_by_currency(both, TODAY) == {"USD": Decimal(10), "EUR": Decimal(7)}


def test_an_agreed_price_stands_for_all_contracts_it_was_added_up_from():
	agreed = Sold("Basic", Interval.QUARTERLY, "USD", Decimal(3), agreed=Decimal(270))
	assert monthly_by_currency([agreed], TODAY) == {"USD": Decimal(90)}


def test_the_price_of_the_day_counts_not_a_later_one():
	prices = (price(10, Interval.MONTHLY), price(12, Interval.MONTHLY, valid_from=date(2026, 4, 1)))
	basic = Sold("Basic", Interval.MONTHLY, "USD", Decimal(1), prices)
	assert monthly_by_currency([basic], TODAY) == {"USD": Decimal(10)}
	assert monthly_by_currency([basic], date(2026, 4, 1)) == {"USD": Decimal(12)}


def test_what_has_no_price_adds_nothing_and_stops_nothing():
	unpriced = Sold("Gone", Interval.MONTHLY, "USD", Decimal(1))
	assert monthly_by_currency([unpriced, sold(10, Interval.MONTHLY)], TODAY) == {"USD": Decimal(10)}
