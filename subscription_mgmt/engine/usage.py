"""How much of a metric was used? The same figure whatever the order records came in, and however often.

A level (peak, last, unique) holds until the next record and carries over into the next month; a sum begins
anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256

from subscription_mgmt.engine.catalogue import Aggregate
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.money import ZERO
from subscription_mgmt.engine.periods import Period

LONGEST_KEY = 140


@dataclass(frozen=True)
class UsageRecord:
	"""One metered fact. `at`: local time of the contract. `value`: as measured; `counted`: the part that was
	allowed, where going beyond the quota is blocked (None: all of it). `subjects`: who or what was counted,
	where it is known.
	"""

	key: str
	metric: str
	at: datetime
	value: Decimal
	module: str | None = None
	subjects: tuple[str, ...] = ()
	counted: Decimal | None = None

	@property
	def level(self) -> Decimal:
		return self.value if self.counted is None else self.counted

	@property
	def what(self) -> tuple[str, str | None]:
		return self.metric, self.module


@dataclass(frozen=True)
class DayUse:
	"""`used` of a day: the day's peak, its last level, or what the month came to so far (sum, unique)."""

	day: date
	used: Decimal
	subjects: tuple[str, ...] = ()


def shortened(key: str) -> str:
	"""A key of ours that fits: itself, or a hash of it."""
	return key if len(key) <= LONGEST_KEY else sha256(key.encode()).hexdigest()


def is_new(record: UsageRecord, known: UsageRecord | None) -> bool:
	"""Whether the record counts: one with the key of a `known` one counts once. Raises DomainError
	`usage_key_reused` when its figures are others."""
	if known is None:
		return True
	if (known.what, known.value) != (record.what, record.value):
		raise DomainError("usage_key_reused", key=record.key)
	return False


def daily_use(records: Iterable[UsageRecord], month: Period, aggregate: Aggregate) -> list[DayUse]:
	"""What was used on each day of `month`, from the records of one metric and module.

	Records before the month say at which level it begins; those after it are left out. Of two records of the
	same moment the one with the later key holds.
	"""
	ordered = sorted(records, key=lambda record: (record.at, record.key))
	before = [record for record in ordered if record.at.date() < month.start]
	by_day: dict[date, list[UsageRecord]] = {}
	for record in ordered:
		if record.at.date() in month:
			by_day.setdefault(record.at.date(), []).append(record)
	if aggregate is Aggregate.SUM:
		return _totals(month, by_day)
	levels = _levels(month, by_day, before[-1] if before else None, aggregate)
	return _different(levels) if aggregate is Aggregate.UNIQUE else levels


def _days(month: Period) -> list[date]:
	return [month.start + timedelta(n) for n in range(month.days)]


def _totals(month: Period, by_day: dict[date, list[UsageRecord]]) -> list[DayUse]:
	total, days = ZERO, []
	for day in _days(month):
		measured = by_day.get(day, ())
		total += sum((record.level for record in measured), ZERO)
		days.append(DayUse(day, total, _names(measured)))
	return days


def _levels(
	month: Period, by_day: dict[date, list[UsageRecord]], last: UsageRecord | None, aggregate: Aggregate
) -> list[DayUse]:
	days = []
	for day in _days(month):
		measured = by_day.get(day, [])
		# The level of the day before, unless another one was measured the moment this day began.
		held = measured if last is None or _from_midnight(measured) else [last, *measured]
		last = held[-1] if held else None
		if aggregate is Aggregate.UNIQUE:
			shown = held
		else:
			shown = held[-1:] if aggregate is Aggregate.LAST else _highest(held)
		used = max((record.level for record in shown), default=ZERO)
		days.append(DayUse(day, used, _names(shown)))
	return days


def _from_midnight(measured: Sequence[UsageRecord]) -> bool:
	return bool(measured) and measured[0].at.time() == time.min


def _highest(held: list[UsageRecord]) -> list[UsageRecord]:
	return [max(held, key=lambda record: (record.level, record.key))] if held else []


def _different(levels: list[DayUse]) -> list[DayUse]:
	"""The different subjects so far; where a record names none, its level stands for them."""
	seen: set[str] = set()
	most, days = ZERO, []
	for each in levels:
		seen.update(each.subjects)
		most = max(most, each.used, Decimal(len(seen)))
		days.append(DayUse(each.day, most, tuple(sorted(seen))))
	return days


def _names(records: Sequence[UsageRecord]) -> tuple[str, ...]:
	return tuple(sorted({name for record in records for name in record.subjects}))
