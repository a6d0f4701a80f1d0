"""Take in the credentials that a customer hands in for a ticket, asked for or not."""

from datetime import datetime

from subscription_mgmt.engine.access_grants import Credentials, Grant, Purpose, check_credentials, handed_in
from subscription_mgmt.services.request_access import living_of, open_ticket_of
from subscription_mgmt.services.support_ports import SupportPorts


def hand_in_access(
	name: str, purpose: Purpose, url: str, credentials: Credentials, now: datetime, ports: SupportPorts
) -> Grant:
	"""Those handed in before for the same purpose are replaced."""
	check_credentials(credentials)
	ticket = open_ticket_of(name, ports)
	grant = living_of(name, purpose, ports) or ports.grants.add(ticket, purpose, url)
	after = handed_in(grant, url or grant.url, now, ports.grants.hours_held())
	ports.grants.keep(grant.name, credentials)
	ports.grants.save(grant, after)
	ports.desk.remarked(ticket, "access_handed_in", purpose=purpose.value)
	return after
