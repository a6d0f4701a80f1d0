"""How much of each of its quotas does a contract use, as a customer is shown it?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from subscription_mgmt.engine.catalogue import Excess, Pack, Plan, Quota
from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.engine.quotas import NEARLY, Standing, allowed_on, metric_of, quota_of

Standings = Mapping[tuple[str, str | None], Standing]


@dataclass(frozen=True)
class Use:
	"""`used` of `allowed` units this month; `module`: where the metric is counted per module."""

	metric: str
	module: str | None
	used: Decimal
	allowed: Decimal
	excess: Excess

	@property
	def percent(self) -> int:
		"""0 to 100, for a bar; beyond the quota it is full."""
		if not self.allowed:
			return 100 if self.used else 0
		return min(100, int(self.used * 100 / self.allowed))

	@property
	def is_nearly_used(self) -> bool:
		return self.used > 0 and self.used >= NEARLY * self.allowed

	@property
	def is_exceeded(self) -> bool:
		return self.used > self.allowed


def uses(
	contract: Contract, plan: Plan, packs: Mapping[str, Pack], standings: Standings, day: date
) -> list[Use]:
	"""Every quota of the plan, and every metric that only packs grant; one line per module where it counts so."""
	found: list[Use] = []
	for quota in _quotas(plan, packs):
		for module in _modules(quota, plan, standings):
			used = standings.get((quota.metric, module), Standing()).used(quota.aggregate)
			allowed = allowed_on(day, quota, contract, packs, module)
			if used or allowed:
				found.append(Use(quota.metric, module, used, allowed, quota.excess))
	return found


def metrics_of(plan: Plan, packs: Mapping[str, Pack]) -> list[str]:
	return [quota.metric for quota in _quotas(plan, packs)]


def _quotas(plan: Plan, packs: Mapping[str, Pack]) -> Iterator[Quota]:
	yield from plan.quotas
	known = {quota.metric for quota in plan.quotas}
	granted = dict.fromkeys(metric for pack in packs.values() if (metric := metric_of(pack)))
	for metric in granted:
		quota = quota_of(plan, packs, metric) if metric not in known else None
		if quota is not None:
			yield quota


def _modules(quota: Quota, plan: Plan, standings: Standings) -> list[str | None]:
	if not quota.per_module:
		return [None]
	used = {module for metric, module in standings if metric == quota.metric and module}
	return [*plan.modules, *sorted(used - set(plan.modules))]
