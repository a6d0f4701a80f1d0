"""Who makes the offers that a request sets going, after it was taken in?"""

import frappe

from subscription_mgmt.adapters.clock import today_in
from subscription_mgmt.adapters.offers_site import offer_ports
from subscription_mgmt.services.offer import offer


def make_offer(ticket: str) -> None:
	"""Enqueued with a ticket that is not included; what fails is logged, and the form's button tries again."""
	offer(ticket, today_in(None), offer_ports())
	frappe.db.commit()
