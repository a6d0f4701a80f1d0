"""Answer a ticket for the first time: its receipt acknowledged, its severity confirmed."""

from datetime import datetime

from subscription_mgmt.engine.tickets import acknowledged, severity_confirmed
from subscription_mgmt.services.handling import apply, gather
from subscription_mgmt.services.support_ports import SupportPorts


def acknowledge(name: str, now: datetime, ports: SupportPorts, confirms_severity: bool = True) -> None:
	"""The response is given once both were done; `confirms_severity` False: only the receipt is
	acknowledged."""
	case = gather(name, now, ports)
	after = acknowledged(case.ticket, now)
	apply(case, severity_confirmed(after, now) if confirms_severity else after, ports)
