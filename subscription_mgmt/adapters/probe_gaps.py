"""When did the probe not see what it should? Written down, so that no month is proven by looking away."""

from collections.abc import Collection, Mapping
from datetime import datetime

import frappe

from subscription_mgmt.adapters.moments import moment_of, stored
from subscription_mgmt.adapters.probe_records import Kept
from subscription_mgmt.engine.probing import UNSEEN_AFTER

DOCTYPE = "Probe Gap"
OWN_NETWORK, NOT_RUNNING = "Own Network", "Not Running"


def open_gap() -> tuple[str, datetime] | None:
	"""The gap of every instance that goes on: its name and its beginning."""
	row = frappe.db.get_value(
		DOCTYPE, {"hosted_instance": ["is", "not set"], "ended_at": ["is", "not set"]}, ["name", "started_at"]
	)
	return (row[0], moment_of(row[1])) if row else None


def note_gaps(before: Mapping[str, Kept], seen: Collection[str], now: datetime, is_blind: bool) -> str | None:
	"""What was not seen until this look. The name of a gap that opens with it.

	`seen`: instances whose answer counted now.
	"""
	last = max((known.seen for known in before.values() if known.seen), default=None)
	gap = open_gap()
	if is_blind:
		return None if gap else _add(None, OWN_NETWORK, last or now, None)
	if gap:
		frappe.db.set_value(DOCTYPE, gap[0], "ended_at", stored(now))
		since = gap[1]
	elif last and now - last > UNSEEN_AFTER:
		_add(None, NOT_RUNNING, last, now)
		since = last
	else:
		since = None
	for name in seen:
		own = before[name].seen
		if own and now - own > UNSEEN_AFTER and not (since and own >= since):
			_add(name, NOT_RUNNING, own, now)
	return None


def _add(instance: str | None, cause: str, start: datetime, end: datetime | None) -> str:
	gap = {"hosted_instance": instance, "cause": cause, "started_at": stored(start), "ended_at": stored(end)}
	return frappe.get_doc({"doctype": DOCTYPE, **gap}).insert(ignore_permissions=True).name
