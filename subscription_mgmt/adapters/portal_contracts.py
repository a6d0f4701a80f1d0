"""Which contracts does a customer have, with what stands beside them? A few queries, however many they are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal

import frappe
from frappe.model.document import Document
from pypika.functions import Coalesce, Max, Sum
from pypika.terms import Criterion

from subscription_mgmt.adapters.catalogue_records import day, exact
from subscription_mgmt.adapters.contract_records import DOCTYPE, contract_of
from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.engine.overage import month_of
from subscription_mgmt.engine.quotas import Standing

INVOICE = "Sales Invoice"
UNPAID = {"docstatus": 1, "outstanding_amount": [">", 0]}
INVOICE_FIELDS = [
	"name",
	"posting_date",
	"due_date",
	"grand_total",
	"outstanding_amount",
	"currency",
	"party_account_currency",
	"company",
	"is_return",
	"subscription_contract",
	"licence",
]


@dataclass(frozen=True)
class Shown:
	"""A contract and where its instance stands. `mode`: really in force, else the one ordered; None: no instance."""

	contract: Contract
	time_zone: str | None
	mode: str | None = None


@dataclass(frozen=True)
class Bill:
	"""An invoice as its customer is shown it. `open`: what is still to pay, in the currency of his account."""

	name: str
	on: date
	due_on: date | None
	total: Decimal
	open: Decimal
	currency: str
	open_currency: str
	company: str
	contract: str | None = None
	is_credit: bool = False


def contracts_of(customer: str, most: int, start: int = 0) -> list[Shown]:
	"""Those that run first, the newest of them first."""
	record = frappe.qb.DocType(DOCTYPE)
	over = frappe.qb.terms.Case().when(record.status.isin(["Ended", "Cancelled"]), 1).else_(0)
	rows = (
		frappe.qb.from_(record)
		.select("*")
		.where(record.customer == customer)
		.orderby(over)
		.orderby(record.creation, order=frappe.qb.desc)
		.limit(most)
		.offset(start)
		.run(as_dict=True)
	)
	packs = _packs([row.name for row in rows])
	modes = modes_of([row.instance for row in rows])
	return [
		Shown(
			contract_of(frappe._dict(row, packs=packs[row.name])),
			row.time_zone,
			modes.get(row.instance) if row.instance else None,
		)
		for row in rows
	]


def _packs(contracts: Sequence[str]) -> Mapping[str, list[Document]]:
	held: dict[str, list[Document]] = defaultdict(list)
	if contracts:
		rows = frappe.get_all(
			"Contract Pack",
			{"parent": ["in", contracts], "parenttype": DOCTYPE},
			["parent", "pack", "quantity", "service_module", "starts_on", "ends_on", "billed_until"],
			order_by="idx",
			limit=0,
		)
		for row in rows:
			held[row.parent].append(row)
	return held


def modes_of(instances: Iterable[str | None]) -> Mapping[str, str]:
	names = sorted({name for name in instances if name})
	if not names:
		return {}
	rows = frappe.get_all("Hosted Instance", {"name": ["in", names]}, ["name", "actual_mode", "wanted_mode"])
	return {
		row.name: row.actual_mode or row.wanted_mode for row in rows if row.actual_mode or row.wanted_mode
	}


def bills_of(customer: str, most: int, start: int = 0, **filters: object) -> list[Bill]:
	"""Submitted invoices and credit notes, the latest first."""
	rows = frappe.get_all(
		INVOICE,
		{"customer": customer, "docstatus": 1, **filters},
		INVOICE_FIELDS,
		order_by="posting_date desc, creation desc",
		limit=most,
		limit_start=start,
	)
	return [bill_of(row) for row in rows]


def billing_usage(invoices: Iterable[str]) -> set[str]:
	"""Those of the invoices that bill usage, which can be explained."""
	names = sorted(invoices)
	if not names:
		return set()
	filters = {"sales_invoice": ["in", names], "basis": ["is", "set"]}
	return set(
		frappe.get_all("Contract Charge", filters, pluck="sales_invoice", distinct=True, order_by=None)
	)


def unpaid_of(customer: str) -> list[Bill]:
	rows = frappe.get_all(
		INVOICE, {"customer": customer, **UNPAID}, INVOICE_FIELDS, order_by="due_date", limit=100
	)
	return [bill_of(row) for row in rows]


def bill_of(row: Document) -> Bill:
	return Bill(
		name=row.name,
		on=day(row.posting_date),
		due_on=day(row.due_date),
		total=exact(row.grand_total),
		open=exact(row.outstanding_amount),
		currency=row.currency,
		open_currency=row.party_account_currency or row.currency,
		company=row.company,
		contract=row.subscription_contract,
		is_credit=bool(row.is_return),
	)


def standings_of(contracts: Sequence[tuple[Contract, date]]) -> Mapping[str, dict[tuple, Standing]]:
	"""What each contract used so far in its running month; `date`: the contract's today. Two queries for them all."""
	record = frappe.qb.DocType("Usage Record")
	begins = {
		contract.name: datetime.combine(month_of(contract, today).start, time.min)
		for contract, today in contracts
		if contract.usage_from is not None
	}
	months = [
		(record.subscription_contract == name) & (record.measured_at >= begin)
		for name, begin in begins.items()
	]
	found: dict[str, dict[tuple, Standing]] = defaultdict(dict)
	if not months:
		return found
	rows = (
		frappe.qb.from_(record)
		.select(record.subscription_contract, record.metric, record.service_module)
		.select(Sum(record.counted), Max(record.counted))
		.where(Criterion.any(months))
		.groupby(record.subscription_contract, record.metric, record.service_module)
		.run()
	)
	for contract, metric, module, total, highest in rows:
		found[contract][metric, module or None] = Standing(exact(total), exact(highest))
	for contract, metric, module, level in _carried_over(begins):
		before = found[contract].get((metric, module or None), Standing())
		found[contract][metric, module or None] = replace(before, highest=max(before.highest, exact(level)))
	return found


def _carried_over(begins: Mapping[str, datetime]) -> Iterable[tuple]:
	"""(contract, metric, module, level) at which each month began; of one moment, the record with the later key."""
	record, other = frappe.qb.DocType("Usage Record"), frappe.qb.DocType("Usage Record").as_("other")
	last = (
		frappe.qb.from_(other)
		.select(other.subscription_contract, other.metric, other.service_module)
		.select(Max(other.measured_at).as_("at"))
		.where(
			Criterion.any(
				(other.subscription_contract == name) & (other.measured_at <= begin)
				for name, begin in begins.items()
			)
		)
		.groupby(other.subscription_contract, other.metric, other.service_module)
	)
	rows = (
		frappe.qb.from_(record)
		.join(last)
		.on(
			(record.subscription_contract == last.subscription_contract)
			& (record.metric == last.metric)
			& (record.measured_at == last.at)
		)
		.select(record.subscription_contract, record.metric, record.service_module, record.counted)
		.where(Coalesce(record.service_module, "") == Coalesce(last.service_module, ""))
		.orderby(record.usage_key)
		.run()
	)
	return {row[:3]: row for row in rows}.values()
