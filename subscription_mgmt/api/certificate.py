"""How does a customer get a certificate of what was reached for his systems?"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.utils import get_system_timezone, getdate, now_datetime

from subscription_mgmt.adapters.backup_records import runs
from subscription_mgmt.adapters.backup_terms import terms_of
from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.adapters.moments import moment_of, stored
from subscription_mgmt.adapters.restore_records import restores
from subscription_mgmt.api.availability import monthly
from subscription_mgmt.engine.backup_schedule import longest_wait
from subscription_mgmt.engine.recovery import Recovery, gap_is_kept, recovery
from subscription_mgmt.services.backup_ports import BackupTerms

DOCTYPE = "Recovery Certificate"
INSTANCE = "Hosted Instance"
ISSUERS = ["Subscription Manager", "System Manager"]
MINUTE = timedelta(minutes=1)


@frappe.whitelist(methods=["POST"])
def issue(customer: str, from_date: str, to_date: str) -> str:
	"""The name of the certificate, which holds the figures as they are now."""
	frappe.only_for(ISSUERS)
	first, last = getdate(from_date), getdate(to_date)
	if last < first:
		frappe.throw(_("The last day comes before the first."))
	systems = _systems(customer, first, last)
	if not systems:
		frappe.throw(_("{0} has no system that is hosted.").format(customer))
	record = {
		"doctype": DOCTYPE,
		"customer": customer,
		"language": frappe.db.get_value("Customer", customer, "language") or frappe.db.get_default("lang"),
		"from_date": first,
		"to_date": last,
		"issued_at": now_datetime(),
		"systems": systems,
	}
	return frappe.get_doc(record).insert(ignore_permissions=True).name


def _systems(customer: str, first: date, last: date) -> list[dict]:
	rows = frappe.get_all(
		INSTANCE, {"customer": customer}, ["name", "creation", "time_zone"], order_by="name", limit=0
	)
	terms = terms_of([row.name for row in rows])
	reached = _availability(customer, first, last)
	return [
		{
			**_figures(row, terms.get(row.name), first, last),
			"instance": row.name,
			"availability": ", ".join(reached.get(row.name, ())),
		}
		for row in rows
	]


def _figures(row: Mapping, terms: BackupTerms | None, first: date, last: date) -> dict:
	zone = ZoneInfo(row["time_zone"] or get_system_timezone())
	start = datetime.combine(first, time.min, zone)
	end = datetime.combine(last + timedelta(days=1), time.min, zone)
	of_it = {"instance": row["name"]}
	found = recovery(
		runs({**of_it, "due_at": ["<", stored(end)]}),
		restores({**of_it, "requested_at": ["<", stored(end)]}),
		start,
		end,
		moment(),
		moment_of(row["creation"]),
	)
	return {**_told(found), **_agreed(found, terms)}


def _told(found: Recovery) -> dict:
	drill = {True: "Passed", False: "Failed", None: ""}[found.last_drill_passed]
	return {
		"backups_due": found.due,
		"backups_made": found.made,
		"backups_failed": found.failed,
		"backups_missed": found.missed,
		"longest_gap_minutes": _minutes(found.longest_gap),
		"restores": found.restores,
		"restores_in_time": found.restores_in_time or 0,
		"longest_restore_minutes": _minutes(found.longest_restore),
		"last_drill_on": stored(found.last_drill),
		"last_drill": drill,
	}


def _agreed(found: Recovery, terms: BackupTerms | None) -> dict:
	if terms is None:
		return {}
	gap = longest_wait(terms.policy)
	return {
		"promised_gap_minutes": _minutes(gap),
		"gap_promise": "Kept" if gap_is_kept(found.longest_gap, gap) else "Broken",
		"promised_restore_minutes": terms.restore_within_minutes,
	}


def _availability(customer: str, first: date, last: date) -> dict[str, list[str]]:
	"""Month and percent by instance, the earliest first."""
	found: dict[str, list[str]] = {}
	rows = monthly({"customer": customer}, first, last, moment())
	for row in sorted(rows, key=lambda row: row["month"]):
		if row["percent"] is not None:
			found.setdefault(row["instance"], []).append(f"{row['month']:%Y-%m}: {row['percent']} %")
	return found


def _minutes(length: timedelta | None) -> int:
	"""Begun minutes count."""
	return -(-length // MINUTE) if length else 0
