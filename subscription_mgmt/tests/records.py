"""Which records do the bench tests speak of? Small ones, made once per site and rolled back with each test case."""

from datetime import date

import frappe
from frappe.model.document import Document

COMPANY = "Wind Power LLC"
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


def price_rows(prices: dict[str, float]) -> list[dict]:
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
	return frappe.get_doc({**contract, **values}).insert()


def invoices_of(contract: str) -> list[Document]:
	names = frappe.get_all(
		"Sales Invoice", {"subscription_contract": contract}, pluck="name", order_by="posting_date, creation"
	)
	return [frappe.get_doc("Sales Invoice", name) for name in names]


def charges_of(contract: str) -> list[Document]:
	return frappe.get_all(
		"Contract Charge", {"subscription_contract": contract}, ["*"], order_by="period_start, creation"
	)
