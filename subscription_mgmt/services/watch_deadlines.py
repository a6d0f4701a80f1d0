"""Find the deadlines of a ticket that have passed silently."""

from datetime import datetime

from subscription_mgmt.engine.tickets import breached, missed
from subscription_mgmt.services.support_ports import SupportPorts


def watch_deadlines(name: str, now: datetime, ports: SupportPorts) -> None:
	"""Each is found once, by the first run after it."""
	ticket = stored = ports.tickets.get(name)
	for target, due in missed(stored, now):
		ports.desk.breached(ticket, target, due)
		ticket = breached(ticket, target)
	if ticket is not stored:
		ports.tickets.save(stored, ticket)
