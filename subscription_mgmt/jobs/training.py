"""Which customers are reminded of a training, and who gets the link of the conference today?"""

import frappe

from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.adapters.offers_site import offer_ports
from subscription_mgmt.adapters.training_records import sessions_to_tell_of
from subscription_mgmt.services.tell_of_training import tell_of_training


def tell() -> int:
	"""Every five minutes, each session on its own: what fails is logged and tried again. How much was told."""
	now, count = moment(), 0
	for name in sessions_to_tell_of(now):
		try:
			count += len(tell_of_training(name, now, offer_ports()))
		except Exception:
			frappe.db.rollback()
			frappe.log_error(title=f"Nobody was told of training {name}")
		frappe.db.commit()
	return count
