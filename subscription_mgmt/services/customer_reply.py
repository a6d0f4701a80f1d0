"""The customer wrote: the ticket's clock runs, and what was resolved is open again."""

from datetime import datetime

from subscription_mgmt.engine.replies import takes_reply
from subscription_mgmt.engine.tickets import replied
from subscription_mgmt.services.handling import apply, gather
from subscription_mgmt.services.support_ports import SupportPorts


def customer_reply(name: str, now: datetime, ports: SupportPorts) -> None:
	case = gather(name, now, ports)
	apply(case, replied(case.ticket, now), ports)


def hear(name: str, now: datetime, ports: SupportPorts) -> bool:
	"""The same for a message that lies on the ticket whatever its status: whether it changed something."""
	case = gather(name, now, ports)
	if not takes_reply(case.ticket, case.policy, now):
		return False
	apply(case, replied(case.ticket, now), ports)
	return True
