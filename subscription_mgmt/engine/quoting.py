"""What is quoted to a customer whose request is not included, and why?"""

from dataclasses import dataclass

from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.routing import Route
from subscription_mgmt.engine.support_policies import Topic
from subscription_mgmt.engine.tickets import Ticket

QUOTED = frozenset({Route.QUOTE, Route.EXCLUDED})


@dataclass(frozen=True)
class Proposal:
	"""`pack` None: the item of the topic is quoted, its price to be filled in. `reason`: the vendor's own words."""

	ticket: str
	customer: str
	topic: str | None = None
	pack: str | None = None
	reason: str | None = None


def proposal_for(ticket: Ticket, topic: Topic | None, success_pack: str | None) -> Proposal | None:
	"""None where nothing is sold for the request. Raises DomainError `needs_no_offer` where it is included.

	Seed mx, of what is excluded: "te recomendamos obtener un Success Pack"; seed es, of a customised system: "se
	tendrá que realizar un presupuesto personalizado". `success_pack`: offered for a request without a topic.
	"""
	if ticket.route not in QUOTED:
		raise DomainError("needs_no_offer", ticket=ticket.name)
	if topic is None:
		return Proposal(ticket.name, ticket.customer, pack=success_pack) if success_pack else None
	if not ticket.offer and not topic.item and ticket.route is Route.EXCLUDED:
		return None
	return Proposal(ticket.name, ticket.customer, topic.name, ticket.offer, topic.reason)
