"""How far could systems be reached in each month, and did that keep what was promised?"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal

import frappe
from frappe.utils import cint, getdate

from subscription_mgmt.adapters.availability_records import (
	Hosted,
	Promise,
	current_promises,
	hosted,
	outages_between,
	promises_of,
	unseen_of,
)
from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.engine.availability import Month, bounds, month_of
from subscription_mgmt.engine.periods import Period, add_months
from subscription_mgmt.permissions import DESK_ROLES

MINUTE = 60
MOST_MONTHS = 36
KEPT = {True: "Kept", False: "Broken", None: "Not Proven"}


@frappe.whitelist()
def months(instance: str | None = None, count: int = 12) -> list[dict]:
	"""The last months of the caller's own instances, the running one first. Percentages are texts.

	`[{"instance", "month", "percent", "promise", "standing", "minutes_down", "minutes_planned", "minutes_unseen"}]`;
	`percent` is None for a month in which the system was never seen; `standing`: Kept, Broken, Not Proven, or empty
	where nothing is promised.
	"""
	now = moment()
	last = now.date().replace(day=1)
	first = add_months(last, 1 - min(max(cint(count), 1), MOST_MONTHS))
	rows = list(monthly({"name": instance} if instance else {}, first, last, now))
	told = ("instance", "standing", "minutes_down", "minutes_planned", "minutes_unseen")
	return [
		{
			**{key: row[key] for key in told},
			"month": f"{row['month']:%Y-%m}",
			"percent": None if row["percent"] is None else str(row["percent"]),
			"promise": f"{row['promise'].normalize():f}" if row["promise"] else None,
		}
		for row in sorted(rows, key=lambda row: (row["month"], row["instance"]), reverse=True)
	]


def monthly(filters: Mapping[str, object], first: date, last: date, now: datetime) -> Iterator[dict]:
	"""A row for each instance that the user may see and each month, from that of `first` to that of `last`."""
	instances = hosted(filters)
	if not instances:
		return
	names = [each.name for each in instances]
	period = Period(first.replace(day=1), add_months(last.replace(day=1), 1))
	zones = {each.zone for each in instances}
	span = (
		min(bounds(period.start, zone)[0] for zone in zones),
		max(bounds(last, zone)[1] for zone in zones),
	)
	outages, unseen = outages_between(names, span, now), unseen_of(instances, span, now)
	promised, current = promises_of(names, period), current_promises(names)
	month = period.start
	while month < period.end:
		for each in instances:
			if _existed(each, month, now):
				known = month_of(outages.get(each.name, ()), unseen[each.name], month, each.zone)
				promise = _promise(promised.get(each.name, ()), month) or current.get(each.name)
				yield _row(each, month, known, promise)
		month = add_months(month, 1)


@frappe.whitelist()
def promises_broken(filters: str | list | dict | None = None) -> dict:
	"""A number card: instances whose promise for the running month is broken already.

	A card always sends `filters`; this one has none to use.
	"""
	frappe.only_for(tuple(DESK_ROLES))
	now = moment()
	month = now.date().replace(day=1)
	rows = monthly({"actual_mode": ["!=", "Deleted"]}, month, month, now)
	return {
		"value": sum(row["standing"] == KEPT[False] for row in rows),
		"fieldtype": "Int",
		"route": ["query-report", "Availability"],
		"route_options": {"standing": KEPT[False]},
	}


def _existed(each: Hosted, month: date, now: datetime) -> bool:
	start, end = bounds(month, each.zone)
	return each.since < end and start <= (each.until or now)


def _was_seen(each: Hosted, month: date) -> bool:
	return each.first_reached is not None and each.first_reached < bounds(month, each.zone)[1]


def _promise(promised: Iterator[Promise], month: date) -> Decimal | None:
	"""The highest of the plans that served any day of the month."""
	days = Period(month, add_months(month, 1))
	overlapping = [
		each.percent for each in promised if each.period.start < days.end and each.period.end > days.start
	]
	return max(overlapping, default=None)


def _row(each: Hosted, month: date, known: Month, promise: Decimal | None) -> dict:
	return {
		"instance": each.name,
		"customer": each.customer,
		"month": getdate(month),
		"percent": known.percent if known.down or _was_seen(each, month) else None,
		"promise": promise,
		"standing": KEPT[known.keeps(promise)] if promise else "",
		**{
			f"minutes_{part}": round(getattr(known, part).total_seconds() / MINUTE)
			for part in ("down", "planned", "unseen")
		},
	}
