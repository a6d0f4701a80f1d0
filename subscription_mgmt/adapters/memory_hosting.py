"""What stands in for customers' systems when there are none? A mode per instance, and backups that fail on order."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

from subscription_mgmt.engine.access import MODE_MOVES, Mode
from subscription_mgmt.engine.contracts import Contract


class MemoryHosting:
	"""Implements `ports.Hosting`: every order is in force at once. `now` is the test clock."""

	def __init__(self, now: Callable[[], datetime]) -> None:
		self._now = now
		self.modes: dict[str, Mode] = {}
		self.failing: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)

	def mode(self, instance: str) -> Mode | None:
		return self.modes.get(instance)

	def order(self, contract: Contract, mode: Mode) -> None:
		assert contract.instance is not None
		before = self.modes.get(contract.instance)
		assert before is None or mode in MODE_MOVES[before], f"{before} to {mode}"
		self.modes[contract.instance] = mode

	def is_in_force(self, instance: str, mode: Mode) -> bool:
		return self.modes.get(instance) is mode

	def backups_fail(self, instance: str, start: datetime, end: datetime) -> None:
		self.failing[instance].append((start, end))

	def has_final_backup(self, contract: Contract) -> bool:
		now = self._now()
		return not any(start <= now < end for start, end in self.failing[contract.instance or ""])

	def is_released(self, contract: Contract) -> bool:
		return True

	def delete(self, contract: Contract) -> None:
		self.order(contract, Mode.DELETED)
