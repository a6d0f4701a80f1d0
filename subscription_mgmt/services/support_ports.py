"""What do the services of support need from the outside? Two implementations of each, as of `ports.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from subscription_mgmt.engine.access_grants import Credentials, Grant, Purpose
from subscription_mgmt.engine.catalogue import Pack
from subscription_mgmt.engine.periods import Period
from subscription_mgmt.engine.ratings import Rating
from subscription_mgmt.engine.support_credits import CreditLine
from subscription_mgmt.engine.support_policies import SlaPolicy, Topic
from subscription_mgmt.engine.tickets import Ticket
from subscription_mgmt.engine.timers import Timer
from subscription_mgmt.engine.working_time import WorkingTime
from subscription_mgmt.services.ports import Ports


class Tickets(Protocol):
	def get(self, name: str) -> Ticket:
		"""The ticket, locked until the caller commits. Raises DomainError `unknown_ticket`."""

	def save(self, before: Ticket, after: Ticket) -> None: ...

	def unresolved_of(self, customer: str) -> Sequence[Ticket]:
		"""The customer's tickets that cost credits or wait for them, the oldest first."""

	def rating_of(self, name: str) -> Rating | None: ...

	def save_rating(self, name: str, rating: Rating) -> None: ...

	def log_work(self, ticket: Ticket, minutes: int, included: int, now: datetime) -> None:
		"""`included`: of these minutes, those that count against the hours of the contract's 12 months."""

	def minutes_worked(self, customer: str, contract: str | None, term: Period) -> int:
		"""Minutes that counted in these days, on the contract's tickets, or the customer's without a
		contract."""

	def minutes_bought(self, customer: str, contract: str | None, term: Period) -> int:
		"""Minutes of the packs of support hours that were bought in these days and are paid."""


class Credits(Protocol):
	def balance(self, customer: str) -> int:
		"""Locked until the caller commits, so that of two who spend at once the second sees what is left."""

	def add(self, line: CreditLine) -> int:
		"""Append the line; the balance then. Raises `booked_before`, and `too_few_credits` rather than go
		below 0."""

	def lines_of(self, customer: str) -> Sequence[CreditLine]:
		"""Oldest first."""

	def lines_from(self, source: str) -> Sequence[CreditLine]: ...


class Promises(Protocol):
	"""What is promised to whom: policies, topics, working hours, packs of credits."""

	def policy(self, name: str) -> SlaPolicy:
		"""Raises DomainError `unknown_policy`."""

	def policy_of(self, customer: str) -> str | None:
		"""The policy of the customer's tickets without a contract."""

	def topic(self, name: str) -> Topic:
		"""Raises DomainError `unknown_topic`."""

	def clock(self, policy: SlaPolicy, channel: str = "") -> WorkingTime:
		"""The hours of the policy, or of that channel where it has its own."""

	def credit_packs(self, has_contract: bool) -> Sequence[Pack]:
		"""One-off packs that grant credits; those that need a contract only for who has one."""

	def day_of(self, ticket: Ticket, now: datetime) -> date:
		"""The day it is for the vendor."""


class Desk(Protocol):
	"""Whom the ticket's news go to: the customer, and the ticket's own history."""

	def tell(self, customer: str, kind: str, ticket: Ticket | None = None, **figures: object) -> None:
		"""`kind`: low_balance, too_few_credits, new_balance, out_of_hours, received, received_due or merged."""

	def credited(self, line: CreditLine, balance: int) -> None: ...

	def breached(self, ticket: Ticket, target: str, due: datetime) -> None: ...

	def near(self, ticket: Ticket, target: str, due: datetime) -> None:
		"""A deadline comes near: those who are to see to it are told."""

	def merged(self, duplicate: Ticket, main: Ticket) -> None:
		"""What was said on the duplicate is read on the main ticket from now on."""

	def remarked(self, ticket: Ticket, code: str, **figures: object) -> None:
		"""A change worth knowing later; worded by `messages.py`."""


class Timers(Protocol):
	def of(self, user: str) -> Timer | None:
		"""The agent's running timer, locked until the caller commits."""

	def start(self, timer: Timer) -> None:
		"""Raises DomainError `timer_runs` rather than start a second one of an agent."""

	def stop(self, timer: Timer) -> None: ...


class Grants(Protocol):
	"""Temporary access to customers' systems. The credentials themselves leave it by `credentials` alone."""

	def get(self, name: str) -> Grant:
		"""Locked until the caller commits. Raises DomainError `unknown_grant`."""

	def of_ticket(self, ticket: str) -> Sequence[Grant]:
		"""Oldest first."""

	def add(self, ticket: Ticket, purpose: Purpose, url: str) -> Grant: ...

	def save(self, before: Grant, after: Grant) -> None: ...

	def hours_held(self) -> int:
		"""How long credentials are kept at most."""

	def keep(self, name: str, credentials: Credentials) -> None:
		"""Encrypted, in place of those before."""

	def credentials(self, name: str) -> Credentials: ...

	def erase(self, name: str) -> None:
		"""For good."""

	def assignees(self, ticket: str) -> frozenset[str]:
		"""Users to whom the ticket is assigned."""

	def log_look(self, grant: Grant, user: str, now: datetime) -> None: ...


@dataclass(frozen=True)
class SupportPorts:
	base: Ports
	tickets: Tickets
	credits: Credits
	promises: Promises
	desk: Desk
	timers: Timers
	grants: Grants
