"""Show credentials to the ticket's assignee, and write down that he looked."""

from datetime import datetime

from subscription_mgmt.engine.access_grants import Credentials, check_may_look
from subscription_mgmt.services.support_ports import SupportPorts


def look_at_access(name: str, user: str, now: datetime, ports: SupportPorts) -> Credentials:
	grant = ports.grants.get(name)
	check_may_look(grant, user, ports.grants.assignees(grant.ticket), now)
	ports.grants.log_look(grant, user, now)
	return ports.grants.credentials(name)
