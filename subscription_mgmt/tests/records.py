"""Which records do the bench tests speak of? Small ones, made once per site and rolled back with each test case."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from unittest import mock

import frappe
from frappe.model.document import Document
from frappe.utils import get_year_ending, get_year_start

SINGLES = ("Subscription Mgmt Settings", "Accounts Settings")
COMPANY = "Wind Power LLC"
ABBR = "WP"
CURRENCY = "USD"


def make_plan(name: str = "_Test Basic", **values: object) -> Document:
	if frappe.db.exists("Plan", name):
		return frappe.get_doc("Plan", name)
	prices = values.pop("prices", {"Monthly": 100, "Half-Yearly": 600, "Yearly": 1100})
	return frappe.get_doc(
		{"doctype": "Plan", "plan_name": name, "kind": "Subscription", "prices": price_rows(prices), **values}
	).insert()


def make_pack(name: str = "_Test Extra User", **values: object) -> Document:
	if frappe.db.exists("Pack", name):
		return frappe.get_doc("Pack", name)
	prices = values.pop("prices", {"Monthly": 10, "Half-Yearly": 50, "Yearly": 90})
	return frappe.get_doc(
		{"doctype": "Pack", "pack_name": name, "kind": "Users", "prices": price_rows(prices), **values}
	).insert()


def make_module(name: str = "_Test CRM") -> str:
	if not frappe.db.exists("Service Module", name):
		frappe.get_doc({"doctype": "Service Module", "module_name": name}).insert()
	return name


def price_rows(prices: dict[str, float] | list[dict]) -> list[dict]:
	"""`{interval: price}` in the company's currency, or rows as they are."""
	if isinstance(prices, list):
		return [{"currency": CURRENCY, **row} for row in prices]
	return [
		{"interval": interval, "currency": CURRENCY, "price": price} for interval, price in prices.items()
	]


def make_customer(name: str = "_Test Acme", **values: object) -> str:
	if not frappe.db.exists("Customer", name):
		frappe.get_doc(
			{
				"doctype": "Customer",
				"customer_name": name,
				"customer_type": "Company",
				"customer_group": frappe.db.get_value("Customer Group", {"is_group": 0}),
				"territory": frappe.db.get_value("Territory", {"is_group": 0}),
				**values,
			}
		).insert()
	return name


def make_contract(**values: object) -> Document:
	"""A Draft; its plan and customer are made when they are not named."""
	return contract_of(**values).insert()


def contract_of(**values: object) -> Document:
	"""A contract not inserted yet."""
	contract = {
		"doctype": "Subscription Contract",
		"customer": values.get("customer") or make_customer(),
		"company": COMPANY,
		"plan": values.get("plan") or make_plan().name,
		"interval": "Half-Yearly",
		"currency": CURRENCY,
		"start_date": date(2026, 1, 31),
		"time_zone": "America/La_Paz",
	}
	return frappe.get_doc({**contract, **values})


def make_user(email: str, *roles: str, user_type: str = "System User") -> str:
	if not frappe.db.exists("User", email):
		frappe.get_doc(
			{
				"doctype": "User",
				"email": email,
				"first_name": email.split("@")[0],
				"send_welcome_email": 0,
				"user_type": user_type,
				"roles": [{"role": role} for role in roles],
			}
		).insert()
	return email


def make_account(name: str, parent: str, **values: object) -> str:
	full = f"{name} - {ABBR}"
	if not frappe.db.exists("Account", full):
		frappe.get_doc(
			{
				"doctype": "Account",
				"account_name": name,
				"parent_account": f"{parent} - {ABBR}",
				"company": COMPANY,
				**values,
			}
		).insert()
	return full


def make_fiscal_year_of(day: date) -> None:
	"""ERPNext posts nothing on a day outside its fiscal years."""
	if frappe.db.exists("Fiscal Year", {"year_start_date": ["<=", day], "year_end_date": [">=", day]}):
		return
	frappe.get_doc(
		{
			"doctype": "Fiscal Year",
			"year": f"_Test {day.year}",
			"year_start_date": get_year_start(day),
			"year_end_date": get_year_ending(day),
		}
	).insert()


def invoices_of(contract: str) -> list[Document]:
	names = frappe.get_all(
		"Sales Invoice", {"subscription_contract": contract}, pluck="name", order_by="posting_date, creation"
	)
	return [frappe.get_doc("Sales Invoice", name) for name in names]


def charges_of(contract: str) -> list[Document]:
	return frappe.get_all(
		"Contract Charge", {"subscription_contract": contract}, ["*"], order_by="period_start, creation"
	)


def waiting_charges_of(contract: str) -> list[Document]:
	return [charge for charge in charges_of(contract) if not charge.sales_invoice]


def ledger_of(invoice: str) -> dict[str, float]:
	"""Account → debit less credit, in the company's currency."""
	balance: dict[str, float] = {}
	for entry in frappe.get_all(
		"GL Entry", {"voucher_no": invoice, "is_cancelled": 0}, ["account", "debit", "credit"]
	):
		balance[entry.account] = round(balance.get(entry.account, 0) + entry.debit - entry.credit, 2)
	return balance


def state_of(contract: str) -> tuple:
	"""All that billing changes: to compare before and after something that was refused."""
	row = frappe.db.get_value(
		"Subscription Contract",
		contract,
		["status", "next_billing_date", "anchor", "ends_on", "auto_renew", "parked", "changes"],
	)
	packs = frappe.get_all(
		"Contract Pack", {"parent": contract}, ["pack", "quantity", "ends_on", "billed_until"], order_by="idx"
	)
	invoices = frappe.get_all("Sales Invoice", {"subscription_contract": contract}, ["name", "docstatus"])
	charges = [(charge.charge_key, charge.sales_invoice) for charge in charges_of(contract)]
	return row, packs, invoices, charges


@contextmanager
def clock_at(day: date) -> Iterator[None]:
	"""Noon of `day` in every time zone, wherever the app reads the clock. Frappe's own time goes on."""

	class Clock(datetime):
		@classmethod
		def now(cls, tz=None):
			return datetime.combine(day, time(12), tzinfo=tz)

	with (
		mock.patch("subscription_mgmt.adapters.clock.datetime", Clock),
		mock.patch("subscription_mgmt.jobs.fan_out.datetime", Clock),
	):
		yield


@contextmanager
def settings(**values: object) -> Iterator[None]:
	"""Subscription Mgmt Settings changed for a while."""
	record = frappe.get_doc("Subscription Mgmt Settings")
	before = {field: record.get(field) for field in values}
	record.update(values).save()
	try:
		yield
	finally:
		frappe.get_doc("Subscription Mgmt Settings").update(before).save()


def roll_back() -> None:
	"""Undo what the test did, in the database and in what Frappe keeps of it in memory and Redis."""
	frappe.db.rollback()
	frappe.db.value_cache = {}
	for single in SINGLES:
		frappe.clear_document_cache(single, single)
	frappe.clear_document_cache("Company", COMPANY)
	frappe.local.message_log = []


def row_of(doctype: str, customer: str) -> str:
	"""A row of any DocType with a customer, past its controller: enough for who may see it."""
	name = f"_Test {doctype} of {customer}"
	columns = ("name", "customer", "owner", "modified_by", "creation", "modified")
	moment = frappe.utils.now()
	values = (name, customer, "Administrator", "Administrator", moment, moment)
	frappe.db.bulk_insert(doctype, columns, [values])
	if frappe.get_meta(doctype).has_field("action"):
		frappe.db.sql(f"update `tab{doctype}` set action = 'invoiced' where name = %s", name)
	return name
