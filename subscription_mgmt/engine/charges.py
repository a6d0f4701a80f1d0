"""What is one line of what is owed, and what makes it impossible to owe it twice?"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import Enum

from subscription_mgmt.engine.money import ZERO, rounded
from subscription_mgmt.engine.periods import Period


class ChargeKind(Enum):
	PLAN = "plan"
	PACK = "pack"
	USAGE = "usage"
	LICENCE = "licence"
	CREDIT = "credit"
	BALANCE = "balance"


@dataclass(frozen=True)
class Basis:
	"""What a charge for usage rests on: the day that decided, what was used and allowed on it, on how many days of
	the month more was used than allowed, and who was counted."""

	day: date
	used: Decimal
	allowed: Decimal
	days_over: int
	subjects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Charge:
	"""One line of what is owed, net of tax; never edited, corrected by a charge that `reverses` it.

	`rate` is the price of one unit for a whole period, `amount` what is owed for `quantity` units over `period`
	(less than quantity × rate where the period is a part of a whole one).
	"""

	key: str
	contract: str | None
	customer: str
	kind: ChargeKind
	what: str
	quantity: Decimal
	rate: Decimal
	amount: Decimal
	currency: str
	charged_on: date
	decimals: int = 2
	period: Period | None = None
	module: str | None = None
	reverses: str | None = None
	licence: str | None = None
	basis: Basis | None = field(default=None, compare=False)

	@property
	def is_part_of_a_period(self) -> bool:
		return self.amount != rounded(self.rate * self.quantity, self.decimals)

	def as_sold(self) -> tuple[Decimal, Decimal]:
		"""(quantity, rate) whose product is exactly `amount`, for an invoice that multiplies.

		A part of a period is sold as one piece: 2 × 50.00 for 100 of 181 days is 1 × 55.25; so is a part of a unit.
		"""
		rate = rounded(self.rate, self.decimals)
		if rate * self.quantity == self.amount and self.quantity == self.quantity.to_integral_value():
			return self.quantity, rate
		return Decimal(1), self.amount


def charge_key(contract: str, what: str, start: date, generation: int = 0) -> str:
	"""The name of a debt. Unique in the database, so that reruns, retries and parallel workers owe it once.

	>>> charge_key("C1", "plan:Basic", date(2026, 1, 31))
	'C1|plan:Basic|2026-01-31|0'
	"""
	return f"{contract}|{what}|{start.isoformat()}|{generation}"


def of_generation(charge: Charge, generation: int) -> Charge:
	"""The charge as one that a change of the contract makes, beside the regular one of the same day."""
	stem, _, _regular = charge.key.rpartition("|")
	return replace(charge, key=f"{stem}|{generation}")


def total(charges: Iterable[Charge]) -> Decimal:
	return sum((charge.amount for charge in charges), ZERO)
