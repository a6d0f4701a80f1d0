"""What is a support ticket, which statuses does it go through, and which deadlines does it have?"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.routing import Route
from subscription_mgmt.engine.support_credits import TicketKind
from subscription_mgmt.engine.support_policies import SlaPolicy
from subscription_mgmt.engine.working_time import WorkingTime, deadline

RESPONSE, RESOLUTION = "response", "resolution"


class TicketStatus(Enum):
	OPEN = "Open"
	IN_PROGRESS = "In Progress"
	WAITING = "Waiting"
	NEEDS_CREDITS = "Waiting for Credits"
	RESOLVED = "Resolved"
	CLOSED = "Closed"


# A ticket that nobody has acknowledged yet goes on as Open where the table says In Progress.
TICKET_MOVES: dict[tuple[TicketStatus, str], TicketStatus] = {
	(TicketStatus.OPEN, "acknowledged"): TicketStatus.IN_PROGRESS,
	(TicketStatus.IN_PROGRESS, "acknowledged"): TicketStatus.IN_PROGRESS,
	(TicketStatus.WAITING, "acknowledged"): TicketStatus.WAITING,
	(TicketStatus.NEEDS_CREDITS, "acknowledged"): TicketStatus.NEEDS_CREDITS,
	(TicketStatus.OPEN, "worked"): TicketStatus.OPEN,
	(TicketStatus.IN_PROGRESS, "worked"): TicketStatus.IN_PROGRESS,
	(TicketStatus.WAITING, "worked"): TicketStatus.WAITING,
	(TicketStatus.OPEN, "waits"): TicketStatus.WAITING,
	(TicketStatus.IN_PROGRESS, "waits"): TicketStatus.WAITING,
	(TicketStatus.OPEN, "replied"): TicketStatus.OPEN,
	(TicketStatus.IN_PROGRESS, "replied"): TicketStatus.IN_PROGRESS,
	(TicketStatus.WAITING, "replied"): TicketStatus.IN_PROGRESS,
	(TicketStatus.NEEDS_CREDITS, "replied"): TicketStatus.NEEDS_CREDITS,
	(TicketStatus.RESOLVED, "replied"): TicketStatus.IN_PROGRESS,
	(TicketStatus.OPEN, "credits_missing"): TicketStatus.NEEDS_CREDITS,
	(TicketStatus.IN_PROGRESS, "credits_missing"): TicketStatus.NEEDS_CREDITS,
	(TicketStatus.WAITING, "credits_missing"): TicketStatus.NEEDS_CREDITS,
	(TicketStatus.NEEDS_CREDITS, "credits_missing"): TicketStatus.NEEDS_CREDITS,
	(TicketStatus.NEEDS_CREDITS, "credits_came"): TicketStatus.IN_PROGRESS,
	(TicketStatus.OPEN, "declined"): TicketStatus.CLOSED,
	(TicketStatus.IN_PROGRESS, "declined"): TicketStatus.CLOSED,
	(TicketStatus.WAITING, "declined"): TicketStatus.CLOSED,
	(TicketStatus.OPEN, "merged"): TicketStatus.CLOSED,
	(TicketStatus.IN_PROGRESS, "merged"): TicketStatus.CLOSED,
	(TicketStatus.WAITING, "merged"): TicketStatus.CLOSED,
	(TicketStatus.NEEDS_CREDITS, "merged"): TicketStatus.CLOSED,
	(TicketStatus.OPEN, "resolved"): TicketStatus.RESOLVED,
	(TicketStatus.IN_PROGRESS, "resolved"): TicketStatus.RESOLVED,
	(TicketStatus.WAITING, "resolved"): TicketStatus.RESOLVED,
	(TicketStatus.RESOLVED, "reopened"): TicketStatus.IN_PROGRESS,
}
PAUSED = frozenset({TicketStatus.WAITING, TicketStatus.NEEDS_CREDITS, TicketStatus.RESOLVED})
RUNNING = frozenset({TicketStatus.OPEN, TicketStatus.IN_PROGRESS})
FINISHED = frozenset({TicketStatus.RESOLVED, TicketStatus.CLOSED})

Pause = tuple[datetime, datetime]


@dataclass(frozen=True)
class Ticket:
	"""A support request. Moments are aware.

	`minutes`: work within the promise; `credit_minutes`: work that costs credits; `asked_minutes`: work that
	waits for credits; `charged`: credits taken so far; `flat_credits`: what the topic costs whatever the work
	takes (0: by time). `pauses`, `paused_since`: while the customer or his credits were waited for.
	`breached`: targets missed, each once; `warned`: those of which somebody was told before, each once.
	`customer` is empty while nobody knows whose `requester` (an e-mail address) is. `merged_into`: the ticket
	that this one, a duplicate, is read with.
	"""

	name: str
	customer: str
	severity: int
	kind: TicketKind
	channel: str
	opened_at: datetime
	contract: str | None = None
	policy: str | None = None
	topic: str | None = None
	production: bool = True
	third_party: bool = False
	customised: bool = False
	status: TicketStatus = TicketStatus.OPEN
	route: Route = Route.SLA
	offer: str | None = None
	flat_credits: int = 0
	severity_confirmed_at: datetime | None = None
	acknowledged_at: datetime | None = None
	resolved_at: datetime | None = None
	pauses: tuple[Pause, ...] = ()
	paused_since: datetime | None = None
	respond_by: datetime | None = None
	resolve_by: datetime | None = None
	minutes: int = 0
	credit_minutes: int = 0
	asked_minutes: int = 0
	charged: int = 0
	breached: tuple[str, ...] = ()
	warn_response_at: datetime | None = None
	warn_resolution_at: datetime | None = None
	warned: tuple[str, ...] = ()
	requester: str | None = None
	merged_into: str | None = None
	licence: str | None = None

	@property
	def responded_at(self) -> datetime | None:
		"""Seed uk: a reference number assigned, the level of the error confirmed, receipt acknowledged."""
		if self.severity_confirmed_at is None or self.acknowledged_at is None:
			return None
		return max(self.severity_confirmed_at, self.acknowledged_at)

	def moved(self, event: str, now: datetime) -> "Ticket":
		"""The ticket after `event`, its clock stopped or running. Raises DomainError
		`ticket_move_refused`."""
		after = TICKET_MOVES.get((self.status, event))
		if after is None:
			status = self.status.value
			raise DomainError("ticket_move_refused", ticket=self.name, status=status, event=event)
		if after is TicketStatus.IN_PROGRESS and self.acknowledged_at is None:
			after = TicketStatus.OPEN
		return _paused(replace(self, status=after), now)


def _paused(ticket: Ticket, now: datetime) -> Ticket:
	if ticket.status in PAUSED:
		return ticket if ticket.paused_since else replace(ticket, paused_since=now)
	if ticket.paused_since is None:
		return ticket
	pause = (ticket.paused_since, now)
	return replace(ticket, pauses=(*ticket.pauses, pause), paused_since=None)


def check_severity(ticket: Ticket) -> None:
	"""Seed uk: no severity 1 on laboratory, demonstration or not accepted systems; no 1 or 2 for others'
	software."""
	if ticket.severity == 1 and not ticket.production:
		raise DomainError("severity_needs_production", severity=ticket.severity)
	if ticket.severity in (1, 2) and ticket.third_party:
		raise DomainError("severity_not_for_third_party", severity=ticket.severity)


def timed(ticket: Ticket, policy: SlaPolicy | None, clock: WorkingTime | None) -> Ticket:
	"""The ticket with its deadlines, counted from its opening without its pauses. None where nothing is
	promised."""
	if policy is None or clock is None or ticket.route not in (Route.SLA, Route.CREDITS):
		return replace(ticket, respond_by=None, resolve_by=None)

	def due(targets: dict[int, int]) -> datetime | None:
		minutes = targets.get(ticket.severity)
		return deadline(clock, ticket.opened_at, minutes, ticket.pauses) if minutes else None

	respond_by = ticket.respond_by if ticket.responded_at else due(dict(policy.response))
	return replace(ticket, respond_by=respond_by, resolve_by=due(dict(policy.resolution)))


def acknowledged(ticket: Ticket, now: datetime) -> Ticket:
	"""Receipt acknowledged, to the customer."""
	after = replace(ticket, acknowledged_at=ticket.acknowledged_at or now)
	return after.moved("acknowledged", now)


def severity_confirmed(ticket: Ticket, now: datetime) -> Ticket:
	return replace(ticket, severity_confirmed_at=ticket.severity_confirmed_at or now)


def severity_set(ticket: Ticket, severity: int, reason: str, now: datetime) -> Ticket:
	"""Another severity, confirmed by saying so. Raises DomainError `severity_needs_reason` without a
	reason."""
	if ticket.status in FINISHED:
		raise DomainError(
			"ticket_move_refused", ticket=ticket.name, status=ticket.status.value, event="set_severity"
		)
	if not reason.strip():
		raise DomainError("severity_needs_reason", ticket=ticket.name)
	after = replace(ticket, severity=severity)
	check_severity(after)
	return severity_confirmed(after, now)


def worked(ticket: Ticket, included: int, charged: int, now: datetime) -> Ticket:
	"""`included` minutes of work within the promise and `charged` minutes that cost credits."""
	if included < 0 or charged < 0 or not included + charged:
		raise DomainError("minutes_not_positive", minutes=included + charged)
	after = ticket.moved("worked", now)
	return replace(
		after,
		minutes=after.minutes + included,
		credit_minutes=after.credit_minutes + charged,
		route=Route.CREDITS if charged else after.route,
		asked_minutes=0,
	)


def resolved(ticket: Ticket, now: datetime) -> Ticket:
	"""A resolution is a response, too."""
	after = severity_confirmed(replace(ticket, acknowledged_at=ticket.acknowledged_at or now), now)
	return replace(after.moved("resolved", now), resolved_at=now)


def replied(ticket: Ticket, now: datetime) -> Ticket:
	"""The customer wrote: the clock runs again, and what was resolved is open again."""
	return replace(ticket.moved("replied", now), resolved_at=None)


def due_targets(ticket: Ticket) -> list[tuple[str, datetime]]:
	"""(target, deadline) that can still be missed, while the clock runs; the earliest first."""
	if ticket.status not in RUNNING:
		return []
	open_ = []
	if ticket.respond_by and not ticket.responded_at and RESPONSE not in ticket.breached:
		open_.append((RESPONSE, ticket.respond_by))
	if ticket.resolve_by and RESOLUTION not in ticket.breached:
		open_.append((RESOLUTION, ticket.resolve_by))
	return sorted(open_, key=lambda target: target[1])


def missed(ticket: Ticket, now: datetime) -> list[tuple[str, datetime]]:
	"""Of these, those that are missed for good: their moment has come and nothing was done in it."""
	return [(target, due) for target, due in due_targets(ticket) if due <= now]


def missed_before(ticket: Ticket, now: datetime) -> list[tuple[str, datetime]]:
	"""Those that were missed before something is done now; what is done at the very moment is in time."""
	return [(target, due) for target, due in due_targets(ticket) if due < now]


def breached(ticket: Ticket, target: str) -> Ticket:
	return replace(ticket, breached=(*ticket.breached, target))
