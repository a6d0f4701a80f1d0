"""Which deadlines have passed or come near, whose credits end, and what does a paid invoice grant?"""

import frappe

from subscription_mgmt.adapters.clock import moment, today_in
from subscription_mgmt.adapters.credit_records import customers_with_ending_credits
from subscription_mgmt.adapters.deadline_sweep import AT_ONCE, due_tickets, store_looks
from subscription_mgmt.adapters.escalations import Alarm
from subscription_mgmt.adapters.escalations import mail_alarms as send_alarms
from subscription_mgmt.adapters.offers_site import offer_ports
from subscription_mgmt.adapters.pack_charges import PackSale, pack_sale_off_invoice, pack_sale_on
from subscription_mgmt.adapters.support_site import support_ports
from subscription_mgmt.engine.near_deadlines import coming_near, warned
from subscription_mgmt.engine.tickets import breached, missed
from subscription_mgmt.services.expire_credits import expire_credits
from subscription_mgmt.services.grant_credits import grant_credits
from subscription_mgmt.services.grant_trainings import grant_trainings
from subscription_mgmt.services.resume_ticket import resume_ticket, waiting_for_credits


def watch_deadlines() -> int:
	"""Every five minutes. Each target is found once when it comes near and once when it is missed; how many were."""
	now, count = moment(), 0
	while tickets := due_tickets(now):
		looked, alarms = [], []
		for ticket, assignees in tickets:
			for target, due in missed(ticket, now):
				ticket = breached(ticket, target)
				alarms.append(Alarm(ticket, f"missed_{target}", due, assignees))
			for target, due in coming_near(ticket, now):
				ticket = warned(ticket, target)
				alarms.append(Alarm(ticket, f"near_{target}", due, assignees))
			looked.append(ticket)
		store_looks(looked, alarms)
		frappe.db.commit()
		count += len(alarms)
		if len(tickets) < AT_ONCE:
			break
	return count


def mail_alarms(user: str, lines: list[str], count: int) -> None:
	"""Enqueued by the look at the deadlines, for each person once."""
	send_alarms(user, lines, count)
	frappe.db.commit()


def settle_packs(invoice: str) -> None:
	"""The invoice was paid, or its payment or sale taken back: enqueued by the events."""
	_settle(pack_sale_on(invoice))


def unsettle_packs(charges: list[str]) -> None:
	"""The invoice of these charges was cancelled or deleted."""
	_settle(pack_sale_off_invoice(charges))


def _settle(sale: PackSale) -> None:
	if not sale.charges:
		return
	ports = support_ports()
	grant_credits(sale.charges, sale.is_paid, today_in(None), moment(), ports, sale.sold)
	grant_trainings(sale.charges, sale.is_paid, offer_ports(), sale.sold)
	frappe.db.commit()
	for name in waiting_for_credits(sale.charges[0].customer, ports):
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
