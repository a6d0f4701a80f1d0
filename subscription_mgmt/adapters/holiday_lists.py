"""How do a country's public holidays come into the ERPNext Holiday List of a service calendar?

The days are those of the `holidays` library, which ERPNext's own Holiday List asks for them.
"""

from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

CALENDAR, LIST = "Service Calendar", "Holiday List"


def supported_countries() -> dict[str, list[str]]:
	"""Subdivisions by country code."""
	return frappe.new_doc(LIST).get_supported_countries()["subdivisions_by_country"]


def check_country(country: str | None, subdivision: str | None) -> None:
	if not country:
		return
	known = supported_countries()
	if country not in known:
		frappe.throw(
			_("No holidays are known of {0}. Write a country's code, for example GB.").format(country)
		)
	if subdivision and subdivision not in known[country]:
		frappe.throw(
			_("{0} is no part of {1}. Choose one of {2}.").format(
				subdivision, country, ", ".join(known[country]) or "-"
			)
		)


def fill_holidays(calendar: str, today: date) -> int:
	"""This year's and the next one's; how many days are new. What a person added to the list stays."""
	record = frappe.get_doc(CALENDAR, calendar)
	holidays = _list_of(record, today)
	before = len(holidays.holidays)
	holidays.country, holidays.subdivision = record.holiday_country, record.holiday_subdivision
	holidays.from_date = min(getdate(holidays.from_date), date(today.year, 1, 1))
	holidays.to_date = max(getdate(holidays.to_date), date(today.year + 1, 12, 31))
	holidays.get_local_holidays()
	holidays.flags.ignore_permissions = True
	holidays.save()
	if record.holiday_list != holidays.name:
		record.db_set("holiday_list", holidays.name)
	return len(holidays.holidays) - before


def calendars_without_next_year(today: date) -> list[str]:
	"""Of those that name a country, whose list ends before the end of the next year."""
	calendar, holidays = frappe.qb.DocType(CALENDAR), frappe.qb.DocType(LIST)
	rows = (
		frappe.qb.from_(calendar)
		.left_join(holidays)
		.on(holidays.name == calendar.holiday_list)
		.select(calendar.name)
		.where(calendar.holiday_country.isnotnull() & (calendar.holiday_country != ""))
		.where((calendar.always_open == 0) & (calendar.always_open.isnotnull()))
		.where(holidays.name.isnull() | (holidays.to_date < date(today.year + 1, 12, 31)))
		.run()
	)
	return [name for (name,) in rows]


def _list_of(calendar: Document, today: date) -> Document:
	if calendar.holiday_list:
		return frappe.get_doc(LIST, calendar.holiday_list)
	name = f"{calendar.name}: holidays"
	if frappe.db.exists(LIST, name):
		return frappe.get_doc(LIST, name)
	record = frappe.new_doc(LIST)
	record.holiday_list_name = name
	record.from_date, record.to_date = date(today.year, 1, 1), date(today.year + 1, 12, 31)
	return record
