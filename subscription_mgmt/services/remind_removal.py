"""Remind a customer to remove the temporary user whose credentials are erased here."""

from datetime import datetime

from subscription_mgmt.engine.access_grants import reminded, reminder_due
from subscription_mgmt.services.support_ports import SupportPorts


def remind_removal(name: str, now: datetime, ports: SupportPorts) -> bool:
	"""Whether he was told. Asked again, he is told only when it is time again."""
	grant = ports.grants.get(name)
	if not reminder_due(grant, now):
		return False
	ticket = ports.tickets.get(grant.ticket)
	ports.grants.save(grant, reminded(grant, now))
	ports.desk.tell(grant.customer, "access_remove", ticket, url=grant.url or grant.ticket)
	return True
