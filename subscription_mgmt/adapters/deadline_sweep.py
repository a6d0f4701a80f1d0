"""Which open tickets have a deadline that has passed, and how is that written in a few queries for all of them?"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import frappe
from frappe.utils import escape_html, format_datetime, now

from subscription_mgmt.adapters.moments import stored
from subscription_mgmt.adapters.ticket_records import DOCTYPE, MISSED, next_deadline, ticket_of
from subscription_mgmt.engine.tickets import Ticket
from subscription_mgmt.refusals import sentence

AT_ONCE = 5_000
COMMENT = (
	*("name", "creation", "modified", "owner", "modified_by", "comment_type", "comment_email"),
	*("reference_doctype", "reference_name", "content"),
)


def due_tickets(moment: datetime) -> Sequence[Ticket]:
	"""Those with a deadline at or before `moment`, locked; a ticket that someone is changing now is left for later."""
	ticket = frappe.qb.DocType(DOCTYPE)
	rows = (
		frappe.qb.from_(ticket)
		.select("*")
		.where(ticket.next_deadline <= stored(moment))
		.orderby(ticket.next_deadline)
		.limit(AT_ONCE)
		.for_update(skip_locked=True)
		.run(as_dict=True)
	)
	return [ticket_of(row, []) for row in rows]


def mark_missed(found: Iterable[tuple[Ticket, Ticket, str, datetime]]) -> None:
	"""(before, after, target, deadline) of each: the target marked, the history told, the next deadline set."""
	found = list(found)
	ticket = frappe.qb.DocType(DOCTYPE)
	for target, column in MISSED.items():
		names = [after.name for _, after, missed, _ in found if missed == target]
		if names:
			frappe.qb.update(ticket).set(column, 1).where(ticket.name.isin(names)).run()
	_set_next({after.name: after for _, after, _, _ in found})
	user, moment = frappe.session.user, now()
	frappe.db.bulk_insert(
		"Comment",
		COMMENT,
		[
			(
				frappe.generate_hash(length=10),
				*(moment, moment, user, user, "Info", user, DOCTYPE, after.name),
				escape_html(sentence(f"missed_{target}", due=format_datetime(stored(due)))),
			)
			for _, after, target, due in found
		],
	)


def _set_next(tickets: dict[str, Ticket]) -> None:
	"""Most have none left; of the others each has its own, in one statement."""
	ticket = frappe.qb.DocType(DOCTYPE)
	following = {name: stored(next_deadline(each)) for name, each in tickets.items()}
	case = frappe.qb.terms.Case()
	for name, moment in following.items():
		if moment is not None:
			case = case.when(ticket.name == name, moment)
	update = frappe.qb.update(ticket).where(ticket.name.isin(list(following)))
	update.set(ticket.next_deadline, case.else_(None) if any(following.values()) else None).run()
