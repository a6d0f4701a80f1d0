"""Which timer of an agent runs, and what becomes of it when he stops it?"""

import frappe
from frappe import _
from frappe.utils import cint

from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.adapters.conversation_records import DOCTYPE
from subscription_mgmt.adapters.support_site import support_ports
from subscription_mgmt.api.ticket import outcome_of
from subscription_mgmt.engine.timers import minutes_run
from subscription_mgmt.refusals import refusals_worded
from subscription_mgmt.services.time_work import start_timer, stop_timer

FORGOTTEN_AFTER = 240  # minutes, where the settings say nothing


@frappe.whitelist(methods=["POST"])
def start(ticket: str) -> dict:
	frappe.has_permission(DOCTYPE, "write", ticket, throw=True)
	with refusals_worded():
		start_timer(ticket, frappe.session.user, moment(), support_ports())
	return running() or {}


@frappe.whitelist()
def running() -> dict | None:
	"""The user's own timer, in seconds so far. `is_forgotten`: it asks for the minutes when it is stopped."""
	timer = support_ports().timers.of(frappe.session.user)
	if timer is None:
		return None
	seconds = int((moment() - timer.started_at).total_seconds())
	is_forgotten = minutes_run(timer, moment()) > _cap()
	return {"ticket": timer.ticket, "seconds": seconds, "is_forgotten": is_forgotten, "cap": _cap()}


@frappe.whitelist(methods=["POST"])
def stop(minutes: int | str | None = None) -> str:
	"""What became of it, in words. `minutes`: what of it was work, where it was forgotten; 0 records nothing."""
	said = None if minutes in (None, "") else cint(minutes)
	with refusals_worded():
		timer, recorded, done = stop_timer(frappe.session.user, moment(), support_ports(), _cap(), said)
	if done is None:
		return _("The timer is stopped. Nothing was recorded.")
	return outcome_of(done, timer.ticket, recorded)


def _cap() -> int:
	return cint(frappe.get_cached_doc("Subscription Mgmt Settings").timer_cap) or FORGOTTEN_AFTER
