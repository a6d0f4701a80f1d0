"""How far may a customer use his system? It follows from the contracts that serve it."""

from collections.abc import Iterable
from enum import Enum

from subscription_mgmt.engine.catalogue import PlanKind
from subscription_mgmt.engine.contracts import BILLED, Contract, Status


class Mode(Enum):
	FULL = "Full"
	READ_ONLY = "Read Only"
	RESTRICTED = "Restricted"
	DELETED = "Deleted"


MOST_FIRST = (Mode.FULL, Mode.READ_ONLY, Mode.RESTRICTED)

MODE_MOVES: dict[Mode, frozenset[Mode]] = {
	Mode.FULL: frozenset({Mode.READ_ONLY, Mode.RESTRICTED}),
	Mode.READ_ONLY: frozenset({Mode.FULL, Mode.RESTRICTED}),
	Mode.RESTRICTED: frozenset({Mode.FULL, Mode.READ_ONLY, Mode.DELETED}),
	Mode.DELETED: frozenset(),
}


def granted(contract: Contract, kind: PlanKind) -> Mode:
	"""The mode one contract grants: a plan of kind Read Only lets people consult, any other lets them work.

	Seed bo: "el sistema se cambia a una forma de consulta y ya no para registrar, modificar o anular."
	"""
	if contract.status in BILLED or contract.status is Status.TRIALLING:
		return Mode.READ_ONLY if kind is PlanKind.READ_ONLY else Mode.FULL
	return Mode.RESTRICTED


def mode_of(contracts: Iterable[tuple[Contract, PlanKind]]) -> Mode:
	"""The mode of an instance: the most that any of its contracts grants."""
	modes = {granted(contract, kind) for contract, kind in contracts}
	return next((mode for mode in MOST_FIRST if mode in modes), Mode.RESTRICTED)
