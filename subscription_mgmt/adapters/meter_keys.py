"""Which meter does a key belong to? The key is shown once; what is kept is a hash of its secret part."""

import hmac
import secrets
from hashlib import sha256

import frappe
from frappe.utils import now_datetime

DOCTYPE = "Usage Meter"
PREFIX = "um_"


def new_key(meter: str) -> str:
	"""A key that takes the place of the one before."""
	key_id, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
	frappe.db.set_value(DOCTYPE, meter, {"key_id": key_id, "key_hash": _hash(secret)})
	return f"{PREFIX}{key_id}.{secret}"


def contract_of_key(key: str) -> str | None:
	"""The contract whose usage the key's meter reports; None where it opens nothing."""
	key_id, dot, secret = key.removeprefix(PREFIX).partition(".")
	if not (key.startswith(PREFIX) and dot and key.isascii() and len(key) < 100):
		return None
	meter = frappe.db.get_value(
		DOCTYPE, {"key_id": key_id, "enabled": 1}, ["name", "key_hash", "subscription_contract"], as_dict=True
	)
	expected = meter.key_hash if meter else _hash("")
	if not hmac.compare_digest(_hash(secret), expected or "") or not meter:
		return None
	frappe.db.set_value(DOCTYPE, meter.name, "last_used_at", now_datetime(), update_modified=False)
	return meter.subscription_contract


def _hash(secret: str) -> str:
	return sha256(secret.encode()).hexdigest()
