"""Where are credentials for interventions when there is no site? In a dictionary: for tests and simulation."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from subscription_mgmt.engine.access_grants import Credentials, Grant, Purpose
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.tickets import Ticket

HOURS = 72


class MemoryGrants:
	"""`assigned`: users by ticket. `looks`: (grant, user, moment)."""

	def __init__(self) -> None:
		self.all: dict[str, Grant] = {}
		self.held: dict[str, Credentials] = {}
		self.assigned: dict[str, set[str]] = defaultdict(set)
		self.looks: list[tuple[str, str, datetime]] = []

	def get(self, name: str) -> Grant:
		if name not in self.all:
			raise DomainError("unknown_grant", grant=name)
		return self.all[name]

	def of_ticket(self, ticket: str) -> Sequence[Grant]:
		return [grant for grant in self.all.values() if grant.ticket == ticket]

	def add(self, ticket: Ticket, purpose: Purpose, url: str) -> Grant:
		grant = Grant(f"ACC-{len(self.all) + 1}", ticket.name, ticket.customer, purpose, url=url)
		self.all[grant.name] = grant
		return grant

	def save(self, before: Grant, after: Grant) -> None:
		self.all[after.name] = after

	def hours_held(self) -> int:
		return HOURS

	def keep(self, name: str, credentials: Credentials) -> None:
		self.held[name] = credentials

	def credentials(self, name: str) -> Credentials:
		return self.held[name]

	def erase(self, name: str) -> None:
		self.held.pop(name, None)

	def assignees(self, ticket: str) -> frozenset[str]:
		return frozenset(self.assigned[ticket])

	def log_look(self, grant: Grant, user: str, now: datetime) -> None:
		self.looks.append((grant.name, user, now))
