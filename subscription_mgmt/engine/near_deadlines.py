"""When is somebody told that a deadline comes near, and when does a ticket want to be looked at next?"""

from dataclasses import replace
from datetime import datetime

from subscription_mgmt.engine.support_policies import SlaPolicy
from subscription_mgmt.engine.tickets import RESPONSE, Ticket, due_targets
from subscription_mgmt.engine.working_time import WorkingTime, deadline


def with_warnings(ticket: Ticket, policy: SlaPolicy | None, clock: WorkingTime | None) -> Ticket:
	"""The ticket with the moments at which the policy's share of each target's working time has passed."""
	if policy is None or clock is None or not policy.warn_share:
		return replace(ticket, warn_response_at=None, warn_resolution_at=None)

	def near(minutes: int | None, due: datetime | None) -> datetime | None:
		if not minutes or due is None:
			return None
		return deadline(clock, ticket.opened_at, minutes * policy.warn_share / 100, ticket.pauses)

	respond = near(policy.response.get(ticket.severity), ticket.respond_by)
	resolve = near(policy.resolution.get(ticket.severity), ticket.resolve_by)
	return replace(ticket, warn_response_at=respond, warn_resolution_at=resolve)


def coming_near(ticket: Ticket, now: datetime) -> list[tuple[str, datetime]]:
	"""(target, deadline) of which somebody is to be told now: near, not missed yet, and nobody was told."""
	return [
		(target, due)
		for target, due in due_targets(ticket)
		if due > now and (at := _warn_at(ticket, target)) and at <= now
	]


def warned(ticket: Ticket, target: str) -> Ticket:
	return replace(ticket, warned=(*ticket.warned, target))


def next_look(ticket: Ticket) -> datetime | None:
	"""The earliest moment at which something can be missed or comes near."""
	return min(looks(ticket), default=None)


def looks(ticket: Ticket) -> list[datetime]:
	moments = []
	for target, due in due_targets(ticket):
		moments += [due, *filter(None, [_warn_at(ticket, target)])]
	return moments


def _warn_at(ticket: Ticket, target: str) -> datetime | None:
	"""None once somebody was told."""
	if target in ticket.warned:
		return None
	return ticket.warn_response_at if target == RESPONSE else ticket.warn_resolution_at
