"""Wait for the customer: the ticket's clock stops."""

from datetime import datetime

from subscription_mgmt.services.handling import apply, gather
from subscription_mgmt.services.support_ports import SupportPorts


def wait(name: str, now: datetime, ports: SupportPorts) -> None:
	case = gather(name, now, ports)
	apply(case, case.ticket.moved("waits", now), ports)
