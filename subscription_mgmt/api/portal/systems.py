"""What does a customer see of his systems on one page: reachability, backups, restores?"""

from collections import defaultdict

from frappe import _
from frappe.utils import formatdate

from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.api.availability import monthly
from subscription_mgmt.api.portal.backups import backups
from subscription_mgmt.api.portal.guard import Visit
from subscription_mgmt.api.portal.words import badge
from subscription_mgmt.engine.periods import add_months

MONTHS_SHOWN = 3
UNITS = ("kB", "MB", "GB", "TB")


def backups_page(visit: Visit) -> dict:
	found = backups(visit.customer)
	runs, restores, months = defaultdict(list), defaultdict(list), _months(visit.customer)
	for run in found["backups"]:
		runs[run["instance"]].append({**run, "badge": badge(run["status"]), "size": size_of(run["size"])})
	for restore in found["restores"]:
		restores[restore["instance"]].append({**restore, "badge": badge(restore["status"])})
	return {
		"systems": [
			{"name": name, "months": months[name], "backups": runs[name], "restores": restores[name]}
			for name in found["instances"]
		],
		"may_handle": found["may_handle"],
		"kinds": {
			"database": _("Database"),
			"public": _("Public files"),
			"private": _("Private files"),
			"config": _("Settings"),
		},
	}


def _months(customer: str) -> defaultdict[str, list[dict]]:
	"""By system, the running month first."""
	now = moment()
	last = now.date().replace(day=1)
	found = defaultdict(list)
	for row in monthly({"customer": customer}, add_months(last, 1 - MONTHS_SHOWN), last, now):
		if row["percent"] is not None:
			month = formatdate(row["month"], "MMMM yyyy")
			found[row["instance"]].insert(0, {**row, "month": month, "standing": badge(row["standing"])})
	return found


def size_of(size: int | None) -> str:
	"""1.2 MB"""
	left, unit = (size or 0) / 1000, 0
	while left >= 1000 and unit < len(UNITS) - 1:
		left, unit = left / 1000, unit + 1
	return f"{left:.1f} {UNITS[unit]}"
