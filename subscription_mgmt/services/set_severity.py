"""Raise or lower the severity of a ticket, with the reason; deadlines still count from its opening."""

from datetime import datetime

from subscription_mgmt.engine.tickets import severity_set
from subscription_mgmt.services.handling import apply, gather
from subscription_mgmt.services.support_ports import SupportPorts


def set_severity(name: str, severity: int, reason: str, now: datetime, ports: SupportPorts) -> None:
	case = gather(name, now, ports)
	after = severity_set(case.ticket, severity, reason, now)
	apply(case, after, ports)
	ports.desk.remarked(
		after, "severity_changed", before=case.ticket.severity, after=severity, reason=reason.strip()
	)
