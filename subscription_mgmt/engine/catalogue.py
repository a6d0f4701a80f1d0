"""What can a vendor sell: plans, packs and modules, and which of them make no sense?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.periods import Interval
from subscription_mgmt.engine.prices import Price, check_prices, holding_on


class PlanKind(Enum):
	SUBSCRIPTION = "Subscription"
	READ_ONLY = "Read Only"
	HOSTING = "Hosting"
	SUPPORT = "Support"
	LICENCE = "Licence"


class PackKind(Enum):
	USERS = "Users"
	EMAILS = "Emails"
	COMPANIES = "Companies"
	SUPPORT_CREDITS = "Support Credits"
	SUPPORT_HOURS = "Support Hours"
	TRAINING = "Training"
	STORAGE = "Storage"
	SUCCESS_PACK = "Success Pack"
	OTHER = "Other"


class Aggregate(Enum):
	PEAK = "peak"
	SUM = "sum"
	LAST = "last"
	UNIQUE = "unique"


class Excess(Enum):
	BILL = "Bill"
	BLOCK = "Block"


@dataclass(frozen=True)
class ServiceModule:
	"""A product area and those of its functions that stop working on a Local licence. `covers`: the modules of a
	customer's system that belong to it, as that system names them (none: the one of the same name)."""

	name: str
	functions: tuple[str, ...] = ()
	needs_online: tuple[str, ...] = ()
	covers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Quota:
	"""`included` units of `metric` per period of measuring; what exceeds them is billed or blocked.

	`prices` of one unit by currency and *valid from*, without an interval; `price` holds where they name none for a
	currency, as in a file that has one currency.
	"""

	metric: str
	included: Decimal
	aggregate: Aggregate = Aggregate.LAST
	excess: Excess = Excess.BLOCK
	price: Decimal | None = None
	per_module: bool = False
	prices: tuple[Price, ...] = ()

	def price_in(self, currency: str, day: date) -> Decimal | None:
		"""What a unit beyond the quota costs; None where nobody has said."""
		held = holding_on(self.prices, None, currency, day)
		return held.amount if held else self.price


@dataclass(frozen=True)
class Plan:
	"""Something a customer can be contracted to. Months and days are counts; policies are named."""

	name: str
	kind: PlanKind
	prices: tuple[Price, ...]
	tier: int = 0
	modules: tuple[str, ...] = ()
	functions: tuple[str, ...] = ()
	quotas: tuple[Quota, ...] = ()
	commitment_months: int = 0
	notice_days: int = 0
	trial_days: int = 0
	refundable: bool = False
	updates_months: int = 0
	dunning: str | None = None
	backup: str | None = None
	sla: str | None = None


@dataclass(frozen=True)
class Pack:
	"""An add-on. Recurring packs have a price per interval, one-off packs a price without one.

	`minutes`: of support that it grants, or of each of the `sessions` of a training.
	"""

	name: str
	kind: PackKind
	prices: tuple[Price, ...]
	needs_contract: bool = True
	one_off: bool = False
	per_module: bool = False
	metric: str | None = None
	quantity: Decimal = Decimal(1)
	credits: int = 0
	minutes: int = 0
	sessions: int = 1
	sla: str | None = None


def check_plan(plan: Plan) -> None:
	"""Refuse a plan nobody could be billed for. Raises DomainError."""
	check_prices(plan.name, plan.prices)
	if not plan.prices:
		raise DomainError("no_prices", owner=plan.name)
	if plan.kind is PlanKind.LICENCE:
		_check_sold(plan.name, plan.prices, once=True)
	else:
		_check_sold(plan.name, plan.prices, once=False)
	for months_or_days in ("commitment_months", "notice_days", "trial_days", "updates_months"):
		if getattr(plan, months_or_days) < 0:
			raise DomainError("negative_figure", owner=plan.name, field=months_or_days)
	_check_quotas(plan)


def check_pack(pack: Pack) -> None:
	"""Refuse a pack that could not be sold as it says. Raises DomainError."""
	check_prices(pack.name, pack.prices)
	if not pack.prices:
		raise DomainError("no_prices", owner=pack.name)
	_check_sold(pack.name, pack.prices, once=pack.one_off)
	if not pack.one_off and not pack.needs_contract:
		raise DomainError("recurring_pack_needs_contract", pack=pack.name)
	if pack.sla and pack.one_off:
		raise DomainError("support_of_one_off_pack", pack=pack.name)
	if pack.quantity <= 0:
		raise DomainError("quantity_not_positive", what=pack.name, quantity=pack.quantity)
	if pack.kind is PackKind.SUPPORT_CREDITS and pack.credits <= 0:
		raise DomainError("credits_not_positive", pack=pack.name)
	if pack.kind is PackKind.TRAINING and pack.sessions <= 0:
		raise DomainError("sessions_not_positive", pack=pack.name)


def _check_sold(owner: str, prices: Iterable[Price], once: bool) -> None:
	for price in prices:
		if (price.interval is None) is not once:
			raise DomainError("price_needs_once" if once else "price_needs_interval", owner=owner)


def _check_quotas(plan: Plan) -> None:
	seen: set[str] = set()
	for quota in plan.quotas:
		if quota.metric in seen:
			raise DomainError("quota_twice", plan=plan.name, metric=quota.metric)
		seen.add(quota.metric)
		if quota.included < 0:
			raise DomainError("negative_figure", owner=plan.name, field=quota.metric)
		if quota.excess is Excess.BILL and quota.price is None and not quota.prices:
			raise DomainError("quota_without_price", plan=plan.name, metric=quota.metric)
		if quota.price is not None and quota.price < 0:
			raise DomainError("negative_price", owner=plan.name, interval=quota.metric, amount=quota.price)
		check_prices(f"{plan.name}: {quota.metric}", quota.prices)


def interval_named(label: str) -> Interval:
	"""The interval a label stands for. Raises DomainError `unknown_interval`, which lists those there are."""
	try:
		return Interval(label)
	except ValueError:
		known = ", ".join(interval.value for interval in Interval)
		raise DomainError("unknown_interval", interval=label, known=known) from None
