"""What stands in for customers' systems when there are none? A mode per instance, and backups that fail on order."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from subscription_mgmt.engine.access import MODE_MOVES, Mode
from subscription_mgmt.engine.availability import Outage
from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.engine.errors import DomainError


class MemoryHosting:
	"""Implements `ports.Hosting`: every order is in force at once. `now` is the test clock."""

	def __init__(self, now: Callable[[], datetime]) -> None:
		self._now = now
		self.modes: dict[str, Mode] = {}
		self.failing: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
		self.outages: dict[str, list[Outage]] = defaultdict(list)
		self.since: dict[str, datetime] = {}

	def mode(self, instance: str) -> Mode | None:
		return self.modes.get(instance)

	def order(self, contract: Contract, mode: Mode) -> None:
		assert contract.instance is not None
		before = self.modes.get(contract.instance)
		assert before is None or mode in MODE_MOVES[before], f"{before} to {mode}"
		self.modes[contract.instance] = mode
		self.since.setdefault(contract.instance, self._now())

	def is_in_force(self, instance: str, mode: Mode) -> bool:
		return self.modes.get(instance) is mode

	def backups_fail(self, instance: str, start: datetime, end: datetime) -> None:
		self.failing[instance].append((start, end))

	def outage(self, instance: str, minutes: int, planned: bool) -> None:
		if instance not in self.modes:
			raise DomainError("unknown_instance", instance=instance)
		start = self._now()
		# Real minutes: those of a night in which the clocks change too.
		end = (start.astimezone(timezone.utc) + timedelta(minutes=minutes)).astimezone(start.tzinfo)
		self.outages[instance].append(Outage(start, end, planned))

	def keeps_data(self, instance: str) -> bool:
		return self.modes.get(instance) is not Mode.DELETED

	def has_final_backup(self, contract: Contract) -> bool:
		now = self._now()
		return not any(start <= now < end for start, end in self.failing[contract.instance or ""])

	def is_released(self, contract: Contract) -> bool:
		return True

	def delete(self, contract: Contract) -> None:
		self.order(contract, Mode.DELETED)
