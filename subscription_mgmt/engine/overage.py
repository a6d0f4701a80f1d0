"""What is owed for usage beyond the quota, and how does the figure come about?

Billed in arrears on the contract's monthly billing date, also where the plan is billed for half a year or a
year (seed fr: "factures de consommation tous les mois"); each unit at the quota's price for every month in
which it was used. A level's price is that of a month: of one that is cut short, by the contract's end or a new
anchor, it is charged by day. A sum's price is that of a thing, which costs the same whenever it is used.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from subscription_mgmt.engine.billing import Outcome
from subscription_mgmt.engine.catalogue import Aggregate, Excess, Pack, Plan, Quota
from subscription_mgmt.engine.charges import Basis, Charge, ChargeKind, charge_key
from subscription_mgmt.engine.contracts import Contract, Status
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.money import ZERO
from subscription_mgmt.engine.periods import Interval, Period, period_containing, periods_from
from subscription_mgmt.engine.proration import prorated
from subscription_mgmt.engine.quotas import allowed_on, quota_of
from subscription_mgmt.engine.usage import UsageRecord, daily_use


@dataclass(frozen=True)
class Terms:
	"""What a contract was allowed and when. `plans`: (first day, plan), the first one from the beginning
	on."""

	contract: Contract
	plans: Sequence[tuple[date, Plan]]
	packs: Mapping[str, Pack]

	def plan_on(self, day: date) -> Plan:
		return max(
			(each for each in self.plans if each[0] <= day), key=lambda each: each[0], default=self.plans[0]
		)[1]


@dataclass(frozen=True)
class ExplainedDay:
	"""One day behind a figure. `over` is what that day alone was beyond its quota. `billed`: whether the plan of that
	day bills what is beyond it; on other days all that was used was allowed."""

	day: date
	used: Decimal
	allowed: Decimal
	over: Decimal
	subjects: tuple[str, ...] = ()
	billed: bool = True


@dataclass(frozen=True)
class Overage:
	"""`over` units of a metric beyond the quota in `month`, at `price` each, and the days that explain it."""

	metric: str
	module: str | None
	month: Period
	over: Decimal
	price: Decimal
	aggregate: Aggregate
	days: tuple[ExplainedDay, ...] = ()

	@property
	def basis(self) -> Basis:
		"""What the figure rests on, in short: the first day that was as far beyond the quota as the month is billed
		for; of a sum the last day, and the largest quota of the month."""
		days_over = sum(1 for day in self.days if day.over)
		if self.aggregate in (Aggregate.SUM, Aggregate.UNIQUE):
			billed = [day for day in self.days if day.billed] or self.days
			allowed = max(day.allowed for day in billed)
			return Basis(billed[-1].day, billed[-1].used, allowed, days_over, billed[-1].subjects)
		day = next((day for day in self.days if day.over == self.over), self.days[-1])
		if self.aggregate is Aggregate.LAST:
			day = self.days[-1]
		return Basis(day.day, day.used, day.allowed, days_over, day.subjects)

	def amount(self, units: Decimal, whole: Period, decimals: int) -> Decimal:
		"""What `units` cost in this month, which is `whole` or cut short."""
		part = whole if self.aggregate is Aggregate.SUM else self.month
		return prorated(self.price * units, part, whole, decimals)


def overages(terms: Terms, records: Iterable[UsageRecord], month: Period) -> list[Overage]:
	"""Every billed metric of the month, by metric and module; those within their quota too, with `over`
	zero."""
	by_what: dict[tuple[str, str | None], list[UsageRecord]] = {}
	for record in records:
		by_what.setdefault(record.what, []).append(record)
	found = (
		_overage(terms, by_what[what], month)
		for what in sorted(by_what, key=lambda what: (what[0], what[1] or ""))
	)
	return [each for each in found if each is not None]


def _overage(terms: Terms, records: Sequence[UsageRecord], month: Period) -> Overage | None:
	metric, module = records[0].what
	quota = _last_billed(terms, metric, module, month)
	if quota is None:
		return None
	days = tuple(_explained(terms, records, month, quota, module))
	over = _over(days, quota.aggregate)
	currency = terms.contract.currency
	price = quota.price_in(currency, month.start)
	if over and price is None:
		raise DomainError("no_quota_price", metric=metric, currency=currency, day=month.start)
	return Overage(metric, module, month, over, price or ZERO, quota.aggregate, days)


def _last_billed(terms: Terms, metric: str, module: str | None, month: Period) -> Quota | None:
	"""The quota of the last plan of the month that bills the metric."""
	last = month.end - date.resolution
	starts = {day for day, _ in terms.plans if month.start < day <= last} | {month.start}
	for day in sorted(starts, reverse=True):
		quota = _billed_on(day, terms, metric, module)
		if quota is not None:
			return quota
	return None


def _billed_on(day: date, terms: Terms, metric: str, module: str | None) -> Quota | None:
	"""The quota beyond which the plan of the day bills; None where it does not count the metric, or has no such module
	any more."""
	plan = terms.plan_on(day)
	quota = quota_of(plan, terms.packs, metric)
	if quota is None or quota.excess is not Excess.BILL:
		return None
	return None if module and plan.modules and module not in plan.modules else quota


def _explained(
	terms: Terms, records: Sequence[UsageRecord], month: Period, quota: Quota, module: str | None
) -> Iterator[ExplainedDay]:
	for use in daily_use(records, month, quota.aggregate):
		held = _billed_on(use.day, terms, quota.metric, module)
		if held is None:
			yield ExplainedDay(use.day, use.used, use.used, ZERO, use.subjects, billed=False)
			continue
		allowed = allowed_on(use.day, held, terms.contract, terms.packs, module)
		yield ExplainedDay(use.day, use.used, allowed, max(ZERO, use.used - allowed), use.subjects)


def _over(days: Sequence[ExplainedDay], aggregate: Aggregate) -> Decimal:
	"""Peak: the day that was furthest beyond the pack of that day. Last: the last day. Sum and unique: what
	the month came to, as long as it was billed, beyond the largest quota it had."""
	if aggregate is Aggregate.PEAK:
		return max(day.over for day in days)
	if aggregate is Aggregate.LAST:
		return days[-1].over
	billed = [day for day in days if day.billed]
	return max(ZERO, billed[-1].used - max(day.allowed for day in billed)) if billed else ZERO


def usage_due(
	terms: Terms,
	records: Sequence[UsageRecord],
	charged: Sequence[Charge],
	since: date,
	until: date,
	today: date,
	cut: bool = False,
) -> Outcome:
	"""Charges for every month from the one of `since` that is over by `until`; with `cut`, the begun one too.

	`since` before `contract.usage_from`: late records came in, and what they change about those months is
	charged or credited now. `charged`: the contract's charges of those months.
	"""
	contract = terms.contract
	charges: list[Charge] = []
	billed_until = contract.usage_from or since
	for whole, month in _months(contract, since, until, cut):
		billed_until = max(billed_until, month.end)
		if not _is_free(contract, month):
			for figure in overages(terms, records, month):
				charges.extend(_difference(contract, figure, whole, charged, today))
	return Outcome(replace(contract, usage_from=billed_until), tuple(charges))


def _months(contract: Contract, since: date, until: date, cut: bool) -> Iterator[tuple[Period, Period]]:
	"""(whole month, the part of it to bill)"""
	assert contract.anchor is not None
	for month in periods_from(contract.anchor, Interval.MONTHLY, max(since, contract.anchor)):
		if month.end <= until:
			yield month, month
		elif cut and month.start < until:
			yield month, Period(month.start, until)
		else:
			return


def _is_free(contract: Contract, month: Period) -> bool:
	"""A month that began while the contract was suspended (DESIGN §2, Not paying)."""
	# A suspension that nobody returned from is over where the contract was taken up again with a new anchor.
	suspended = contract.status is Status.SUSPENDED
	return any(
		since < month.start and (suspended if until is None else month.start <= until)
		for since, until in contract.suspensions
	)


def _difference(
	contract: Contract, figure: Overage, whole: Period, charged: Sequence[Charge], today: date
) -> Iterator[Charge]:
	"""The charge of the month; where it was charged before, only what late records change about it."""
	stem = charge_key(contract.name, f"usage:{figure.metric}/{figure.module or ''}", figure.month.start)[:-1]
	before = [charge for charge in charged if charge.key.startswith(stem)]
	units = sum((-charge.quantity if charge.reverses else charge.quantity for charge in before), ZERO)
	if figure.over == units:
		return
	more = figure.over - units
	charge = Charge(
		key=f"{stem}{len(before)}",
		contract=contract.name,
		customer=contract.customer,
		kind=ChargeKind.USAGE,
		what=figure.metric,
		quantity=abs(more),
		rate=figure.price,
		amount=figure.amount(more, whole, contract.decimals),
		currency=contract.currency,
		charged_on=today,
		decimals=contract.decimals,
		period=figure.month,
		module=figure.module,
		basis=figure.basis,
	)
	yield charge if more > 0 else replace(charge, kind=ChargeKind.CREDIT, reverses=before[0].key)


def month_of(contract: Contract, day: date) -> Period:
	"""The month of measuring that contains `day`: from one monthly billing date to the next."""
	return period_containing(contract.anchor or contract.start, Interval.MONTHLY, day)
