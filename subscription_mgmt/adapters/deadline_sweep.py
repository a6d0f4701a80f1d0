"""Which deadlines of open tickets have passed or come near, and how is that written in a few queries for all?"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

import frappe
from frappe.utils import escape_html, format_datetime, now

from subscription_mgmt.adapters.assignment import names_in
from subscription_mgmt.adapters.escalations import Alarm, raise_alarms
from subscription_mgmt.adapters.moments import stored
from subscription_mgmt.adapters.ticket_records import DOCTYPE, MISSED, WARNED, ticket_of
from subscription_mgmt.engine.near_deadlines import next_look
from subscription_mgmt.engine.tickets import Ticket
from subscription_mgmt.refusals import sentence

AT_ONCE = 10_000
# Which flag an alarm sets, and which columns hold the moments at which a ticket is looked at.
FLAGS = {
	**{f"missed_{target}": column for target, column in MISSED.items()},
	**{f"near_{target}": column for target, column in WARNED.items()},
}
MOMENTS = ("respond_by", "resolve_by", "warn_response_at", "warn_resolution_at")
COMMENT = (
	*("name", "creation", "modified", "owner", "modified_by", "comment_type", "comment_email"),
	*("reference_doctype", "reference_name", "content"),
)


def due_tickets(moment: datetime) -> Sequence[tuple[Ticket, Sequence[str]]]:
	"""Those to be looked at by `moment`, and whose they are, locked; a ticket that someone is changing now is left
	for later."""
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
	return [(ticket_of(row, []), names_in(row.get("_assign"))) for row in rows]


def store_looks(tickets: Sequence[Ticket], alarms: Sequence[Alarm]) -> None:
	"""`tickets` as they are after the look: their flags, when to look next, their history, and who is told."""
	for code, column in FLAGS.items():
		_update([alarm.ticket.name for alarm in alarms if alarm.code == code], column, 1)
	following: dict[str | None, list[str]] = defaultdict(list)
	for ticket in tickets:
		following[_column_of(ticket, next_look(ticket))].append(ticket.name)
	for column, names in following.items():
		_update(names, "next_deadline", frappe.qb.Field(column) if column else None)
	_write_history([alarm for alarm in alarms if alarm.is_missed])
	raise_alarms(alarms)


def _column_of(ticket: Ticket, moment: datetime | None) -> str | None:
	if moment is None:
		return None
	return next(column for column in MOMENTS if getattr(ticket, column) == moment)


def _update(names: list[str], column: str, value: object) -> None:
	if names:
		ticket = frappe.qb.DocType(DOCTYPE)
		frappe.qb.update(ticket).set(ticket[column], value).where(ticket.name.isin(names)).run()


def _write_history(alarms: Sequence[Alarm]) -> None:
	if not alarms:
		return
	worded = {code: escape_html(sentence(code, due="{due}")) for code in {alarm.code for alarm in alarms}}
	dues = {due: format_datetime(stored(due)) for due in {alarm.due for alarm in alarms}}
	user, moment = frappe.session.user, now()
	rows = [
		(
			frappe.generate_hash(length=10),
			*(moment, moment, user, user, "Info", user, DOCTYPE, alarm.ticket.name),
			worded[alarm.code].format(due=dues[alarm.due]),
		)
		for alarm in alarms
	]
	frappe.db.bulk_insert("Comment", COMMENT, rows)
