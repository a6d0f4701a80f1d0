"""May a system use more of a metric, and if not, which pack would allow it?"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from subscription_mgmt.engine.catalogue import Aggregate, Excess
from subscription_mgmt.engine.contracts import check_running
from subscription_mgmt.engine.money import ZERO
from subscription_mgmt.engine.overage import month_of
from subscription_mgmt.engine.quotas import allowed_on, check_reading, quota_of
from subscription_mgmt.engine.usage import UsageRecord, daily_use
from subscription_mgmt.services.applying import gather
from subscription_mgmt.services.ports import Ports


@dataclass(frozen=True)
class Entitlement:
	"""`used` now and `quota` today; `missing`: units beyond the quota if it went ahead."""

	allowed: bool
	billed: bool
	used: Decimal
	quota: Decimal
	missing: Decimal


def entitlement(
	name: str, metric: str, module: str | None, more: Decimal, now: datetime, ports: Ports
) -> Entitlement:
	"""Whether `more` units may be used: a blocked metric never beyond its quota, a billed one at its price."""
	contract = ports.contracts.get(name)
	check_running(contract, now.date())
	plan, packs = gather(contract, ports)
	asked = UsageRecord("", metric, now, more, module)
	quota = check_reading(asked, plan, quota_of(plan, packs, metric), now)
	month = month_of(contract, now.date())
	records = [each for each in ports.usage.since(name, month.start) if each.what == asked.what]
	today = daily_use(records, month, quota.aggregate)[(now.date() - month.start).days]
	used = _level_now(records) if quota.aggregate is Aggregate.PEAK else today.used
	allowed = allowed_on(now.date(), quota, contract, packs, module)
	missing = max(ZERO, used + more - allowed)
	billed = quota.excess is Excess.BILL
	return Entitlement(billed or not missing, billed and missing > 0, used, allowed, missing)


def _level_now(records: list[UsageRecord]) -> Decimal:
	last = max(records, key=lambda record: (record.at, record.key), default=None)
	return last.level if last else ZERO
