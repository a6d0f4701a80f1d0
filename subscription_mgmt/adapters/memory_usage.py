"""Where do usage records live when there is no site? In lists by contract: for simulation and tests."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.engine.periods import Period
from subscription_mgmt.engine.quotas import Standing
from subscription_mgmt.engine.usage import UsageRecord


class MemoryUsage:
	"""Implements `ports.Usage`: a key is unique within its contract."""

	def __init__(self) -> None:
		self._by_key: dict[str, dict[str, UsageRecord]] = defaultdict(dict)
		self._unbilled: dict[str, list[date]] = defaultdict(list)

	def known(self, contract: str, keys: Iterable[str]) -> Mapping[str, UsageRecord]:
		held = self._by_key[contract]
		return {key: held[key] for key in keys if key in held}

	def add(self, contract: Contract, records: Sequence[UsageRecord]) -> None:
		for record in records:
			assert record.key not in self._by_key[contract.name], record.key
			self._by_key[contract.name][record.key] = record
			self._unbilled[contract.name].append(record.at.date())

	def since(self, contract: str, day: date) -> Sequence[UsageRecord]:
		last: dict[tuple[str, str | None], UsageRecord] = {}
		found = []
		for record in self._by_key[contract].values():
			before = last.get(record.what)
			if record.at.date() >= day:
				found.append(record)
			elif before is None or (before.at, before.key) < (record.at, record.key):
				last[record.what] = record
		return [*last.values(), *found]

	def standings(
		self, contract: str, month: Period, metrics: Iterable[str]
	) -> Mapping[tuple[str, str | None], Standing]:
		standings: dict[tuple[str, str | None], Standing] = {}
		for record in self._by_key[contract].values():
			if record.metric in metrics and record.at.date() in month:
				before = standings.get(record.what, Standing())
				standings[record.what] = before.with_level(record.level)
		return standings

	def unbilled_from(self, contract: str) -> date | None:
		return min(self._unbilled[contract], default=None)

	def billed(self, contract: str, until: date | None) -> None:
		days = self._unbilled[contract]
		self._unbilled[contract] = [day for day in days if until is not None and day >= until]
