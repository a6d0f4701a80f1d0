"""Which tickets went through a working day without the answer they were promised?"""

import frappe

from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.adapters.daily_answers import tell_of, unanswered


def report() -> int:
	"""Every hour, for working days that end at any time; each day of a ticket is told once. How many tickets."""
	found = unanswered(moment(), only_new=True)
	tell_of(found)
	frappe.db.commit()
	return len(found)
