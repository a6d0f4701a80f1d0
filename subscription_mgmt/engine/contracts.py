"""What is a contract, which statuses does it go through, and what does it agree on?"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum

from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.periods import Interval, Period, period_containing


class Status(Enum):
	DRAFT = "Draft"
	TRIALLING = "Trialling"
	ACTIVE = "Active"
	PAST_DUE = "Past Due"
	SUSPENDED = "Suspended"
	ENDED = "Ended"
	CANCELLED = "Cancelled"


MOVES: dict[tuple[Status, str], Status] = {
	(Status.DRAFT, "trial_started"): Status.TRIALLING,
	(Status.DRAFT, "activated"): Status.ACTIVE,
	(Status.DRAFT, "cancelled"): Status.CANCELLED,
	(Status.TRIALLING, "trial_over"): Status.ACTIVE,
	(Status.TRIALLING, "term_over"): Status.ENDED,
	(Status.TRIALLING, "cancelled"): Status.CANCELLED,
	(Status.ACTIVE, "past_due"): Status.PAST_DUE,
	(Status.ACTIVE, "term_over"): Status.ENDED,
	(Status.ACTIVE, "cancelled"): Status.CANCELLED,
	(Status.PAST_DUE, "paid"): Status.ACTIVE,
	(Status.PAST_DUE, "grace_over"): Status.SUSPENDED,
	(Status.PAST_DUE, "term_over"): Status.ENDED,
	(Status.PAST_DUE, "cancelled"): Status.CANCELLED,
	(Status.PAST_DUE, "read_only_bought"): Status.ACTIVE,
	(Status.SUSPENDED, "paid"): Status.ACTIVE,
	(Status.SUSPENDED, "term_over"): Status.ENDED,
	(Status.SUSPENDED, "cancelled"): Status.CANCELLED,
	(Status.SUSPENDED, "data_deleted"): Status.ENDED,
	(Status.SUSPENDED, "read_only_bought"): Status.ACTIVE,
	(Status.ENDED, "read_only_bought"): Status.ACTIVE,
	(Status.CANCELLED, "read_only_bought"): Status.ACTIVE,
}

BILLED = frozenset({Status.ACTIVE, Status.PAST_DUE})
RUNNING = frozenset({Status.TRIALLING, Status.ACTIVE, Status.PAST_DUE, Status.SUSPENDED})
OVER = frozenset({Status.ENDED, Status.CANCELLED})


@dataclass(frozen=True)
class PackLine:
	"""A pack on a contract. `billed_until` is the first day not yet charged (None: nothing charged yet).

	A one-off pack is charged when it is added and ends the same day, so that it never recurs.
	"""

	pack: str
	quantity: int
	starts_on: date
	module: str | None = None
	ends_on: date | None = None
	billed_until: date | None = None

	def runs_on(self, day: date) -> bool:
		return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


@dataclass(frozen=True)
class Restriction:
	"""How long the customer's access has really been restricted.

	`days` counts the days on which a run found it in force (so an outage of the scheduler extends it), `seen_on`
	is the last of them. `paid` is what had been paid on the contract when it began. `noticed` is the lowest number
	of remaining days a deletion notice went out for, `waits` why the deletion that is due did not happen.
	"""

	since: date
	seen_on: date
	paid: Decimal
	days: int = 0
	noticed: int | None = None
	waits: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlannedChange:
	"""Another plan or interval, taking effect when the period that is paid for ends."""

	plan: str
	interval: Interval
	on: date


@dataclass(frozen=True)
class Contract:
	"""A customer on a plan. Days are days in the contract's own time zone.

	`anchor`: the day every period is counted from (None while Draft).
	`next_billing`: first day not yet charged. `ends_on`: first day no longer served (None: renews tacitly).
	`agreed_price`: price of one interval agreed for this contract (None: the price list holds).
	`planned`: the change of plan ordered for the period's end.
	`arrears_since`, `reminded`: due date of the oldest unpaid invoice, and the last reminder day sent for it.
	`debts_from`: invoices from before do not count as unpaid (the customer went over to a read-only plan since).
	`renewal_noticed`: the renewal for which a notice went out. `on_hold`: nobody deletes its data.
	`changes`: how often it was changed; the generation of the charges a change makes (a period's regular charge is 0).
	`usage_from`: start of the first month whose usage is not billed (None: nothing was metered).
	`suspensions`: first day and day of return (None: not yet) of each, since the anchor.
	"""

	name: str
	customer: str
	plan: str
	interval: Interval
	currency: str
	start: date
	decimals: int = 2
	status: Status = Status.DRAFT
	anchor: date | None = None
	next_billing: date | None = None
	trial_until: date | None = None
	commitment_until: date | None = None
	ends_on: date | None = None
	auto_renew: bool = True
	agreed_price: Decimal | None = None
	packs: tuple[PackLine, ...] = ()
	instance: str | None = None
	changes: int = 0
	planned: PlannedChange | None = None
	arrears_since: date | None = None
	reminded: int = 0
	debts_from: date | None = None
	renewal_noticed: date | None = None
	restriction: Restriction | None = None
	on_hold: bool = False
	data_deleted_on: date | None = None
	usage_from: date | None = None
	suspensions: tuple[tuple[date, date | None], ...] = ()

	@property
	def next_usage_billing(self) -> date | None:
		"""The next day on which usage is billed: the anchor's day of a month, whatever the interval."""
		if self.usage_from is None or self.anchor is None:
			return None
		return period_containing(self.anchor, Interval.MONTHLY, self.usage_from).end

	def period_on(self, day: date) -> Period:
		"""The billing period that contains `day`. Only for contracts that were activated."""
		assert self.anchor is not None, f"{self.name} was never activated"
		return period_containing(self.anchor, self.interval, day)

	def moved(self, event: str) -> "Contract":
		"""The contract after `event`. Raises DomainError `move_refused` when its status does not allow it."""
		after = MOVES.get((self.status, event))
		if after is None:
			raise DomainError("move_refused", contract=self.name, status=self.status.value, event=event)
		return replace(self, status=after)


def check_running(contract: Contract, today: date) -> None:
	"""Refuse changes to a contract that has not begun, is over, or is over as soon as the next job runs."""
	if contract.status is Status.DRAFT:
		raise DomainError("contract_not_active", contract=contract.name)
	if contract.status not in RUNNING or (contract.ends_on is not None and contract.ends_on <= today):
		raise DomainError("contract_over", contract=contract.name, status=contract.status.value)


def check_dates(contract: Contract) -> None:
	"""Refuse a contract that ends before it starts."""
	if contract.ends_on is not None and contract.ends_on <= contract.start:
		raise DomainError(
			"end_before_start", contract=contract.name, start=contract.start, end=contract.ends_on
		)


def is_in_trial(contract: Contract, today: date) -> bool:
	return contract.trial_until is not None and today < contract.trial_until
