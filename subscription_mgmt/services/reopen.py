"""Open a resolved ticket again, with the reason; its clock goes on from where it stood."""

from datetime import datetime

from subscription_mgmt.engine.replies import reopened
from subscription_mgmt.services.handling import apply, gather
from subscription_mgmt.services.support_ports import SupportPorts


def reopen(name: str, reason: str, now: datetime, ports: SupportPorts) -> None:
	case = gather(name, now, ports)
	after = reopened(case.ticket, reason, now)
	apply(case, after, ports)
	ports.desk.remarked(after, "ticket_reopened", reason=reason.strip())
