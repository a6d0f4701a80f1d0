"""On which server of a pool is a new system made?"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Server:
	"""`capacity`: systems that may be there; `systems`: that are."""

	name: str
	capacity: int
	systems: int


def least_loaded(servers: Iterable[Server]) -> Server | None:
	"""The one with the smallest part of its capacity taken; the larger, then the first by name of equal ones. None:
	all are full."""
	free = [server for server in servers if server.systems < server.capacity]
	return min(
		free,
		key=lambda each: (Fraction(each.systems, each.capacity), -each.capacity, each.name),
		default=None,
	)
