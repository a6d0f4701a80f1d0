"""Which open tickets have a deadline that has passed, and how is that written in a few queries for all of them?"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

import frappe
from frappe.utils import escape_html, format_datetime, now

from subscription_mgmt.adapters.moments import stored
from subscription_mgmt.adapters.ticket_records import DOCTYPE, MISSED, ticket_of
from subscription_mgmt.engine.tickets import RESOLUTION, RESPONSE, Ticket, due_targets
from subscription_mgmt.refusals import sentence

AT_ONCE = 10_000
DEADLINE = {RESPONSE: "respond_by", RESOLUTION: "resolve_by"}
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


def mark_missed(found: Sequence[tuple[Ticket, str, datetime]]) -> None:
	"""(ticket afterwards, target, deadline) of each: the target marked, the next deadline set, the history told."""
	for target, column in MISSED.items():
		_update([ticket.name for ticket, missed, _ in found if missed == target], column, 1)
	following: dict[str | None, dict[str, None]] = defaultdict(dict)
	for ticket in {ticket.name: ticket for ticket, _, _ in found}.values():
		targets = due_targets(ticket)
		following[DEADLINE[targets[0][0]] if targets else None][ticket.name] = None
	for column, names in following.items():
		_update(list(names), "next_deadline", frappe.qb.Field(column) if column else None)
	_tell(found)


def _update(names: list[str], column: str, value: object) -> None:
	if names:
		ticket = frappe.qb.DocType(DOCTYPE)
		frappe.qb.update(ticket).set(ticket[column], value).where(ticket.name.isin(names)).run()


def _tell(found: Sequence[tuple[Ticket, str, datetime]]) -> None:
	texts = {
		(target, due): escape_html(sentence(f"missed_{target}", due=format_datetime(stored(due))))
		for target, due in {(target, due) for _, target, due in found}
	}
	user, moment = frappe.session.user, now()
	rows = [
		(
			frappe.generate_hash(length=10),
			*(moment, moment, user, user, "Info", user, DOCTYPE, ticket.name),
			texts[target, due],
		)
		for ticket, target, due in found
	]
	frappe.db.bulk_insert("Comment", COMMENT, rows)
