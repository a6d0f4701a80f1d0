"""Ask the customer for temporary access to his system, for one ticket."""

from datetime import datetime

from subscription_mgmt.engine.access_grants import LIVING, Grant, Purpose
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.tickets import FINISHED, Ticket
from subscription_mgmt.services.support_ports import SupportPorts


def request_access(name: str, purpose: Purpose, url: str, now: datetime, ports: SupportPorts) -> Grant:
	"""Asked again while it is open, the same grant, and nobody is told twice."""
	ticket = open_ticket_of(name, ports)
	if waiting := living_of(name, purpose, ports):
		return waiting
	grant = ports.grants.add(ticket, purpose, url)
	ports.desk.tell(ticket.customer, f"access_{purpose.name.lower()}", ticket)
	return grant


def open_ticket_of(name: str, ports: SupportPorts) -> Ticket:
	"""Raises DomainError `no_access_for_finished`."""
	ticket = ports.tickets.get(name)
	if ticket.status in FINISHED:
		raise DomainError("no_access_for_finished", ticket=name)
	return ticket


def living_of(ticket: str, purpose: Purpose, ports: SupportPorts) -> Grant | None:
	grants = (grant for grant in ports.grants.of_ticket(ticket) if grant.purpose is purpose)
	return next((grant for grant in grants if grant.status in LIVING), None)
