"""What do running contracts hold that recurs? One query each for plans, packs and prices, however many."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

import frappe
from pypika.functions import Count, Sum
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, Function

from subscription_mgmt.adapters.catalogue_records import day, exact
from subscription_mgmt.adapters.contract_records import DOCTYPE
from subscription_mgmt.engine.contracts import BILLED
from subscription_mgmt.engine.periods import Interval
from subscription_mgmt.engine.prices import ONCE, Price
from subscription_mgmt.engine.recurring import Sold

PriceLists = Mapping[tuple[str, str], list[Price]]


class Greatest(Function):
	def __init__(self, *terms: object) -> None:
		super().__init__("GREATEST", *terms)


def sold_by_company(company: str, today: date) -> list[Sold]:
	"""Of the contracts that are charged, added up by plan or pack, interval and currency."""
	contract = frappe.qb.DocType(DOCTYPE)
	charged = [status.value for status in BILLED]
	return _sold((contract.company == company) & contract.status.isin(charged), today)


def sold_by_contract(name: str, today: date) -> list[Sold]:
	return _sold(frappe.qb.DocType(DOCTYPE).name == name, today)


def _sold(which: Criterion, today: date) -> list[Sold]:
	plans = _plans(which).run(as_dict=True)
	packs = _packs(which, today).run(as_dict=True)
	prices = _prices({row.what for row in (*plans, *packs)})
	return [
		*(_of_plan(row, prices) for row in plans),
		*(_of_pack(row, prices) for row in packs),
	]


def _of_plan(row: Mapping, prices: PriceLists) -> Sold:
	return Sold(
		what=row.what,
		interval=Interval(row.interval),
		currency=row.currency,
		quantity=exact(row.quantity),
		prices=tuple(prices["Plan", row.what]),
		agreed=exact(row.agreed) if row.has_agreed_price else None,
	)


def _of_pack(row: Mapping, prices: PriceLists) -> Sold:
	return Sold(
		what=row.what,
		interval=Interval(row.interval),
		currency=row.currency,
		quantity=exact(row.quantity),
		prices=tuple(prices["Pack", row.what]),
	)


def _plans(which: Criterion) -> QueryBuilder:
	contract = frappe.qb.DocType(DOCTYPE)
	grouping = (contract.interval, contract.currency, contract.has_agreed_price)
	return (
		frappe.qb.from_(contract)
		.select(contract.plan.as_("what"), *grouping)
		.select(Count("*").as_("quantity"), Sum(contract.agreed_price).as_("agreed"))
		.where(which)
		.groupby(contract.plan, *grouping)
	)


def _packs(which: Criterion, today: date) -> QueryBuilder:
	contract = frappe.qb.DocType(DOCTYPE)
	line, pack = frappe.qb.DocType("Contract Pack"), frappe.qb.DocType("Pack")
	begun = line.starts_on.isnull() | (line.starts_on <= Greatest(today, contract.start_date))
	return (
		frappe.qb.from_(line)
		.join(contract)
		.on((contract.name == line.parent) & (line.parenttype == DOCTYPE))
		.join(pack)
		.on(pack.name == line.pack)
		.select(line.pack.as_("what"), contract.interval, contract.currency)
		.select(Sum(line.quantity).as_("quantity"))
		.where(which & begun & (pack.one_off == 0))
		.where(line.ends_on.isnull() | (line.ends_on > today))
		.groupby(line.pack, contract.interval, contract.currency)
	)


def _prices(names: Iterable[str]) -> PriceLists:
	found: PriceLists = defaultdict(list)
	rows = frappe.get_all(
		"Subscription Price",
		{"parent": ["in", list(names)], "interval": ["!=", ONCE]},
		["parenttype", "parent", "interval", "currency", "price", "valid_from"],
		limit=0,
	)
	for row in rows:
		price = Price(Interval(row.interval), row.currency, exact(row.price), day(row.valid_from))
		found[row.parenttype, row.parent].append(price)
	return found


def latest_rates(company: str, currencies: Iterable[str]) -> dict[str, Decimal]:
	"""Rates into the company's currency at which the latest subscription invoice in each was booked."""
	return {currency: rate for currency in currencies if (rate := _latest_rate(company, currency))}


def _latest_rate(company: str, currency: str) -> Decimal:
	filters = {
		"company": company,
		"currency": currency,
		"subscription_contract": ["is", "set"],
		"docstatus": ["<", 2],
	}
	newest = "posting_date desc, creation desc"
	return exact(frappe.db.get_value("Sales Invoice", filters, "conversion_rate", order_by=newest))
