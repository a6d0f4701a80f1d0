"""What is owed for usage beyond the quota, and how does the figure come about?

Billed in arrears on the contract's monthly billing date, also where the plan is billed for half a year or a
year (seed fr: "factures de consommation tous les mois"); each unit at the quota's price for every month in
which it was used.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from subscription_mgmt.engine.billing import Outcome
from subscription_mgmt.engine.catalogue import Aggregate, Excess, Pack, Plan, Quota
from subscription_mgmt.engine.charges import Charge, ChargeKind, charge_key
from subscription_mgmt.engine.contracts import Contract, Status
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.money import ZERO, rounded
from subscription_mgmt.engine.periods import Interval, Period, period_containing, periods_from
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
	"""One day behind a figure. `over` is what that day alone was beyond its quota."""

	day: date
	used: Decimal
	allowed: Decimal
	over: Decimal
	subjects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Overage:
	"""`over` units of a metric beyond the quota in `month`, at `price` each, and the days that explain it."""

	metric: str
	module: str | None
	month: Period
	over: Decimal
	price: Decimal
	days: tuple[ExplainedDay, ...] = ()


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
	quota = quota_of(terms.plan_on(month.end - date.resolution), terms.packs, metric)
	if quota is None or quota.excess is not Excess.BILL or quota.price is None:
		return None
	days = tuple(_explained(terms, records, month, quota, module))
	over = _over(days, quota.aggregate)
	if over and quota.currency not in (None, terms.contract.currency):
		raise DomainError(
			"quota_currency", metric=metric, price=quota.currency, contract=terms.contract.currency
		)
	return Overage(metric, module, month, over, quota.price, days)


def _explained(
	terms: Terms, records: Sequence[UsageRecord], month: Period, quota: Quota, module: str | None
) -> Iterator[ExplainedDay]:
	for use in daily_use(records, month, quota.aggregate):
		held = quota_of(terms.plan_on(use.day), terms.packs, quota.metric)
		# On a day of a plan that does not count the metric, nothing is beyond its quota.
		billed = held is not None and held.excess is Excess.BILL
		allowed = (
			allowed_on(use.day, held, terms.contract, terms.packs, module) if held and billed else use.used
		)
		yield ExplainedDay(use.day, use.used, allowed, max(ZERO, use.used - allowed), use.subjects)


def _over(days: Sequence[ExplainedDay], aggregate: Aggregate) -> Decimal:
	"""Peak: the day that was furthest beyond the pack of that day. Last: the last day. Sum and unique: what
	the month came to, beyond the largest quota it had."""
	if aggregate is Aggregate.PEAK:
		return max(day.over for day in days)
	if aggregate is Aggregate.LAST:
		return days[-1].over
	return max(ZERO, days[-1].used - max(day.allowed for day in days))


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
	for month in _months(contract, since, until, cut):
		billed_until = max(billed_until, month.end)
		if not _is_free(contract, month):
			for figure in overages(terms, records, month):
				charges.extend(_difference(contract, figure, charged, today))
	return Outcome(replace(contract, usage_from=billed_until), tuple(charges))


def _months(contract: Contract, since: date, until: date, cut: bool) -> Iterator[Period]:
	assert contract.anchor is not None
	for month in periods_from(contract.anchor, Interval.MONTHLY, max(since, contract.anchor)):
		if month.end <= until:
			yield month
		elif cut and month.start < until:
			yield Period(month.start, until)
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
	contract: Contract, figure: Overage, charged: Sequence[Charge], today: date
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
		amount=rounded(figure.price * more, contract.decimals),
		currency=contract.currency,
		charged_on=today,
		decimals=contract.decimals,
		period=figure.month,
		module=figure.module,
	)
	yield charge if more > 0 else replace(charge, kind=ChargeKind.CREDIT, reverses=before[0].key)


def month_of(contract: Contract, day: date) -> Period:
	"""The month of measuring that contains `day`: from one monthly billing date to the next."""
	return period_containing(contract.anchor or contract.start, Interval.MONTHLY, day)
