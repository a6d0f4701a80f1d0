"""How much may a contract use on a day, and what is a customer told when he comes near it?

Quota = what the plan includes + what the packs grant. The administrator is one of the users that a plan
includes; every other user needs a pack for each module he can access (seed fr: "doit être souscrit par
module").
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from subscription_mgmt.engine.catalogue import Aggregate, Excess, Pack, PackKind, Plan, Quota
from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.money import ZERO
from subscription_mgmt.engine.usage import UsageRecord

# What a pack adds to where it does not name a metric.
METRICS = {
	PackKind.USERS: "users",
	PackKind.EMAILS: "emails",
	PackKind.COMPANIES: "companies",
	PackKind.STORAGE: "storage",
}
NEARLY = Decimal("0.8")


@dataclass(frozen=True)
class Standing:
	"""What was used of a metric so far this month: the sum of all records, and the highest level."""

	total: Decimal = ZERO
	highest: Decimal = ZERO

	def used(self, aggregate: Aggregate) -> Decimal:
		return self.total if aggregate is Aggregate.SUM else self.highest

	def with_level(self, level: Decimal) -> "Standing":
		return Standing(self.total + level, max(self.highest, level))


@dataclass(frozen=True)
class Told:
	"""A notice to send: quota_80, quota_100 or blocked."""

	kind: str
	metric: str
	module: str | None
	used: Decimal
	quota: Decimal


@dataclass(frozen=True)
class Taken:
	"""A record as it counts, the month's standing afterwards, and the notices it causes."""

	record: UsageRecord
	standing: Standing
	told: tuple[Told, ...] = ()


def metric_of(pack: Pack) -> str | None:
	return pack.metric or METRICS.get(pack.kind)


def quota_of(plan: Plan, packs: Mapping[str, Pack], metric: str) -> Quota | None:
	"""The plan's quota; where only packs grant the metric, none of it is included and more is blocked."""
	for quota in plan.quotas:
		if quota.metric == metric:
			return quota
	granting = [pack for pack in packs.values() if metric_of(pack) == metric and not pack.one_off]
	if not granting:
		return None
	summed = metric == METRICS[PackKind.EMAILS]
	aggregate = Aggregate.SUM if summed else Aggregate.LAST
	return Quota(metric, ZERO, aggregate, per_module=any(pack.per_module for pack in granting))


def allowed_on(
	day: date, quota: Quota, contract: Contract, packs: Mapping[str, Pack], module: str | None
) -> Decimal:
	"""Units of the quota's metric on `day`, for `module` where the quota is per module."""
	granted = (
		packs[line.pack].quantity * line.quantity
		for line in contract.packs
		if line.runs_on(day)
		and metric_of(packs[line.pack]) == quota.metric
		and (not quota.per_module or line.module in (None, module))
	)
	return quota.included + sum(granted, ZERO)


def check_reading(record: UsageRecord, plan: Plan, quota: Quota | None, now: datetime) -> Quota:
	"""Refuse what cannot have been measured; the quota it counts against. Raises DomainError."""
	if quota is None:
		raise DomainError("unknown_metric", metric=record.metric, plan=plan.name)
	if record.value < 0:
		raise DomainError("negative_usage", metric=record.metric, value=record.value)
	if record.at > now:
		raise DomainError("usage_in_future", metric=record.metric, at=record.at)
	if quota.per_module and not record.module:
		raise DomainError("usage_needs_module", metric=record.metric)
	if record.module and not quota.per_module:
		raise DomainError("usage_not_per_module", metric=record.metric, module=record.module)
	if record.module and plan.modules and record.module not in plan.modules:
		raise DomainError("module_not_metered", plan=plan.name, module=record.module)
	return quota


def taken(record: UsageRecord, quota: Quota, allowed: Decimal, before: Standing) -> Taken:
	"""The record within a quota of `allowed`: what is blocked does not count, and each threshold is told once
	a month."""
	counted = _counted(record, quota, allowed, before)
	after = before.with_level(counted)
	used_before, used = before.used(quota.aggregate), after.used(quota.aggregate)
	told = [
		Told(kind, record.metric, record.module, used, allowed)
		for kind, share in (("quota_80", NEARLY), ("quota_100", Decimal(1)))
		if _reaches(used, share * allowed) and not _reaches(used_before, share * allowed)
	]
	if counted < record.value:
		asked = record.value + (before.total if quota.aggregate is Aggregate.SUM else ZERO)
		told.append(Told("blocked", record.metric, record.module, asked, allowed))
	return Taken(_as_counted(record, counted), after, tuple(told))


def _reaches(used: Decimal, threshold: Decimal) -> bool:
	return used > 0 and used >= threshold


def _counted(record: UsageRecord, quota: Quota, allowed: Decimal, before: Standing) -> Decimal:
	if quota.excess is Excess.BILL:
		return record.value
	room = allowed - before.total if quota.aggregate is Aggregate.SUM else allowed
	return max(ZERO, min(record.value, room))


def _as_counted(record: UsageRecord, counted: Decimal) -> UsageRecord:
	if counted == record.value:
		return record
	return UsageRecord(
		record.key, record.metric, record.at, record.value, record.module, record.subjects, counted
	)


def suggested_pack(packs: Sequence[Pack], metric: str, missing: Decimal) -> Pack | None:
	"""The smallest recurring pack that covers `missing` units; else the largest there is."""
	fitting = sorted(
		(pack for pack in packs if metric_of(pack) == metric and not pack.one_off),
		key=lambda pack: (pack.quantity, pack.name),
	)
	return next((pack for pack in fitting if pack.quantity >= missing), fitting[-1] if fitting else None)
