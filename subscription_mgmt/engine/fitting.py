"""What of a contract's use would not fit into another plan?"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from subscription_mgmt.engine.catalogue import Aggregate, Excess, Pack, Plan, PlanKind
from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.quotas import allowed_on, quota_of
from subscription_mgmt.engine.usage import UsageRecord


def check_fits(
	contract: Contract, new: Plan, packs: Mapping[str, Pack], records: Iterable[UsageRecord], today: date
) -> None:
	"""Refuse a plan whose quotas block what is used now, naming all of it. Raises DomainError `does_not_fit`.

	Sums begin anew each month and what exceeds other quotas is billed, so neither stands in the way; nor does
	anything on a read-only plan, where data is never touched.
	"""
	if new.kind is PlanKind.READ_ONLY:
		return
	on_new = replace(contract, plan=new.name)
	unfit = []
	for record in sorted(_last_levels(records), key=lambda record: (record.metric, record.module or "")):
		quota = quota_of(new, packs, record.metric)
		if quota is None or quota.excess is not Excess.BLOCK or quota.aggregate is Aggregate.SUM:
			continue
		allowed = allowed_on(today, quota, on_new, packs, record.module)
		if record.level > allowed:
			what = record.metric if record.module is None else f"{record.metric} ({record.module})"
			unfit.append(f"{what} {record.level.normalize():f} > {allowed.normalize():f}")
	if unfit:
		raise DomainError("does_not_fit", plan=new.name, what=", ".join(unfit))


def _last_levels(records: Iterable[UsageRecord]) -> Iterable[UsageRecord]:
	last: dict[tuple[str, str | None], UsageRecord] = {}
	for record in sorted(records, key=lambda record: (record.at, record.key)):
		last[record.what] = record
	return last.values()
