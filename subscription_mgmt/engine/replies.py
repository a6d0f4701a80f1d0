"""What does a message change about a ticket, and is it still this ticket's?"""

from dataclasses import replace
from datetime import datetime, timedelta

from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.support_policies import REOPEN_DAYS, SlaPolicy
from subscription_mgmt.engine.tickets import (
	FINISHED,
	Ticket,
	TicketStatus,
	acknowledged,
	severity_confirmed,
)


def answered(ticket: Ticket, confirms_severity: bool, now: datetime) -> Ticket:
	"""A person of ours wrote to the customer: the first time, that acknowledges receipt.

	Seed uk: the response is given once the level of the error is confirmed, too.
	"""
	if ticket.status in FINISHED:
		return ticket
	after = ticket if ticket.acknowledged_at else acknowledged(ticket, now)
	return severity_confirmed(after, now) if confirms_severity else after


def takes_reply(ticket: Ticket, policy: SlaPolicy | None, now: datetime) -> bool:
	"""Whether what the customer writes goes on this ticket; else it is a matter of its own."""
	if ticket.status is TicketStatus.CLOSED:
		return False
	if ticket.status is not TicketStatus.RESOLVED or ticket.resolved_at is None:
		return True
	days = policy.reopen_days if policy else REOPEN_DAYS
	return now <= ticket.resolved_at + timedelta(days=days)


def reopened(ticket: Ticket, reason: str, now: datetime) -> Ticket:
	"""Opened again by a person of ours. Raises DomainError `reopen_needs_reason` without a reason."""
	if not reason.strip():
		raise DomainError("reopen_needs_reason", ticket=ticket.name)
	return replace(ticket.moved("reopened", now), resolved_at=None)
