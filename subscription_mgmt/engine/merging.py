"""May one ticket be merged into another that asks the same, and what becomes of it?"""

from dataclasses import replace
from datetime import datetime

from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.tickets import Ticket, TicketStatus


def merged(duplicate: Ticket, main: Ticket, now: datetime) -> Ticket:
	"""The duplicate, closed without charge. Work that waited for credits is not asked for any more."""
	if duplicate.name == main.name:
		raise DomainError("merge_with_itself", ticket=duplicate.name)
	if not duplicate.customer or duplicate.customer != main.customer:
		raise DomainError("merge_of_two_customers", ticket=duplicate.name, main=main.name)
	if main.status is TicketStatus.CLOSED:
		raise DomainError("merge_into_closed", main=main.name)
	return replace(duplicate.moved("merged", now), merged_into=main.name, asked_minutes=0)
