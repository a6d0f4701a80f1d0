"""How many mails of a sender were taken in within an hour, and is one more too many?"""

import frappe
from frappe.utils import cint

from subscription_mgmt.engine.incoming_mail import Sender

HOUR = 3600  # seconds
SETTINGS = "Subscription Mgmt Settings"
DEFAULTS = {"mails_per_sender": 20, "mails_of_strangers": 60}


def is_too_many(sender: Sender) -> bool:
	"""Counts this mail, too. Strangers share a limit beside their own: a bomb has many addresses."""
	own = _is_over(f"mails-of:{sender.address}", _limit("mails_per_sender"))
	if sender.customers:
		return own
	return _is_over("mails-of-strangers", _limit("mails_of_strangers")) or own


def _limit(field: str) -> int:
	"""A site whose settings were saved before there was a limit has the default's, not none."""
	value = frappe.get_cached_doc(SETTINGS).get(field)
	return DEFAULTS[field] if value is None else cint(value)


def _is_over(what: str, limit: int) -> bool:
	"""A count in Redis that ends with the hour; the first one above the limit is logged."""
	if not limit:
		return False
	key = frappe.cache.make_key(f"subscription_mgmt:{what}")
	count = frappe.cache.incrby(key, 1)
	if count == 1:
		frappe.cache.expire(key, HOUR)
	if count == limit + 1:
		message = f"{what}: more than {limit} mails within an hour. The others stay in the mailbox."
		frappe.log_error(title="Too many support mails", message=message)
	return count > limit
