"""A person of ours wrote to the customer: the first time, that acknowledges the ticket."""

from datetime import datetime

from subscription_mgmt.engine.replies import answered
from subscription_mgmt.services.handling import apply, gather
from subscription_mgmt.services.support_ports import SupportPorts


def reply(name: str, now: datetime, ports: SupportPorts, confirms_severity: bool = False) -> None:
	"""Harmless on a ticket that is resolved or closed: the message is part of it, and nothing moves."""
	case = gather(name, now, ports)
	apply(case, answered(case.ticket, confirms_severity, now), ports)
