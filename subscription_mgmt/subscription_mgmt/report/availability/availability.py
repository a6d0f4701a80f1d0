"""How many percent of each month could each system be reached, and did that keep what was promised?"""

from collections import Counter
from datetime import date

import frappe
from frappe import _
from frappe.utils import add_months, formatdate, getdate

from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.api.availability import KEPT, MOST_MONTHS, monthly

COLOURS = {KEPT[True]: "green", KEPT[None]: "orange", KEPT[False]: "red"}


def execute(filters: dict | None = None) -> tuple[list, list, None, dict | None, list]:
	filters = frappe._dict(filters or {})
	now = moment()
	last = getdate(filters.to_month or now.date()).replace(day=1)
	first = getdate(filters.from_month or last).replace(day=1)
	if first > last or first < getdate(add_months(last, 1 - MOST_MONTHS)):
		frappe.throw(_("Choose between 1 and {0} months.").format(MOST_MONTHS))
	chosen = {"name": filters.hosted_instance, "customer": filters.customer}
	rows = list(monthly({field: value for field, value in chosen.items() if value}, first, last, now))
	shown = [
		{**row, "month": f"{row['month']:%Y-%m}"}
		for row in sorted(rows, key=worst_of_latest_month_first)
		if not filters.standing or row["standing"] == filters.standing
	]
	return columns(), shown, None, chart(rows, bool(filters.hosted_instance)), summary(rows)


def worst_of_latest_month_first(row: dict) -> tuple:
	return -row["month"].toordinal(), -row["minutes_down"], -row["minutes_unseen"], row["instance"]


def columns() -> list[dict]:
	def column(fieldname: str, label: str, fieldtype: str = "Data", width: int = 120, **more: object) -> dict:
		return {"fieldname": fieldname, "label": label, "fieldtype": fieldtype, "width": width, **more}

	return [
		column("month", _("Month"), width=90),
		column("instance", _("Hosted Instance"), "Link", 180, options="Hosted Instance"),
		column("customer", _("Customer"), "Link", 160, options="Customer"),
		column("promise", _("Promise (%)"), "Float", 120, precision=2),
		column("percent", _("Available (%)"), "Float", 115, precision=2),
		column("standing", _("Promise"), width=130),
		column("minutes_down", _("Minutes Down"), "Int", 120),
		column("minutes_planned", _("Minutes Planned"), "Int", 150),
		column("minutes_unseen", _("Minutes Not Seen"), "Int", 150),
	]


def chart(rows: list[dict], is_one: bool) -> dict | None:
	"""One instance: its percentages beside what was promised. Several: how many kept their promise, by month."""
	months = sorted({row["month"] for row in rows})
	if not months:
		return None
	labels = [label_of(month) for month in months]
	if is_one:
		by_month = {row["month"]: row for row in rows}
		named = [(_("Available (%)"), "percent"), (_("Promise (%)"), "promise")]
		datasets = [
			{"name": name, "values": [float(by_month[month][key] or 0) for month in months]}
			for name, key in named
		]
		return {"data": {"labels": labels, "datasets": datasets}, "type": "line", "colors": ["blue", "gray"]}
	counted = Counter((row["month"], row["standing"]) for row in rows)
	datasets = [
		{"name": _(standing), "values": [counted[month, standing] for month in months]}
		for standing in COLOURS
	]
	return {
		"data": {"labels": labels, "datasets": datasets},
		"type": "bar",
		"barOptions": {"stacked": True},
		"colors": list(COLOURS.values()),
	}


def summary(rows: list[dict]) -> list[dict]:
	counted = Counter(row["standing"] for row in rows)
	return rows and [
		{
			"value": counted[standing],
			"label": label,
			"datatype": "Int",
			"indicator": COLOURS[standing].title(),
		}
		for standing, label in labels_of_standings().items()
	]


def labels_of_standings() -> dict[str, str]:
	return {KEPT[True]: _("Kept"), KEPT[None]: _("Not Proven"), KEPT[False]: _("Broken")}


def label_of(month: date) -> str:
	return formatdate(month, "MMM yyyy")
