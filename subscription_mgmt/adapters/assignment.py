"""Who is a ticket assigned to? Frappe's Assignment Rules say so; they look again whenever its status moves."""

import json

import frappe
from frappe.automation.doctype.assignment_rule.assignment_rule import apply
from frappe.cache_manager import get_doctype_map
from frappe.desk.doctype.notification_log.notification_log import enqueue_create_notification

DOCTYPE, RULE = "SLA Ticket", "Assignment Rule"
# Written once, switched off: a vendor puts his team in and switches it on.
EXAMPLE = {
	"name": "Support Tickets",
	"document_type": DOCTYPE,
	"disabled": 1,
	"rule": "Load Balancing",
	"description": "{{ name }}: {{ subject }}",
	"due_date_based_on": "",
	"assign_condition": 'status == "Open" and not merged_into',
	"close_condition": 'status in ("Resolved", "Closed")',
}
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def follow_assignment_rules(ticket: str) -> None:
	"""The services write single fields, of which Frappe's rules hear nothing by themselves."""
	if get_doctype_map(
		RULE, DOCTYPE, filters={"document_type": DOCTYPE, "disabled": 0}, order_by="priority desc"
	):
		apply(doctype=DOCTYPE, name=ticket)


def assignees_of(ticket: str) -> list[str]:
	return names_in(frappe.db.get_value(DOCTYPE, ticket, "_assign"))


def names_in(assigned: str | None) -> list[str]:
	"""Of Frappe's own column `_assign`."""
	return json.loads(assigned) if assigned else []


def tell_assignees(ticket: str, said: str) -> None:
	"""In Desk, beside the mail that Frappe sends of what came by mail."""
	users = assignees_of(ticket)
	if users:
		news = {"type": "Alert", "document_type": DOCTYPE, "document_name": ticket}
		enqueue_create_notification(users, {**news, "subject": said, "from_user": frappe.session.user})


def make_example_rule() -> None:
	if not frappe.db.exists(RULE, EXAMPLE["name"]):
		days = [{"day": day} for day in DAYS]
		users = [{"user": "Administrator"}]
		rule = {"doctype": RULE, **EXAMPLE, "users": users, "assignment_days": days}
		frappe.get_doc(rule).insert(ignore_permissions=True)
