"""Say whose a ticket is that came from an unknown sender: it goes the way that customer's tickets go."""

from dataclasses import replace
from datetime import datetime

from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.services.open_ticket import opened
from subscription_mgmt.services.support_ports import SupportPorts


def identify(name: str, customer: str, contract: str | None, now: datetime, ports: SupportPorts) -> None:
	"""Deadlines count from its opening. Raises DomainError `requester_known` where it has a customer."""
	stored = ports.tickets.get(name)
	if stored.customer:
		raise DomainError("requester_known", ticket=name, customer=stored.customer)
	asked = replace(stored, customer=customer, contract=contract)
	ports.tickets.save(stored, opened(asked, now, ports))
