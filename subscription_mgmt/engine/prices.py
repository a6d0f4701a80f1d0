"""What does a plan or pack cost for an interval, in a currency, on a day?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.periods import Interval

ONCE = "Once"


@dataclass(frozen=True)
class Price:
	"""`amount`, net of tax, for one `interval` (None: sold once) from `valid_from` on (None: always)."""

	interval: Interval | None
	currency: str
	amount: Decimal
	valid_from: date | None = None


def check_prices(owner: str, prices: Iterable[Price]) -> None:
	"""Refuse negative prices and two prices that would be valid from the same day."""
	seen: set[tuple[Interval | None, str, date | None]] = set()
	for price in prices:
		if price.amount < 0:
			raise DomainError(
				"negative_price", owner=owner, interval=_label(price.interval), amount=price.amount
			)
		slot = (price.interval, price.currency, price.valid_from)
		if slot in seen:
			context = {"owner": owner, "interval": _label(price.interval), "currency": price.currency}
			if price.valid_from is None:
				raise DomainError("two_undated_prices", **context)
			raise DomainError("overlapping_prices", **context, day=price.valid_from)
		seen.add(slot)


def price_on(
	owner: str, prices: Iterable[Price], interval: Interval | None, currency: str, day: date
) -> Decimal:
	"""The price that holds on `day`: of those valid by then, the one with the latest *valid from*.

	Raises DomainError `no_price` when there is none; nothing is ever sold for a guessed price.
	"""
	held = holding_on(prices, interval, currency, day)
	if held is None:
		raise DomainError("no_price", owner=owner, interval=_label(interval), currency=currency, day=day)
	return held.amount


def holding_on(prices: Iterable[Price], interval: Interval | None, currency: str, day: date) -> Price | None:
	holding = [
		price
		for price in prices
		if price.interval == interval
		and price.currency == currency
		and (price.valid_from is None or price.valid_from <= day)
	]
	return max(holding, key=lambda price: price.valid_from or date.min, default=None)


def _label(interval: Interval | None) -> str:
	return interval.value if interval else ONCE
