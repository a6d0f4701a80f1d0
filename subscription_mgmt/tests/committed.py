"""How do tests of jobs and parallel workers, which commit, leave the site as they found it?"""

from unittest import SkipTest

import frappe
from frappe.tests.utils import FrappeTestCase

from subscription_mgmt.tests.records import SINGLES, roll_back

# Metadata that no test adds to, and tables too long to read.
LEFT_ALONE = {"tabDocField", "tabDocPerm", "tabDocType", "tabCustom Field", "tabProperty Setter"}
# What one test of a class must not see of another.
OF_ONE_TEST = [
	"tabSubscription Contract",
	"tabContract Pack",
	"tabContract Charge",
	"tabSubscription Activity",
	"tabBilling Run",
	"tabBilling Run Problem",
]
TAXES = "Sales Taxes and Charges Template"

Rows = dict[str, set[str]]


class CommittedTestCase(FrappeTestCase):
	"""Rows that the tests add are deleted, whatever becomes of the tests, and number series are set back.

	Runs on a site without contracts of its own: the job under test would bill those too.
	"""

	@classmethod
	def setUpClass(cls) -> None:
		super().setUpClass()
		if frappe.db.count("Subscription Contract"):
			raise SkipTest("this site has contracts of its own, which the job would bill")
		cls.rows = _rows(_tables())
		taxes = frappe.get_all(TAXES, {"is_default": 1}, pluck="name")
		cls.addClassCleanup(_put_back, cls.rows, _series(), _singles(), taxes)
		frappe.db.set_value(TAXES, {"is_default": 1}, "is_default", 0)
		frappe.db.commit()

	def setUp(self) -> None:
		self.addCleanup(self.forget)

	def forget(self) -> None:
		roll_back()
		frappe.set_user("Administrator")
		_delete_added(self.rows, OF_ONE_TEST)
		frappe.db.set_value("Customer", {"name": ["like", "_Test%"]}, "disabled", 0)
		frappe.db.commit()


def _tables() -> list[str]:
	"""Every DocType's table."""
	named = frappe.db.sql_list(
		"""select table_name from information_schema.columns
		where table_schema = database() and column_name = 'name' and table_name like 'tab%%'"""
	)
	return [table for table in named if table not in LEFT_ALONE and table != "tabSeries"]


def _rows(tables: list[str]) -> Rows:
	return {table: set(frappe.db.sql_list(f"select name from `{table}`")) for table in tables}


def _series() -> dict[str, int]:
	return dict(frappe.db.sql("select name, current from `tabSeries`"))


def _singles() -> list[tuple]:
	return frappe.db.sql("select doctype, field, value from `tabSingles` where doctype in %s", (SINGLES,))


def _delete_added(rows: Rows, tables: list[str]) -> None:
	for table in tables:
		added = set(frappe.db.sql_list(f"select name from `{table}`")) - rows[table]
		if added:
			frappe.db.sql(f"delete from `{table}` where name in %s", (tuple(added),))


def _put_back(rows: Rows, series: dict[str, int], singles: list[tuple], taxes: list[str]) -> None:
	frappe.set_user("Administrator")
	frappe.db.rollback()
	_delete_added(rows, list(rows))
	frappe.db.sql("delete from `tabSeries`")
	for row in series.items():
		frappe.db.sql("insert into `tabSeries` (name, current) values (%s, %s)", row)
	frappe.db.sql("delete from `tabSingles` where doctype in %s", (SINGLES,))
	for row in singles:
		frappe.db.sql("insert into `tabSingles` (doctype, field, value) values (%s, %s, %s)", row)
	if taxes:
		frappe.db.set_value(TAXES, {"name": ["in", taxes]}, "is_default", 1)
	frappe.db.commit()
	frappe.clear_cache()
