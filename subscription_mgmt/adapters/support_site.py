"""Which adapters does support use on a site? Its own records."""

from subscription_mgmt.adapters.credit_records import CreditRecords
from subscription_mgmt.adapters.grant_records import GrantRecords
from subscription_mgmt.adapters.promise_records import PromiseRecords
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.adapters.ticket_news import TicketNews
from subscription_mgmt.adapters.ticket_records import TicketRecords
from subscription_mgmt.adapters.timer_records import TimerRecords
from subscription_mgmt.services.support_ports import SupportPorts


def support_ports() -> SupportPorts:
	"""Ports for one request or one batch; policies and calendars are read once for all its tickets."""
	tickets, credits, promises = TicketRecords(), CreditRecords(), PromiseRecords()
	return SupportPorts(
		site_ports(), tickets, credits, promises, TicketNews(), TimerRecords(), GrantRecords()
	)
