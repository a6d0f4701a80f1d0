"""How content were customers with the tickets they rated, month by month, and how many were answered?"""

from collections import defaultdict
from collections.abc import Sequence

import frappe
from frappe import _
from frappe.utils import get_first_day, getdate

from subscription_mgmt.adapters.rating_records import ratings_between
from subscription_mgmt.engine.ratings import MOST_STARS, Rating


def execute(filters: dict | None = None) -> tuple[list, list, None, dict | None]:
	filters = frappe._dict(filters or {})
	by_month: dict[str, list[Rating]] = defaultdict(list)
	for rating in ratings_between(getdate(filters.from_date), getdate(filters.to_date), filters.customer):
		by_month[f"{get_first_day(rating.rated_at):%Y-%m}"].append(rating)
	rows = [row_of(month, ratings) for month, ratings in sorted(by_month.items())]
	return columns(), rows, None, chart(rows)


def row_of(month: str, ratings: Sequence[Rating]) -> dict:
	given = [rating.stars for rating in ratings]
	counts = {f"stars_{stars}": given.count(stars) for stars in range(1, MOST_STARS + 1)}
	answered = sum(bool(rating.answer) for rating in ratings)
	average = round(sum(given) / len(given), 2)
	return {"month": month, "rated": len(given), "average": average, **counts, "answered": answered}


def columns() -> list[dict]:
	def column(fieldname: str, label: str, fieldtype: str = "Int", **more: object) -> dict:
		return {"fieldname": fieldname, "label": label, "fieldtype": fieldtype, "width": 110, **more}

	return [
		column("month", _("Month"), "Data"),
		column("rated", _("Rated")),
		column("average", _("Average"), "Float", precision=2),
		*(column(f"stars_{stars}", "★" * stars) for stars in range(MOST_STARS, 0, -1)),
		column("answered", _("Answered")),
	]


def chart(rows: list[dict]) -> dict | None:
	if not rows:
		return None
	values = [row["average"] for row in rows]
	data = {"labels": [row["month"] for row in rows], "datasets": [{"name": _("Average"), "values": values}]}
	return {"data": data, "type": "bar", "colors": ["orange"]}
