"""What happened to a customer's support credits, with the balance after each line?"""

import frappe
from frappe import _

from subscription_mgmt.adapters.credit_statements import ReadableStatement, credit_statement


def execute(filters: dict | None = None) -> tuple:
	asked = frappe._dict(filters or {})
	if not asked.customer:
		return columns(), []
	statement = credit_statement(asked.customer, asked.from_date, asked.to_date)
	return columns(), rows(statement), None, None, summary(statement)


def columns() -> list[dict]:
	return [
		{"fieldname": "booked_at", "fieldtype": "Datetime", "label": _("Booked At"), "width": 200},
		{"fieldname": "kind", "fieldtype": "Data", "label": _("Kind"), "width": 120},
		{"fieldname": "what", "fieldtype": "Data", "label": _("What"), "width": 360},
		{
			"fieldname": "ticket",
			"fieldtype": "Link",
			"options": "SLA Ticket",
			"label": _("Ticket"),
			"width": 160,
		},
		{"fieldname": "change", "fieldtype": "Int", "label": _("Change"), "width": 100},
		{"fieldname": "balance", "fieldtype": "Int", "label": _("Balance"), "width": 100},
		{"fieldname": "kept", "fieldtype": "Int", "label": _("Kept"), "width": 90},
	]


def rows(statement: ReadableStatement) -> list[dict]:
	opening = {"what": _("Opening balance"), "balance": statement.opening}
	closing = {"what": _("Closing balance"), "balance": statement.closing, "bold": 1}
	lines = [
		{
			"booked_at": row.booked_at,
			"kind": _(row.kind),
			"what": row.what,
			"ticket": row.ticket,
			"change": row.change,
			"balance": row.balance,
			"kept": row.kept or None,
		}
		for row in statement.rows
	]
	return [opening, *lines, closing]


def summary(statement: ReadableStatement) -> list[dict]:
	changes = [row.change for row in statement.rows]
	return [
		{"label": _("Received"), "value": sum(change for change in changes if change > 0), "datatype": "Int"},
		{"label": _("Used"), "value": -sum(change for change in changes if change < 0), "datatype": "Int"},
		{"label": _("Balance"), "value": statement.closing, "datatype": "Int", "indicator": "Blue"},
	]
