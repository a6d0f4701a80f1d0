"""Go on with a ticket that waited for credits, now that there are enough."""

from dataclasses import replace
from datetime import datetime

from subscription_mgmt.engine.tickets import TicketStatus
from subscription_mgmt.services.handling import apply, credits_free, credits_needed, gather
from subscription_mgmt.services.support_ports import SupportPorts


def waiting_for_credits(customer: str, ports: SupportPorts) -> list[str]:
	"""The oldest first."""
	tickets = ports.tickets.unresolved_of(customer)
	return [ticket.name for ticket in tickets if ticket.status is TicketStatus.NEEDS_CREDITS]


def resume_ticket(name: str, now: datetime, ports: SupportPorts) -> bool:
	"""Whether it goes on. Harmless when it does not wait, or there are still too few."""
	case = gather(name, now, ports)
	if case.ticket.status is not TicketStatus.NEEDS_CREDITS:
		return False
	needed = credits_needed(case.ticket, case.policy, case.ticket.asked_minutes)
	if needed > credits_free(case.ticket, ports):
		return False
	apply(case, replace(case.ticket.moved("credits_came", now), asked_minutes=0), ports)
	return True
