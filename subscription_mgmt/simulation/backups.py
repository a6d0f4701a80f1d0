"""Which backups did a simulation's instances get, and how far could they be reached?

Nothing runs while the days go by: which policy held from when is noted, and the runs are counted when all is over.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from subscription_mgmt.adapters.memory_hosting import MemoryHosting
from subscription_mgmt.engine.availability import availability
from subscription_mgmt.engine.backup_schedule import BackupPolicy, runs_between
from subscription_mgmt.engine.catalogue import Plan
from subscription_mgmt.engine.contracts import RUNNING, Contract
from subscription_mgmt.engine.periods import add_months
from subscription_mgmt.engine.retention import Backup, kept

Change = tuple[datetime, BackupPolicy | None]


class Backups:
	"""`now` is the test clock. Backups go on while access is restricted, until the data is deleted.

	Of several contracts on an instance, the first whose plan has a policy tells when.
	"""

	def __init__(
		self,
		now: Callable[[], datetime],
		zone: ZoneInfo,
		plans: Mapping[str, Plan],
		policies: Mapping[str, BackupPolicy],
		hosting: MemoryHosting,
	) -> None:
		self._now, self._zone, self._hosting = now, zone, hosting
		self._plans, self._policies = plans, policies
		self._changes: dict[str, list[Change]] = defaultdict(list)
		self._promised: dict[str, dict[str, str | None]] = defaultdict(dict)
		self._down: list[tuple[datetime, datetime]] = []

	def contract_saved(self, before: Contract, after: Contract) -> None:
		if after.instance is None or _facts(before) == _facts(after):
			return
		promised = self._promised[after.instance]
		if after.data_deleted_on is not None:
			promised.clear()
			self._hold(after.instance, None)
			return
		if after.status in RUNNING:
			promised[after.name] = self._plans[after.plan].backup
		else:
			promised.pop(after.name, None)
		# When nobody is left it goes on as before, until the data is deleted.
		if promised:
			name = next(filter(None, promised.values()), None)
			self._hold(after.instance, self._policies[name] if name else None)

	def scheduler_down(self, start: datetime, end: datetime) -> None:
		self._down.append((start, end))

	def counts(self, instance: str, end: datetime) -> dict[str, int]:
		"""`{"made", "failed", "kept"}` of the runs before `end`."""
		failing = self._hosting.failing.get(instance, ())
		runs = [
			Backup(at, good=not any(start <= at < until for start, until in failing))
			for at in self._runs(instance, end)
		]
		good = sum(run.good for run in runs)
		policy = next((held for _, held in reversed(self._changes.get(instance, ())) if held), None)
		return {
			"made": good,
			"failed": len(runs) - good,
			"kept": len(kept(runs, policy)) if policy and self._hosting.keeps_data(instance) else 0,
		}

	def availability(self, instance: str, last: date) -> dict[str, str]:
		"""Percent by month, from the one in which the instance began to that of `last`."""
		outages = self._hosting.outages.get(instance, ())
		month, months = self._hosting.since[instance].date().replace(day=1), {}
		while month <= last:
			months[f"{month:%Y-%m}"] = str(availability(outages, month, self._zone))
			month = add_months(month, 1)
		return months

	def _hold(self, instance: str, policy: BackupPolicy | None) -> None:
		changes = self._changes[instance]
		if not changes or changes[-1][1] != policy:
			changes.append((self._now(), policy))

	def _runs(self, instance: str, end: datetime) -> Iterator[datetime]:
		changes = self._changes.get(instance, [])
		ends = [*(start for start, _ in changes[1:]), end]
		for (start, policy), until in zip(changes, ends, strict=False):
			if policy is None:
				continue
			for at in runs_between(policy, self._zone, start, start, until):
				if not any(begins <= at < over for begins, over in self._down):
					yield at


def _facts(contract: Contract) -> tuple[object, ...]:
	"""What decides on the backups of a contract's system. An ended contract's data goes without a change of status."""
	return contract.plan, contract.status, contract.data_deleted_on
