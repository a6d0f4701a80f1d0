"""Which lines does an invoice carry, and what becomes of a credit that is larger than what is owed?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from subscription_mgmt.engine.charges import Charge, ChargeKind, total
from subscription_mgmt.engine.money import ZERO


@dataclass(frozen=True)
class Invoice:
	"""What a customer is asked to pay for one contract (None: none) on one day, net of tax."""

	customer: str
	contract: str | None
	currency: str
	date: date
	due_on: date
	lines: tuple[Charge, ...]
	name: str | None = None

	@property
	def total(self) -> Decimal:
		return total(self.lines)


@dataclass(frozen=True)
class Settlement:
	"""The lines to invoice (none when nothing is left to pay) and the change of the customer's credit."""

	lines: tuple[Charge, ...]
	credit_change: Decimal


def settle(charges: Sequence[Charge], credit: Decimal, today: date) -> Settlement:
	"""Net `charges` against each other and against the `credit` kept from before (DESIGN §2, Plan change).

	A net credit is kept and not invoiced; a credit kept before pays the next invoice, in full or in part.
	"""
	net = total(charges)
	if net <= 0:
		return Settlement((), -net)
	if credit <= 0:
		return Settlement(tuple(charges), ZERO)
	used = min(credit, net)
	return Settlement((*charges, _balance_line(charges[0], used, today)), -used)


def _balance_line(like: Charge, used: Decimal, today: date) -> Charge:
	return replace(
		like,
		key=f"{like.key}|balance",
		kind=ChargeKind.BALANCE,
		what="Account credit",
		quantity=Decimal(1),
		rate=-used,
		amount=-used,
		charged_on=today,
		period=None,
		module=None,
	)


def due_on(day: date, payment_days: int) -> date:
	return day + timedelta(days=payment_days)
