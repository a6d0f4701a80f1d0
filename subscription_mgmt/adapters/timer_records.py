"""Where do running timers live on a site? In Support Timer, named by its user, so that nobody has two."""

import frappe

from subscription_mgmt.adapters.moments import moment_of, stored
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.timers import Timer

DOCTYPE = "Support Timer"


class TimerRecords:
	"""Implements `support_ports.Timers`."""

	def of(self, user: str) -> Timer | None:
		row = frappe.db.get_value(
			DOCTYPE, {"user": user}, ["ticket", "started_at"], as_dict=True, for_update=True
		)
		if row is None:
			return None
		started_at = moment_of(row.started_at)
		assert started_at is not None
		return Timer(user, row.ticket, started_at)

	def start(self, timer: Timer) -> None:
		# Without a lock: of two who ask for one on a row that is not there yet, each would wait for the other's insert.
		if running := frappe.db.get_value(DOCTYPE, {"user": timer.user}, "ticket"):
			raise DomainError("timer_runs", ticket=running)
		record = {"user": timer.user, "ticket": timer.ticket, "started_at": stored(timer.started_at)}
		try:
			frappe.get_doc({"doctype": DOCTYPE, **record}).insert(ignore_permissions=True)
		except frappe.DuplicateEntryError:
			frappe.clear_last_message()
			raise DomainError("timer_runs", ticket=_committed(timer.user) or timer.ticket) from None

	def stop(self, timer: Timer) -> None:
		frappe.db.delete(DOCTYPE, {"user": timer.user})


def _committed(user: str) -> str | None:
	"""The ticket of the timer that came first, which this transaction's snapshot does not show. A shared lock: whoever
	else came too late has one, too."""
	rows = frappe.db.sql("select ticket from `tabSupport Timer` where name = %s lock in share mode", user)
	return rows[0][0] if rows else None
