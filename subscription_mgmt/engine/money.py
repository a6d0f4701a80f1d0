"""How is money rounded and shared out, so that it adds up to the cent?"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)


def rounded(amount: Decimal, decimals: int = 2) -> Decimal:
	"""`amount` half-up to the currency's `decimals`; halves go away from zero, so a credit mirrors its charge.

	>>> rounded(Decimal("2.345")), rounded(Decimal("-2.345")), rounded(Decimal("99.5"), 0)
	(Decimal('2.35'), Decimal('-2.35'), Decimal('100'))
	"""
	return amount.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def split(amount: Decimal, weights: Sequence[int | Decimal], decimals: int = 2) -> list[Decimal]:
	"""Shares of `amount` by `weights`; the last share takes the odd cent, so they always sum to `amount`.

	>>> split(Decimal("100.00"), [1, 1, 1])
	[Decimal('33.33'), Decimal('33.33'), Decimal('33.34')]

	Raises ValueError when no weight is positive or one is negative.
	"""
	total = sum(weights, ZERO)
	if total <= 0 or min(weights) < 0:
		raise ValueError("weights must not be negative and one must be positive")
	shares = [rounded(amount * weight / total, decimals) for weight in weights[:-1]]
	return [*shares, rounded(amount, decimals) - sum(shares, ZERO)]
