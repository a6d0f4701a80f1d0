"""Who is counted for which module, and in how many statements? The real SQL, on a database in memory."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from subscription_tenant.usage import usage

TABLES = """
	create table `tabDocPerm` (parent, role, `read`, permlevel);
	create table `tabCustom DocPerm` (parent, role, `read`, permlevel);
	create table `tabDocType` (name, module, istable);
	create table `tabRole` (name, disabled);
	create table `tabHas Role` (parent, parenttype, role);
	create table `tabUser` (name, enabled, user_type);
	create table `tabBlock Module` (name, parent, parenttype, module);
	create table `tabEmail Queue Recipient` (name, status, modified);
	create table information_schema.tables (table_schema, table_name, data_length, index_length);
	insert into `tabDocType` values ('Quotation', 'Selling', 0), ('Sales Order', 'Selling', 0), ('Lead', 'CRM', 0),
		('Item Line', 'Stock', 1), ('Note', 'Desk', 0);
	insert into `tabRole` values ('Seller', 0), ('Caller', 0), ('Gone', 1), ('All', 0), ('Stock', 0);
	insert into `tabDocPerm` values ('Quotation', 'Seller', 1, 0), ('Sales Order', 'Seller', 1, 0),
		('Lead', 'Caller', 1, 0), ('Lead', 'Seller', 0, 0), ('Lead', 'Stock', 1, 1), ('Lead', 'Gone', 1, 0),
		('Item Line', 'Stock', 1, 0), ('Note', 'All', 1, 0);
	insert into information_schema.tables values ('db', 'tabUser', 1000, 24), ('other', 'tabUser', 7, 7);
"""


class Site:
	def __init__(self) -> None:
		self.database = sqlite3.connect(":memory:")
		self.database.execute("attach ':memory:' as information_schema")
		self.database.executescript(TABLES)
		self.asked = 0

	def query(self, statement: str, values: Sequence = ()) -> list[tuple]:
		self.asked += 1
		return self.database.execute(
			statement.replace("%s", "?"), [str(value) for value in values]
		).fetchall()

	def add(self, table: str, *row: object) -> None:
		self.database.execute(f"insert into `tab{table}` values ({', '.join('?' * len(row))})", row)

	def user(self, name: str, *roles: str, enabled: int = 1, kind: str = "System User") -> None:
		self.add("User", name, enabled, kind)
		for role in roles:
			self.add("Has Role", name, "User", role)

	def readings(self, *files: Path) -> dict[tuple[str, str | None], int]:
		found = usage(self.query, "db", files, datetime(2026, 3, 1))  # noqa: DTZ001 - in the site's own zone
		return {(each["metric"], each.get("module")): each["value"] for each in found}

	def modules(self) -> dict[str, int]:
		return {
			module: users
			for (metric, module), users in self.readings().items()
			if metric == "users" and module
		}


@pytest.fixture
def site() -> Site:
	return Site()


def test_a_user_counts_once_in_each_module_of_his_roles(site: Site) -> None:
	site.user("a@x", "Seller")
	site.user("b@x", "Seller", "Caller")
	assert site.modules() == {"Selling": 2, "CRM": 1}
	assert site.readings()["users", None] == 2


@pytest.mark.parametrize("name", ["Administrator", "Guest"])
def test_the_administrator_is_part_of_the_subscription(site: Site, name: str) -> None:
	site.user(name, "Seller", "Caller")
	assert site.modules() == {}


def test_who_is_disabled_or_of_the_portal_is_not_counted(site: Site) -> None:
	site.user("off@x", "Seller", enabled=0)
	site.user("portal@x", "Seller", kind="Website User")
	assert site.modules() == {}
	site.user("own@x", "Seller", kind="Warehouse Worker")  # a type of the customer's own works in Desk
	assert site.modules() == {"Selling": 1}


@pytest.mark.parametrize("role", ["Gone", "All", "Stock"])
def test_a_role_that_is_disabled_everybodys_or_of_a_field_opens_nothing(site: Site, role: str) -> None:
	site.user("a@x", role)
	assert site.modules() == {}


def test_a_blocked_module_is_taken_away_from_that_user_alone(site: Site) -> None:
	site.user("a@x", "Seller", "Caller")
	site.user("b@x", "Seller", "Caller")
	site.add("Block Module", "row", "a@x", "User", "CRM")
	# A profile of the same name is not the user.
	site.add("Block Module", "row", "a@x", "Module Profile", "Selling")
	assert site.modules() == {"Selling": 2, "CRM": 1}


def test_customised_permissions_stand_for_those_of_the_doctype(site: Site) -> None:
	site.user("a@x", "Caller")
	site.user("b@x", "Stock")
	site.add("Custom DocPerm", "Lead", "Stock", 1, 0)
	assert site.modules() == {"CRM": 1}
	assert site.readings()["users", None] == 1


def test_the_number_of_statements_does_not_grow_with_users(site: Site) -> None:
	site.readings()
	alone, site.asked = site.asked, 0
	for n in range(500):
		site.user(f"{n}@x", "Seller", "Caller")
	assert site.modules() == {"Selling": 500, "CRM": 500}
	assert site.asked == alone <= 5


def test_companies_are_those_of_erpnext_or_none(site: Site) -> None:
	assert site.readings()["companies", None] == 0
	site.database.executescript(
		"create table tabCompany (name); insert into tabCompany values ('A'), ('B');"
		"insert into information_schema.tables values ('db', 'tabCompany', 1, 1);"
	)
	assert site.readings()["companies", None] == 2


def test_storage_is_the_database_and_the_files(site: Site, tmp_path: Path) -> None:
	(tmp_path / "a").write_bytes(b"x" * 76)
	assert site.readings(tmp_path)["storage", None] == 1100


def test_mails_are_those_sent_from_that_moment_on(site: Site) -> None:
	for status, day in (
		("Sent", "2026-02-28 23:59:59"),
		("Sent", "2026-03-01 00:00:00"),
		("Error", "2026-03-02 00:00:00"),
	):
		site.add("Email Queue Recipient", status + day, status, day)
	assert site.readings()["emails", None] == 1
