"""Record work on a ticket, unless its hours are used up or its credits do not suffice."""

from dataclasses import replace
from datetime import datetime
from enum import Enum

from subscription_mgmt.engine.routing import Route, split_work
from subscription_mgmt.engine.tickets import worked
from subscription_mgmt.services.handling import apply, cap_left, gather, warned
from subscription_mgmt.services.support_ports import SupportPorts


class Work(Enum):
	DONE = "done"
	WAITS_FOR_CREDITS = "waits"
	DECLINED = "declined"


def work(name: str, minutes: int, now: datetime, ports: SupportPorts) -> Work:
	"""Asked before the work is done. Where it would cost more credits than there are, nothing is recorded: the customer
	is told, and the ticket waits. Where the hours of the year are used up, it may be declined."""
	case = gather(name, now, ports)
	split = split_work(case.ticket.route, case.policy, minutes, cap_left(case.ticket, case.policy, now, ports))
	if split.is_declined:
		apply(case, replace(case.ticket.moved("declined", now), route=Route.DECLINED), ports)
		return Work.DECLINED
	after = worked(case.ticket, split.included, split.charged, now)
	if split.charged:
		waiting = warned(case.ticket, case.policy, split.charged, now, ports)
		if waiting is not case.ticket:
			apply(case, replace(waiting, asked_minutes=minutes), ports)
			return Work.WAITS_FOR_CREDITS
	apply(case, after, ports)
	ports.tickets.log_work(after, minutes, split.included, now)
	return Work.DONE
