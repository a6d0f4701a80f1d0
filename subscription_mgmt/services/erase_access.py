"""Erase credentials for good: never later because something else, like a mail, does not work."""

from datetime import datetime

from subscription_mgmt.engine.access_grants import LIVING, Erasure, Grant, erased
from subscription_mgmt.services.support_ports import SupportPorts


def erase_access(name: str, reason: Erasure, now: datetime, ports: SupportPorts) -> None:
	_erase(ports.grants.get(name), reason, now, ports)


def erase_access_of(ticket: str, now: datetime, ports: SupportPorts) -> None:
	"""The ticket is done. Harmless when nothing is held."""
	for grant in ports.grants.of_ticket(ticket):
		if grant.status in LIVING:
			_erase(grant, Erasure.RESOLVED, now, ports)


def _erase(grant: Grant, reason: Erasure, now: datetime, ports: SupportPorts) -> None:
	after = erased(grant, reason, now)
	ports.grants.erase(grant.name)
	ports.grants.save(grant, after)
