"""Find the deadlines of a ticket that have passed silently, and those that come near."""

from datetime import datetime

from subscription_mgmt.engine.near_deadlines import coming_near, warned
from subscription_mgmt.engine.tickets import breached, missed
from subscription_mgmt.services.support_ports import SupportPorts


def watch_deadlines(name: str, now: datetime, ports: SupportPorts) -> None:
	"""Each is found once, by the first run after its moment."""
	ticket = stored = ports.tickets.get(name)
	for target, due in missed(stored, now):
		ports.desk.breached(ticket, target, due)
		ticket = breached(ticket, target)
	for target, due in coming_near(ticket, now):
		ports.desk.near(ticket, target, due)
		ticket = warned(ticket, target)
	if ticket is not stored:
		ports.tickets.save(stored, ticket)
