"""Which open tickets were promised an answer each working day and got none, and on which days?"""

from frappe import _
from frappe.utils import formatdate

from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.adapters.daily_answers import unanswered
from subscription_mgmt.adapters.moments import stored


def execute(filters: dict | None = None) -> tuple[list[dict], list[dict]]:
	customer = (filters or {}).get("customer")
	found = [each for each in unanswered(moment()) if customer in (None, "", each.ticket.customer)]
	rows = [
		{
			"ticket": each.ticket.name,
			"subject": each.subject,
			"customer": each.ticket.customer,
			"severity": each.ticket.severity,
			"opened_at": stored(each.ticket.opened_at),
			"assigned_to": ", ".join(each.assignees),
			"count": len(each.days),
			"days": ", ".join(formatdate(day) for day in each.days),
		}
		for each in sorted(found, key=lambda each: -len(each.days))
	]
	return columns(), rows


def columns() -> list[dict]:
	return [
		{
			"fieldname": "ticket",
			"fieldtype": "Link",
			"options": "SLA Ticket",
			"label": _("Ticket"),
			"width": 150,
		},
		{"fieldname": "subject", "fieldtype": "Data", "label": _("Subject"), "width": 240},
		{
			"fieldname": "customer",
			"fieldtype": "Link",
			"options": "Customer",
			"label": _("Customer"),
			"width": 180,
		},
		{"fieldname": "severity", "fieldtype": "Int", "label": _("Severity"), "width": 80},
		{"fieldname": "opened_at", "fieldtype": "Datetime", "label": _("Opened At"), "width": 160},
		{"fieldname": "assigned_to", "fieldtype": "Data", "label": _("Assigned To"), "width": 180},
		{"fieldname": "count", "fieldtype": "Int", "label": _("Days Without Answer"), "width": 120},
		{"fieldname": "days", "fieldtype": "Data", "label": _("Days"), "width": 260},
	]
