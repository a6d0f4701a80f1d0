"""Where do a contract's users live when there is no site? In tuples by contract: for simulation and tests."""

from collections.abc import Sequence

from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.engine.users import ContractUser


class MemoryUsers:
	"""Implements `ports.Users`."""

	def __init__(self) -> None:
		self._of: dict[str, tuple[ContractUser, ...]] = {}

	def of(self, contract: str) -> Sequence[ContractUser]:
		return self._of.get(contract, ())

	def save(self, contract: Contract, before: Sequence[ContractUser], after: Sequence[ContractUser]) -> None:
		assert tuple(before) == tuple(self.of(contract.name))
		self._of[contract.name] = tuple(after)
