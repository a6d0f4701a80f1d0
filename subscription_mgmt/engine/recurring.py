"""What do contracts of any interval come to in a month? The monthly recurring revenue (MRR), net of tax."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.money import ZERO
from subscription_mgmt.engine.periods import Interval
from subscription_mgmt.engine.prices import Price, price_on


@dataclass(frozen=True)
class Sold:
	"""`quantity` of a plan or pack, renewed each `interval`. `agreed`: for them all, if not as listed."""

	what: str
	interval: Interval
	currency: str
	quantity: Decimal
	prices: tuple[Price, ...] = ()
	agreed: Decimal | None = None


def per_month(amount: Decimal, interval: Interval) -> Decimal:
	"""Unrounded, so that a sum of many is right to the cent."""
	return amount / interval.months


def monthly_by_currency(sold: Iterable[Sold], day: date) -> dict[str, Decimal]:
	"""What one month comes to, by currency. What has no price on `day` cannot be billed and adds nothing."""
	sums: dict[str, Decimal] = {}
	for each in sold:
		try:
			amount = _amount(each, day)
		except DomainError:
			continue
		sums[each.currency] = sums.get(each.currency, ZERO) + per_month(amount, each.interval)
	return sums


def _amount(sold: Sold, day: date) -> Decimal:
	if sold.agreed is not None:
		return sold.agreed
	return sold.quantity * price_on(sold.what, sold.prices, sold.interval, sold.currency, day)
