"""Merge a ticket into another of the same customer that asks the same: it is closed without charge."""

from datetime import datetime

from subscription_mgmt.engine.merging import merged
from subscription_mgmt.services.handling import apply, gather
from subscription_mgmt.services.support_ports import SupportPorts


def merge(name: str, into: str, now: datetime, ports: SupportPorts) -> None:
	"""What was said on it is read on the other, where its customer's next message goes, too."""
	# In the order of their names, so that two who merge them into each other do not wait for ever.
	for ticket in sorted({name, into}):
		ports.tickets.get(ticket)
	case, main = gather(name, now, ports), ports.tickets.get(into)
	after = apply(case, merged(case.ticket, main, now), ports)
	ports.desk.merged(after, main)
	ports.desk.tell(after.customer, "merged", after, main=main.name)
