"""Which deadlines have passed, whose credits end, and what does a paid invoice grant?"""

import frappe

from subscription_mgmt.adapters.clock import moment, today_in
from subscription_mgmt.adapters.credit_records import customers_with_ending_credits
from subscription_mgmt.adapters.deadline_sweep import AT_ONCE, due_tickets, mark_missed
from subscription_mgmt.adapters.pack_charges import pack_charges_of
from subscription_mgmt.adapters.support_site import support_ports
from subscription_mgmt.engine.tickets import breached, missed
from subscription_mgmt.services.expire_credits import expire_credits
from subscription_mgmt.services.grant_credits import grant_credits
from subscription_mgmt.services.resume_ticket import resume_ticket, waiting_for_credits


def watch_deadlines() -> int:
	"""Every five minutes. Each missed target is found once; how many were."""
	now, count = moment(), 0
	while tickets := due_tickets(now):
		found = []
		for ticket in tickets:
			for target, due in missed(ticket, now):
				ticket = breached(ticket, target)
				found.append((ticket, target, due))
		mark_missed(found)
		frappe.db.commit()
		count += len(found)
		if len(tickets) < AT_ONCE:
			break
	return count


def settle_packs(invoice: str) -> None:
	"""A payment of the invoice came in or was taken back: enqueued by the event."""
	charges, is_paid = pack_charges_of(invoice)
	if not charges:
		return
	ports = support_ports()
	grant_credits(charges, is_paid, today_in(None), moment(), ports)
	frappe.db.commit()
	for name in waiting_for_credits(charges[0].customer, ports):
		resume_ticket(name, moment(), ports)
		frappe.db.commit()


def expire() -> None:
	"""Once a day, each customer on his own: what fails with one is logged and tried again the next day."""
	ports = support_ports()
	for customer in customers_with_ending_credits():
		try:
			expire_credits(customer, today_in(None), moment(), ports)
		except Exception:
			frappe.db.rollback()
			frappe.log_error(title=f"Support credits of {customer} did not expire")
		frappe.db.commit()
