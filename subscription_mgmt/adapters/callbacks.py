"""Is a call that says to come from a hosting server really from it, fresh, and here for the first time?"""

import hmac

import frappe
from frappe.utils import now_datetime

from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.adapters.operation_queue import wake
from subscription_mgmt.adapters.operation_records import DOCTYPE, get
from subscription_mgmt.adapters.webhook_provider import signature
from subscription_mgmt.engine.operations import State

WINDOW = 300  # seconds by which the two clocks may differ


def is_genuine(server: str, timestamp: str, signed: str, body: bytes) -> bool:
	"""Signed with the server's secret within the window, and not seen before."""
	secret = _secret_of(server)
	expected = signature(secret or frappe.generate_hash(), timestamp, body)
	if not hmac.compare_digest(expected.encode(), signed.encode()) or not secret:
		return False
	if not timestamp.isdigit() or abs(moment().timestamp() - int(timestamp)) > WINDOW:
		return False
	seen = frappe.cache.make_key(f"subscription_mgmt:callback:{signed}")
	return bool(frappe.cache.set(seen, 1, nx=True, ex=2 * WINDOW))


def ask_again(server: str, system: str) -> int:
	"""What waits for this system of the server is due now; how many."""
	filters = {"hosting_server": server, "instance": system, "status": State.WAITING.value}
	waiting = frappe.get_all(DOCTYPE, filters, pluck="name")
	for name in waiting:
		frappe.db.set_value(DOCTYPE, name, "due_at", now_datetime())
		wake(get(name))
	return len(waiting)


def _secret_of(server: str) -> str:
	if not frappe.db.exists("Hosting Server", {"name": server, "provider": "Webhook"}):
		return ""
	record = frappe.get_cached_doc("Hosting Server", server)
	return record.get_password("webhook_secret", raise_exception=False) or ""
