"""Answer a request that is not included: say why, and draft the quotation for what would help, once per ticket."""

from datetime import date

from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.quoting import Proposal, proposal_for
from subscription_mgmt.engine.routing import Route
from subscription_mgmt.engine.support_policies import Topic
from subscription_mgmt.engine.tickets import Ticket
from subscription_mgmt.services.offer_ports import OfferPorts
from subscription_mgmt.services.open_ticket import check_customer


def offer(name: str, today: date, ports: OfferPorts) -> str | None:
	"""The quotation; None where nothing is sold for it. Asked again, the same one, and nobody is told twice."""
	ticket = ports.support.tickets.get(name)
	if made := ports.quotes.of(name):
		return made
	check_customer(ticket.customer, ports.support)
	topic = ports.support.promises.topic(ticket.topic) if ticket.topic else None
	found = proposal_for(ticket, topic, ports.quotes.success_pack())
	quotation = ports.quotes.draft(found, today) if found else None
	_tell(ticket, topic, found, ports)
	return quotation


def quote(name: str, today: date, ports: OfferPorts) -> str:
	"""Raises DomainError `nothing_to_quote` where nothing is sold for the request."""
	quotation = offer(name, today, ports)
	if quotation is None:
		raise DomainError("nothing_to_quote", ticket=name)
	return quotation


def _tell(ticket: Ticket, topic: Topic | None, found: Proposal | None, ports: OfferPorts) -> None:
	kind = "by_quote" if ticket.route is Route.QUOTE else "excluded"
	reason = topic.reason if topic else None
	pack = found.pack if found else None
	ports.support.desk.tell(ticket.customer, kind, ticket, reason=reason or "", pack=pack)
