"""How do waiting charges become ERPNext Sales Invoices and credit notes?

Accounts, taxes, currency rates and payment terms are ERPNext's own. A credit becomes a credit note against the
invoice of the charge it reverses, because ERPNext refuses negative rates and a credit note reverses taxes rightly.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_days, formatdate

from subscription_mgmt.engine.charges import Charge, ChargeKind
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.invoicing import Invoice, due_on


@dataclass(frozen=True)
class Buyer:
	"""Who is invoiced, by which company, and for which contract or licence."""

	customer: str
	currency: str
	company: str
	contract: str | None = None
	licence: str | None = None


def make_invoices(buyer: Buyer, waiting: Sequence[Document], today: date) -> Sequence[Invoice]:
	"""One invoice for all that is owed, and a credit note per invoice that is credited in part."""
	from subscription_mgmt.adapters.ledger_records import charge_of

	owed = [(row, charge_of(row)) for row in waiting if row.kind != ChargeKind.CREDIT.value and row.amount]
	made: list[Invoice] = []
	if owed:
		made.append(_make(buyer, owed, today))
	for invoice, rows in _by_credited_invoice(waiting).items():
		credited = replace(buyer, contract=rows[0].subscription_contract)
		made.append(_make(credited, [(row, charge_of(row)) for row in rows], today, return_against=invoice))
	return made


def _by_credited_invoice(waiting: Iterable[Document]) -> dict[str, list[Document]]:
	credits: dict[str, list[Document]] = defaultdict(list)
	for row in waiting:
		if row.kind == ChargeKind.CREDIT.value:
			credits[_credited_invoice(row)].append(row)
	return credits


def _credited_invoice(credit: Document) -> str:
	invoice = frappe.db.get_value("Contract Charge", credit.reverses, "sales_invoice")
	if not invoice or frappe.db.get_value("Sales Invoice", invoice, "docstatus") != 1:
		raise DomainError("credit_needs_invoice", invoice=invoice or "-", what=credit.what)
	return invoice


def _make(
	buyer: Buyer,
	lines: Sequence[tuple[Document, Charge]],
	today: date,
	return_against: str | None = None,
) -> Invoice:
	charges = tuple(charge for _row, charge in lines)
	settings = frappe.get_cached_doc("Subscription Mgmt Settings")
	record = frappe.get_doc(
		{
			"doctype": "Sales Invoice",
			"customer": buyer.customer,
			"company": buyer.company,
			"currency": buyer.currency,
			"set_posting_time": 1,
			"posting_date": today,
			"subscription_contract": buyer.contract,
			"licence": buyer.licence,
			"ignore_pricing_rule": 1,
			"items": [_line(row, charge, bool(return_against)) for row, charge in lines],
			**_span(charges),
			**_terms(settings, today, return_against),
		}
	)
	record.flags.ignore_permissions = True
	record.set_missing_values()
	# Inserting it submitted validates once; inserting and then submitting would do so twice.
	record.docstatus = 1 if settings.submit_invoices else 0
	record.insert()
	return Invoice(
		customer=buyer.customer,
		contract=buyer.contract,
		currency=buyer.currency,
		date=today,
		due_on=record.due_date or due_on(today, settings.payment_days or 0),
		lines=charges,
		name=record.name,
	)


def _line(row: Document, charge: Charge, is_return: bool) -> dict:
	if not row.item:
		raise DomainError("no_item", what=charge.what)
	quantity, rate = replace(charge, amount=abs(charge.amount)).as_sold()
	line = {
		"item_code": row.item,
		"qty": float(-quantity if is_return else quantity),
		"rate": float(rate),
		"price_list_rate": float(rate),
		"description": describe(charge),
		"contract_charge": row.name,
	}
	if charge.period and frappe.get_cached_value("Item", row.item, "enable_deferred_revenue"):
		line["service_start_date"] = charge.period.start
		line["service_end_date"] = charge.period.end - date.resolution
	return line


def describe(charge: Charge) -> str:
	"""What a customer reads on the line: the pack, its module, the days it covers (last day included), the share."""
	parts = [charge.what if not charge.module else f"{charge.what} ({charge.module})"]
	if charge.kind is ChargeKind.CREDIT:
		parts[0] = _("Credit for the unused days of {0}").format(parts[0])
	if charge.period:
		last = charge.period.end - date.resolution
		parts.append(_("{0} to {1}").format(formatdate(charge.period.start), formatdate(last)))
	if charge.kind is not ChargeKind.CREDIT and charge.is_part_of_a_period:
		parts.append(_("{0} × {1}, by day").format(f"{charge.quantity:f}", f"{charge.rate:f}"))
	return ", ".join(parts)


def _span(charges: Iterable[Charge]) -> dict:
	periods = [charge.period for charge in charges if charge.period]
	if not periods:
		return {}
	return {
		"from_date": min(period.start for period in periods),
		"to_date": max(period.end for period in periods) - date.resolution,
	}


def _terms(settings: Document, today: date, return_against: str | None) -> dict:
	if return_against:
		return {"is_return": 1, "return_against": return_against, "due_date": today}
	if settings.payment_terms_template:
		return {"payment_terms_template": settings.payment_terms_template}
	return {"due_date": add_days(today, settings.payment_days or 0)}
