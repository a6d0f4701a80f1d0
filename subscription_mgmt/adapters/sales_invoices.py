"""How do waiting charges become ERPNext Sales Invoices and credit notes?

Accounts, taxes, currency rates and payment terms are ERPNext's own. A credit becomes a credit note against the
invoice of the charge it reverses, because ERPNext refuses negative rates and a credit note reverses taxes rightly.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import frappe
from erpnext.accounts.party import get_party_gle_currency
from frappe import _
from frappe.model.document import Document
from frappe.utils import formatdate, getdate

from subscription_mgmt.adapters.charge_records import charge_of
from subscription_mgmt.adapters.payment_terms import terms_of
from subscription_mgmt.engine.charges import Basis, Charge, ChargeKind
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.invoicing import Invoice

TAX_COLUMNS = [
	"charge_type",
	"row_id",
	"account_head",
	"cost_center",
	"description",
	"rate",
	"included_in_print_rate",
]


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
	record = frappe.new_doc("Sales Invoice")
	record.update(
		{
			"customer": buyer.customer,
			"company": buyer.company,
			"currency": buyer.currency,
			"set_posting_time": 1,
			"posting_date": today,
			"subscription_contract": buyer.contract,
			"licence": buyer.licence,
			"ignore_pricing_rule": 1,
			"items": [_line(row, charge, today, bool(return_against)) for row, charge in lines],
			**_span(charges),
			**(_as_return(return_against, today) if return_against else _terms(buyer, today)),
		}
	)
	record.flags.ignore_permissions = True
	messages = len(frappe.local.message_log)
	record.set_missing_values()
	_check_accounts(record)
	if not return_against:
		# The template of a tax rule is taken above; what is left is the company's default one.
		record.set_taxes()
	# Inserting it submitted validates once; inserting and then submitting would do so twice.
	record.docstatus = 1 if settings.submit_invoices else 0
	record.insert()
	# Hints to whoever types an invoice; nobody typed this one.
	del frappe.local.message_log[messages:]
	return Invoice(
		customer=buyer.customer,
		contract=buyer.contract,
		currency=buyer.currency,
		date=today,
		due_on=getdate(record.due_date),
		lines=charges,
		name=record.name,
	)


def _line(row: Document, charge: Charge, today: date, is_return: bool) -> dict:
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
		last = charge.period.end - date.resolution
		line |= {"service_start_date": charge.period.start, "service_end_date": last}
		# ERPNext refuses to defer what is earned already, as a period missed and caught up is.
		line["enable_deferred_revenue"] = int(last >= today)
	return line


def _check_accounts(record: Document) -> None:
	"""ERPNext names the field that is empty; this says where to fill it in."""
	if not record.debit_to:
		frappe.throw(
			_("{0} has no account to debit. Set the Default Receivable Account of company {1}.").format(
				record.customer, record.company
			)
		)
	_check_account_currency(record)
	for line in record.items:
		if not line.income_account:
			frappe.throw(
				_(
					"Item {0} has no income account. Set the Default Income Account of company {1}, or the item's own."
				).format(line.item_code, record.company)
			)


def _check_account_currency(record: Document) -> None:
	"""ERPNext says that two currencies should be the same; this says what to do about it."""
	currency = frappe.get_cached_value("Account", record.debit_to, "account_currency")
	setting = "allow_multi_currency_invoices_against_single_party_account"
	if currency == record.currency or frappe.get_cached_doc("Accounts Settings").get(setting):
		return
	if get_party_gle_currency("Customer", record.customer, record.company):
		return  # the customer's earlier invoices have settled it
	frappe.throw(
		_(
			"{0} is invoiced in {1}, but its account {2} is in {3}. Give the customer a receivable account in {1}, or allow several currencies on one account in Accounts Settings."  # noqa: E501
		).format(record.customer, record.currency, record.debit_to, currency)
	)


def describe(charge: Charge) -> str:
	"""What a customer reads on the line: the pack, its module, the days it covers (last day included), the share."""
	parts = [charge.what if not charge.module else f"{charge.what} ({charge.module})"]
	if charge.kind is ChargeKind.USAGE:
		beyond = _("{0} × {1} beyond the quota").format(
			_plain(charge.quantity), _plain(charge.rate, charge.decimals)
		)
		parts.append(beyond)
	if charge.kind is ChargeKind.CREDIT:
		parts[0] = _("Credit for the unused days of {0}").format(parts[0])
	if charge.period:
		last = charge.period.end - date.resolution
		parts.append(_("{0} to {1}").format(formatdate(charge.period.start), formatdate(last)))
	if charge.kind is ChargeKind.USAGE and charge.is_part_of_a_period:
		parts.append(_("by day"))
	elif charge.kind is not ChargeKind.CREDIT and charge.is_part_of_a_period:
		parts.append(
			_("{0} × {1}, by day").format(_plain(charge.quantity), _plain(charge.rate, charge.decimals))
		)
	described = ", ".join(parts)
	return f"{described}. {explained(charge.basis)}" if charge.basis else described


MOST_NAMES = 8


def explained(basis: Basis) -> str:
	"""What a usage charge rests on, in a sentence or two: the day that decided, and who was counted."""
	day, used, allowed = formatdate(basis.day), _plain(basis.used), _plain(basis.allowed)
	if basis.days_over == 1:
		told = _("{0} used as of {1}, {2} allowed; beyond it on 1 day.").format(used, day, allowed)
	else:
		told = _("{0} used as of {1}, {2} allowed; beyond it on {3} days.").format(
			used, day, allowed, basis.days_over
		)
	if not basis.subjects:
		return told
	names = ", ".join(basis.subjects[:MOST_NAMES])
	more = len(basis.subjects) - MOST_NAMES
	return f"{told} " + (
		_("Counted: {0} and {1} more").format(names, more) if more > 0 else _("Counted: {0}").format(names)
	)


def _plain(number: Decimal, decimals: int = 0) -> str:
	"""As a person writes it, with at least that many decimals: 2, 100.00, 0.125."""
	exponent = number.normalize().as_tuple().exponent
	return f"{number:.{max(decimals, -int(exponent))}f}"


def _span(charges: Iterable[Charge]) -> dict:
	periods = [charge.period for charge in charges if charge.period]
	if not periods:
		return {}
	return {
		"from_date": min(period.start for period in periods),
		"to_date": max(period.end for period in periods) - date.resolution,
	}


def _terms(buyer: Buyer, today: date) -> dict:
	terms = terms_of(buyer.customer, buyer.company, today)
	return {"payment_terms_template": terms.template, "due_date": terms.due_on}


def _as_return(invoice: str, today: date) -> dict:
	"""The credited invoice's account, rate and taxes; what is open on it becomes less."""
	fields = ["debit_to", "conversion_rate", "taxes_and_charges"]
	like = frappe.db.get_value("Sales Invoice", invoice, fields, as_dict=True)
	taxes = frappe.get_all(
		"Sales Taxes and Charges",
		{"parent": invoice, "parenttype": "Sales Invoice", "charge_type": ["!=", "Actual"]},
		TAX_COLUMNS,
		order_by="idx",
	)
	return {
		**like,
		"taxes": taxes,
		"is_return": 1,
		"return_against": invoice,
		"update_outstanding_for_self": 0,
		"due_date": today,
	}
