"""Where do tickets and credits live when there is no site? In dictionaries: for simulation and tests.

Same promises as the records of a site: a line's key is unique, and no balance goes below 0.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from subscription_mgmt.engine.calendars import Calendar
from subscription_mgmt.engine.catalogue import Pack, PackKind
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.near_deadlines import looks
from subscription_mgmt.engine.periods import Period
from subscription_mgmt.engine.ratings import Rating
from subscription_mgmt.engine.support_credits import CreditLine
from subscription_mgmt.engine.support_policies import SlaPolicy, Topic
from subscription_mgmt.engine.tickets import FINISHED, Ticket
from subscription_mgmt.engine.timers import Timer
from subscription_mgmt.engine.working_time import WorkingTime


class MemoryTickets:
	"""`on_change(ticket)` hears of every change. `zone`: whose days the work log has."""

	def __init__(self, zone: ZoneInfo, on_change: Callable[[Ticket], None] = lambda ticket: None) -> None:
		self.all: dict[str, Ticket] = {}
		self._zone, self._on_change = zone, on_change
		self._unresolved: dict[str, dict[str, None]] = defaultdict(dict)
		self._due: list[tuple[datetime, str]] = []
		self._ratings: dict[str, Rating] = {}
		self._work: dict[tuple[str, str | None], list[tuple[date, int]]] = defaultdict(list)
		self._bought: dict[tuple[str, str | None], list[tuple[date, int]]] = defaultdict(list)

	def add(self, ticket: Ticket) -> None:
		if ticket.name in self.all:
			raise DomainError("ticket_exists", ticket=ticket.name)
		self.all[ticket.name] = ticket

	def remove(self, name: str) -> None:
		del self.all[name]

	def get(self, name: str) -> Ticket:
		if name not in self.all:
			raise DomainError("unknown_ticket", ticket=name)
		return self.all[name]

	def save(self, before: Ticket, after: Ticket) -> None:
		self.all[after.name] = after
		if after.status in FINISHED:
			self._unresolved[after.customer].pop(after.name, None)
		else:
			self._unresolved[after.customer][after.name] = None
		for moment in looks(after):
			heapq.heappush(self._due, (moment, after.name))
		self._on_change(after)

	def next_due(self) -> tuple[datetime, str] | None:
		"""The earliest moment at which a deadline can be missed or comes near, and its ticket."""
		while self._due:
			due, name = self._due[0]
			if due in looks(self.all[name]):
				return due, name
			heapq.heappop(self._due)
		return None

	def unresolved_of(self, customer: str) -> Sequence[Ticket]:
		tickets = (self.all[name] for name in self._unresolved[customer])
		return sorted(tickets, key=lambda ticket: ticket.opened_at)

	def rating_of(self, name: str) -> Rating | None:
		return self._ratings.get(name)

	def save_rating(self, name: str, rating: Rating) -> None:
		self._ratings[name] = rating

	def log_work(self, ticket: Ticket, minutes: int, included: int, now: datetime) -> None:
		day = now.astimezone(self._zone).date()
		self._work[ticket.customer, ticket.contract].append((day, included))

	def minutes_worked(self, customer: str, contract: str | None, term: Period) -> int:
		return sum(minutes for day, minutes in self._work[customer, contract] if day in term)

	def buy_hours(self, customer: str, contract: str | None, day: date, minutes: int) -> None:
		self._bought[customer, contract].append((day, minutes))

	def minutes_bought(self, customer: str, contract: str | None, term: Period) -> int:
		return sum(minutes for day, minutes in self._bought[customer, contract] if day in term)


class MemoryCredits:
	def __init__(self) -> None:
		self.balances: dict[str, int] = defaultdict(int)
		self._lines: dict[str, list[CreditLine]] = defaultdict(list)
		self._from: dict[str, list[CreditLine]] = defaultdict(list)
		self._keys: set[str] = set()

	def balance(self, customer: str) -> int:
		return self.balances.get(customer, 0)

	def add(self, line: CreditLine) -> int:
		if line.key in self._keys:
			raise DomainError("booked_before", key=line.key)
		after = self.balance(line.customer) + line.change
		if after < 0:
			raise DomainError(
				"too_few_credits",
				customer=line.customer,
				needed=-line.change,
				balance=self.balance(line.customer),
			)
		self._keys.add(line.key)
		self._lines[line.customer].append(line)
		if line.source:
			self._from[line.source].append(line)
		self.balances[line.customer] = after
		return after

	def lines_of(self, customer: str) -> Sequence[CreditLine]:
		return tuple(self._lines.get(customer, ()))

	def lines_from(self, source: str) -> Sequence[CreditLine]:
		return tuple(self._from.get(source, ()))


class MemoryTimers:
	def __init__(self) -> None:
		self._running: dict[str, Timer] = {}

	def of(self, user: str) -> Timer | None:
		return self._running.get(user)

	def start(self, timer: Timer) -> None:
		running = self._running.setdefault(timer.user, timer)
		if running is not timer:
			raise DomainError("timer_runs", ticket=running.ticket)

	def stop(self, timer: Timer) -> None:
		del self._running[timer.user]


class MemoryPromises:
	"""`own`: customers' own policies by customer."""

	def __init__(
		self,
		zone: ZoneInfo,
		policies: Mapping[str, SlaPolicy],
		topics: Mapping[str, Topic],
		calendars: Mapping[str, Calendar],
		packs: Iterable[Pack] = (),
		own: Mapping[str, str] | None = None,
	) -> None:
		self._zone, self._policies, self._topics = zone, policies, topics
		self._calendars, self._packs, self._own = calendars, tuple(packs), own or {}
		self._clocks: dict[str | None, WorkingTime] = {}

	def policy(self, name: str) -> SlaPolicy:
		if name not in self._policies:
			raise DomainError("unknown_policy", policy=name)
		return self._policies[name]

	def policy_of(self, customer: str) -> str | None:
		return self._own.get(customer)

	def topic(self, name: str) -> Topic:
		if name not in self._topics:
			raise DomainError("unknown_topic", topic=name)
		return self._topics[name]

	def clock(self, policy: SlaPolicy, channel: str = "") -> WorkingTime:
		name = policy.calendar_for(channel)
		if name not in self._clocks:
			calendar = self._calendars[name] if name else Calendar("always", always=True)
			self._clocks[name] = WorkingTime(calendar)
		return self._clocks[name]

	def credit_packs(self, has_contract: bool) -> Sequence[Pack]:
		return [
			pack
			for pack in self._packs
			if pack.kind is PackKind.SUPPORT_CREDITS
			and pack.one_off
			and (has_contract or not pack.needs_contract)
		]

	def day_of(self, ticket: Ticket, now: datetime) -> date:
		return now.astimezone(self._zone).date()
