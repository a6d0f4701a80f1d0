"""What is a part of a period worth? By day over the whole period's days (DESIGN §2, Plan change)."""

from decimal import Decimal

from subscription_mgmt.engine.money import rounded
from subscription_mgmt.engine.periods import Period


def prorated(amount: Decimal, part: Period, whole: Period, decimals: int = 2) -> Decimal:
	"""`amount` is the price of `whole`; the share of `part`, rounded half-up to the currency's `decimals`.

	>>> prorated(
	...     Decimal("310.00"),
	...     Period(date(2026, 1, 11), date(2026, 2, 1)),
	...     Period(date(2026, 1, 1), date(2026, 2, 1)),
	... )
	Decimal('210.00')

	Raises ValueError when `part` does not lie within `whole`.
	"""
	if part.start < whole.start or part.end > whole.end:
		raise ValueError(f"{part} is not within {whole}")
	return rounded(amount * part.days / whole.days, decimals)
