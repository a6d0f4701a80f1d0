"""Record work on a ticket, unless its hours are used up or its credits do not suffice."""

from dataclasses import replace
from datetime import datetime
from enum import Enum

from subscription_mgmt.engine.routing import Route, split_work
from subscription_mgmt.engine.tickets import Ticket, TicketStatus, worked
from subscription_mgmt.services.handling import apply, cap_left, gather, warned
from subscription_mgmt.services.support_ports import SupportPorts


class Work(Enum):
	DONE = "done"
	WAITS_FOR_CREDITS = "waits"
	DECLINED = "declined"


def work(name: str, minutes: int, now: datetime, ports: SupportPorts) -> Work:
	"""Asked before the work is done. Where it would cost more credits than there are, the customer is told
	and the ticket waits with these minutes asked for. Where the hours of the year are used up, it may be
	declined."""
	case = gather(name, now, ports)
	ticket = _resumed(case.ticket, now)
	split = split_work(ticket.route, case.policy, minutes, cap_left(ticket, case.policy, now, ports))
	if split.is_declined:
		apply(case, replace(ticket.moved("declined", now), route=Route.DECLINED), ports)
		return Work.DECLINED
	after = worked(ticket, split.included, split.charged, now)
	if split.charged:
		waiting = warned(ticket, case.policy, split.charged, now, ports)
		if waiting is not ticket:
			# Its clock has stood still all the time.
			stopped = case.ticket if case.ticket.paused_since else waiting
			apply(case, replace(stopped, status=waiting.status, asked_minutes=split.charged), ports)
			return Work.WAITS_FOR_CREDITS
	apply(case, after, ports)
	ports.tickets.log_work(after, minutes, split.included, now)
	return Work.DONE


def _resumed(ticket: Ticket, now: datetime) -> Ticket:
	return ticket.moved("credits_came", now) if ticket.status is TicketStatus.NEEDS_CREDITS else ticket
