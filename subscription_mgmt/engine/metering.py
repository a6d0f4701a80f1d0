"""Which usage do the readings of a customer's system amount to?

The system names its own modules; a Service Module says which of them it covers. A user counts in a module once, whether
he can open it in the system, is registered for it on the contract, or both.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from subscription_mgmt.engine.catalogue import Pack, Plan, Quota, ServiceModule
from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.engine.money import rounded
from subscription_mgmt.engine.quotas import quota_of
from subscription_mgmt.engine.systems import Reading
from subscription_mgmt.engine.usage import UsageRecord, shortened
from subscription_mgmt.engine.users import USERS, ContractUser, counted

# A system measures its storage in bytes; quotas and packs are in gigabytes.
STORAGE, GIGABYTE = ("storage", "storage_gb"), Decimal(10**9)


@dataclass(frozen=True)
class Metered:
	"""The records of a day, and the modules of the plan of which the system knows nothing by any name."""

	records: tuple[UsageRecord, ...]
	unknown_modules: tuple[str, ...] = ()


def metered(
	contract: Contract,
	plan: Plan,
	packs: Mapping[str, Pack],
	modules: Mapping[str, ServiceModule],
	users: Iterable[ContractUser],
	readings: Sequence[Reading],
	now: datetime,
) -> Metered:
	"""`now`: local time of the contract. Readings of metrics that the plan does not count are left out."""
	records, unknown = [], []
	for metric in sorted({reading.metric for reading in readings} | set(STORAGE)):
		quota = quota_of(plan, packs, metric)
		if quota is None:
			continue
		if metric == USERS:
			names = counted(users, plan, quota)
			by_module, unknown = _users(quota, plan, modules, names, readings)
			for module, (value, subjects) in by_module.items():
				records.append(_record(contract, metric, module, value, subjects, now))
		elif (value := _total(metric, readings)) is not None:
			records.append(_record(contract, metric, None, value, (), now))
	return Metered(tuple(records), tuple(unknown))


def _users(
	quota: Quota,
	plan: Plan,
	modules: Mapping[str, ServiceModule],
	registered: Mapping[str | None, tuple[str, ...]],
	readings: Sequence[Reading],
) -> tuple[dict[str | None, tuple[Decimal, tuple[str, ...]]], list[str]]:
	measured = [reading for reading in readings if reading.metric == USERS]
	if not quota.per_module:
		return {None: _once_each(measured, registered.get(None, ()))}, []
	found, unknown = {}, []
	for module in plan.modules:
		known = modules.get(module)
		covers = known.covers if known and known.covers else (module,)
		of_module = [reading for reading in measured if reading.module in covers]
		names = registered.get(module, ())
		if not of_module and not (known and known.covers):
			unknown.append(module)
		if of_module or names or module not in unknown:
			found[module] = _once_each(of_module, names)
	return found, unknown


def _once_each(measured: Sequence[Reading], registered: Sequence[str]) -> tuple[Decimal, tuple[str, ...]]:
	names = {name.strip().lower() for reading in measured for name in reading.subjects} | set(registered)
	most = max((reading.value for reading in measured), default=0)
	return Decimal(max(len(names), most)), tuple(sorted(names))


def _total(metric: str, readings: Sequence[Reading]) -> Decimal | None:
	if metric in STORAGE:
		stored = [reading.value for reading in readings if reading.metric == STORAGE[0]]
		return rounded(Decimal(sum(stored)) / GIGABYTE, 3) if stored else None
	values = [reading.value for reading in readings if reading.metric == metric]
	return Decimal(sum(values)) if values else None


def _record(
	contract: Contract,
	metric: str,
	module: str | None,
	value: Decimal,
	subjects: tuple[str, ...],
	now: datetime,
) -> UsageRecord:
	"""Of one instance, metric, module and day there is one record, however often it is measured. It says how the whole
	day was, from its midnight on: who was gone before a month began is not billed for it."""
	key = shortened(f"{contract.instance}|{metric}|{module or ''}|{now.date()}")
	midnight = datetime.combine(now.date(), time.min, now.tzinfo)
	return UsageRecord(key, metric, midnight, value, module, subjects)


def days_missed(last: date | None, today: date) -> list[date]:
	"""Days between the last one measured and today on which nothing was."""
	if last is None:
		return []
	return [last + timedelta(days=n) for n in range(1, (today - last).days)]
