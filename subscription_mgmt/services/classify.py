"""Say what a ticket is about, which a mail does not: it goes the way that such tickets go."""

from dataclasses import dataclass, replace
from datetime import datetime

from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.support_credits import TicketKind
from subscription_mgmt.engine.tickets import FINISHED, Ticket, TicketStatus
from subscription_mgmt.services.handling import apply, gather
from subscription_mgmt.services.open_ticket import opened
from subscription_mgmt.services.support_ports import SupportPorts


@dataclass(frozen=True)
class Facts:
	"""What whoever writes a mail leaves open. `production`, `third_party`, `customised`: of the system asked about."""

	kind: TicketKind
	topic: str | None = None
	contract: str | None = None
	licence: str | None = None
	production: bool = True
	third_party: bool = False
	customised: bool = False


def classify(name: str, facts: Facts, now: datetime, ports: SupportPorts) -> None:
	"""Deadlines count from its opening.

	Raises DomainError `requester_unknown` before it is said whose it is, and `work_recorded` where what was worked on
	would go another way.
	"""
	case = gather(name, now, ports)
	before = case.ticket
	if before.status in FINISHED:
		status = before.status.value
		raise DomainError("ticket_move_refused", ticket=name, status=status, event="classified")
	if not before.customer:
		raise DomainError("requester_unknown", ticket=name)
	after = opened(replace(_running(before, now), **vars(facts)), now, ports)
	if (before.minutes or before.credit_minutes) and after.route is not before.route:
		raise DomainError("work_recorded", ticket=name)
	policy = ports.promises.policy(after.policy) if after.policy else None
	apply(replace(case, policy=policy), after, ports)
	ports.desk.remarked(after, "ticket_classified", kind=after.kind.value, topic=after.topic or "–")


def _running(ticket: Ticket, now: datetime) -> Ticket:
	"""One that waits for credits may need fewer now."""
	return ticket.moved("credits_came", now) if ticket.status is TicketStatus.NEEDS_CREDITS else ticket
