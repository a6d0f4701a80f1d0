"""What is promised on a ticket besides its deadlines: hours of work that are left, what it costs, languages?"""

import frappe

from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.adapters.portal_tickets import balance_of
from subscription_mgmt.adapters.support_site import support_ports
from subscription_mgmt.adapters.ticket_records import DOCTYPE, TicketRecords
from subscription_mgmt.engine.routing import Route
from subscription_mgmt.engine.support_policies import SlaPolicy
from subscription_mgmt.engine.tickets import FINISHED, Ticket
from subscription_mgmt.refusals import refusals_worded
from subscription_mgmt.services.handling import credits_needed
from subscription_mgmt.services.hours_left import hours_left


@frappe.whitelist()
def of_ticket(ticket: str) -> dict:
	"""`{"hours": {cap, bought, worked, left, until, beyond} or None, "credits": {needed, balance} or None, "languages":
	[code], "daily_answer"}`; minutes. `needed`: when it is resolved, as far as is known now."""
	frappe.has_permission(DOCTYPE, "read", ticket, throw=True)
	ports = support_ports()
	with refusals_worded():
		hours = hours_left(ticket, moment(), ports)
		found = TicketRecords().seen(ticket)
		policy = ports.promises.policy(found.policy) if found.policy else None
	shown = ("cap", "bought", "worked", "left", "until", "beyond")
	return {
		"hours": {figure: getattr(hours, figure) for figure in shown} if hours else None,
		"credits": _credits(found, policy),
		"languages": list(policy.languages) if policy else [],
		"daily_answer": bool(policy and policy.daily_answer),
	}


def _credits(ticket: Ticket, policy: SlaPolicy | None) -> dict | None:
	if ticket.status in FINISHED or ticket.route is not Route.CREDITS:
		return None
	needed = credits_needed(ticket, policy, ticket.asked_minutes)
	return {"needed": needed, "balance": balance_of(ticket.customer)}
