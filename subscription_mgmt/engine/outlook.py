"""How far is each quota used today, and what would the bill of the running month say?"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from subscription_mgmt.engine.catalogue import Aggregate, Excess, Plan, Quota
from subscription_mgmt.engine.money import ZERO, rounded
from subscription_mgmt.engine.overage import Overage, Terms, overages
from subscription_mgmt.engine.periods import Period
from subscription_mgmt.engine.quotas import allowed_on, metric_of, quota_of
from subscription_mgmt.engine.usage import DayUse, UsageRecord, daily_use


@dataclass(frozen=True)
class Outlook:
	"""`used` of a metric today (of a sum or of different ones: in the month so far), `allowed` today. `over`: what the
	month would be billed for if it ended tonight, `expected_over`: if it went on like this until its end; `amount` and
	`expected_amount`: what that comes to. All zero where what is beyond the quota is blocked."""

	metric: str
	module: str | None
	aggregate: Aggregate
	excess: Excess
	used: Decimal
	allowed: Decimal
	price: Decimal | None = None
	over: Decimal = ZERO
	expected_over: Decimal = ZERO
	amount: Decimal = ZERO
	expected_amount: Decimal = ZERO

	@property
	def share(self) -> Decimal:
		"""Of the quota, 1 is all of it; of a quota of nothing, any use is."""
		if self.allowed:
			return self.used / self.allowed
		return Decimal(1) if self.used else ZERO


def outlooks(terms: Terms, records: Iterable[UsageRecord], month: Period, today: date) -> list[Outlook]:
	"""By metric and module, in the order of the plan. `month`: the whole one that `today` lies in."""
	by_what: dict[tuple[str, str | None], list[UsageRecord]] = {}
	for record in records:
		by_what.setdefault(record.what, []).append(record)
	so_far = Period(month.start, today + date.resolution)
	billed = {
		(each.metric, each.module): each
		for each in overages(terms, (record for held in by_what.values() for record in held), so_far)
	}
	plan = terms.plan_on(today)
	found = []
	for quota in _quotas(plan, terms, today):
		for module in _modules(quota, plan, by_what):
			measured = by_what.get((quota.metric, module), [])
			use = daily_use(measured, so_far, quota.aggregate)[-1]
			figure = billed.get((quota.metric, module))
			found.append(_outlook(terms, quota, module, use, figure, month, today))
	return found


def _quotas(plan: Plan, terms: Terms, today: date) -> Iterator[Quota]:
	"""Those of the plan, then those that only the packs of the day grant."""
	yield from plan.quotas
	named = {quota.metric for quota in plan.quotas}
	held = {terms.packs[line.pack] for line in terms.contract.packs if line.runs_on(today)}
	granted = {metric_of(pack) for pack in held} - named
	for metric in sorted(metric for metric in granted if metric):
		quota = quota_of(plan, terms.packs, metric)
		if quota is not None:
			yield quota


def _modules(
	quota: Quota, plan: Plan, by_what: dict[tuple[str, str | None], list[UsageRecord]]
) -> Sequence[str | None]:
	if not quota.per_module:
		return (None,)
	return plan.modules or sorted(module for metric, module in by_what if metric == quota.metric and module)


def _outlook(
	terms: Terms,
	quota: Quota,
	module: str | None,
	use: DayUse,
	figure: Overage | None,
	month: Period,
	today: date,
) -> Outlook:
	contract = terms.contract
	allowed = allowed_on(today, quota, contract, terms.packs, module)
	if quota.excess is Excess.BLOCK:
		return Outlook(quota.metric, module, quota.aggregate, quota.excess, use.used, allowed)
	price = quota.price_in(contract.currency, month.start)
	over = figure.over if figure else ZERO
	expected = over
	if quota.aggregate is Aggregate.SUM:
		pace = use.used * month.days / ((today - month.start).days + 1)
		expected = max(over, rounded(pace, 0) - allowed)
	return Outlook(
		quota.metric,
		module,
		quota.aggregate,
		quota.excess,
		use.used,
		allowed,
		price,
		over,
		expected,
		rounded((price or ZERO) * over, contract.decimals),
		rounded((price or ZERO) * expected, contract.decimals),
	)
