"""Take in a mail: which ticket does it go on, and what becomes of one that it opens?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.incoming_mail import Sender
from subscription_mgmt.engine.replies import takes_reply
from subscription_mgmt.engine.routing import Route
from subscription_mgmt.engine.tickets import Ticket, TicketStatus
from subscription_mgmt.services.open_ticket import opened
from subscription_mgmt.services.support_ports import SupportPorts


@dataclass(frozen=True)
class Place:
	"""`ticket`: the mail goes on it. None: it opens a ticket, which `follows` another of the sender's."""

	ticket: str | None = None
	follows: str | None = None


def place_of(named: Sequence[str], sender: Sender, now: datetime, ports: SupportPorts) -> Place:
	"""`named`: the tickets that the mail answers or names, the surest first. Those of others are as if they
	did not exist."""
	follows = None
	for name in named:
		ticket = _main(name, ports)
		if ticket is None or not is_his(ticket, sender):
			continue
		policy = ports.promises.policy(ticket.policy) if ticket.policy else None
		if takes_reply(ticket, policy, now):
			return Place(ticket.name)
		follows = follows or ticket.name
	return Place(follows=follows)


def is_his(ticket: Ticket, sender: Sender) -> bool:
	if ticket.customer:
		return ticket.customer in sender.customers
	return ticket.requester is not None and ticket.requester.lower() == sender.address.lower()


def open_by_mail(name: str, now: datetime, ports: SupportPorts) -> None:
	"""As any other ticket; but one that is refused is kept without a promise, for a mail is never lost. Its
	receipt is told: a machine's note, which does not count as the promised acknowledgement."""
	asked = ports.tickets.get(name)
	try:
		ticket = opened(asked, now, ports)
	except DomainError as refusal:
		ticket = replace(asked, route=Route.COMMUNITY)
		ports.desk.remarked(ticket, refusal.code, **refusal.context)
	ports.tickets.save(asked, ticket)
	kind = "received" if ticket.respond_by is None or ticket.status is TicketStatus.CLOSED else "received_due"
	ports.desk.tell(ticket.customer, kind, ticket, number=ticket.name, respond_by=ticket.respond_by)


def _main(name: str, ports: SupportPorts) -> Ticket | None:
	"""The ticket, or the one that it was merged into."""
	seen: set[str] = set()
	while name not in seen:
		seen.add(name)
		try:
			ticket = ports.tickets.get(name)
		except DomainError:
			return None
		if ticket.merged_into is None:
			return ticket
		name = ticket.merged_into
	return None
