"""How do charges become Contract Charge records and Sales Invoices?"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import frappe
from frappe.model.document import Document
from frappe.utils import now
from pypika.functions import Sum

from subscription_mgmt.adapters.catalogue_records import day, exact
from subscription_mgmt.adapters.charge_records import charge_of, written_basis
from subscription_mgmt.adapters.sales_invoices import Buyer, make_invoices
from subscription_mgmt.engine.charges import Charge, ChargeKind
from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.invoicing import Invoice

DOCTYPE = "Contract Charge"
COLUMNS = (
	"name",
	"creation",
	"modified",
	"owner",
	"modified_by",
	"charge_key",
	"subscription_contract",
	"customer",
	"kind",
	"what",
	"item",
	"service_module",
	"period_start",
	"period_end",
	"quantity",
	"rate",
	"amount",
	"currency",
	"charged_on",
	"reverses",
	"billing_run",
	"licence",
	"basis",
)
READ = [*COLUMNS[5:], "name", "sales_invoice"]


class LedgerRecords:
	"""Implements `ports.Ledger` on Contract Charge and Sales Invoice. `billing_run`: the run that charges."""

	def __init__(self, billing_run: str | None = None) -> None:
		self.billing_run = billing_run

	def charges_of(self, contract: str) -> Sequence[Charge]:
		# With a lock: what another request charged while this one waited for the contract is seen.
		rows = frappe.db.get_values(
			DOCTYPE,
			{"subscription_contract": contract},
			READ,
			order_by="charged_on asc, creation asc",
			for_update=True,
			as_dict=True,
		)
		keys = {row.name: row.charge_key for row in rows}
		return [charge_of(row, keys.get(row.reverses)) for row in rows]

	def add(self, contract: Contract, charges: Sequence[Charge]) -> None:
		self._insert(charges)

	def _insert(self, charges: Sequence[Charge]) -> None:
		try:
			frappe.db.bulk_insert(DOCTYPE, COLUMNS, self._rows(charges))
		except Exception as error:
			if frappe.db.is_unique_key_violation(error) or frappe.db.is_duplicate_entry(error):
				raise DomainError("charged_before", key=charges[0].key) from error
			raise

	def waiting(self, contract: str) -> Sequence[Charge]:
		return [charge_of(row) for row in _waiting(contract, though_parked=True) if row.amount]

	def invoice(self, contract: Contract, today: date) -> Sequence[Invoice]:
		waiting = _waiting(contract.name)
		return make_invoices(_buyer(contract), waiting, today) if waiting else ()

	def sell(self, charges: Sequence[Charge], today: date) -> Sequence[Invoice]:
		self._insert(charges)
		waiting = frappe.get_all(
			DOCTYPE,
			{"charge_key": ["in", [charge.key for charge in charges]]},
			READ,
			order_by="creation, idx",
			limit=0,
		)
		return make_invoices(_buyer_without_contract(charges[0]), waiting, today)

	def invoice_licence(self, licence: str, today: date) -> Sequence[Invoice]:
		"""Invoice again what was sold with the licence and stands on no invoice (a person cancelled it)."""
		waiting = frappe.get_all(
			DOCTYPE,
			{
				"licence": licence,
				"subscription_contract": ["is", "not set"],
				"sales_invoice": ["is", "not set"],
			},
			READ,
			order_by="creation, idx",
			limit=0,
		)
		if not waiting:
			return ()
		return make_invoices(_buyer_without_contract(charge_of(waiting[0])), waiting, today)

	def invoice_sale(self, name: str, today: date) -> Sequence[Invoice]:
		"""Invoice again a pack sold without a contract whose invoice a person cancelled."""
		row = frappe.db.get_value(DOCTYPE, name, READ, as_dict=True, for_update=True)
		if row.subscription_contract:
			raise DomainError("charge_of_contract", what=row.what, contract=row.subscription_contract)
		if row.sales_invoice:
			raise DomainError("invoiced_before", what=row.what, invoice=row.sales_invoice)
		return make_invoices(_buyer_without_contract(charge_of(row)), [row], today)

	def oldest_due(self, contract: Contract) -> date | None:
		filters = {
			"subscription_contract": contract.name,
			"docstatus": 1,
			"is_return": 0,
			"outstanding_amount": [">", 0],
		}
		if contract.debts_from:
			filters["posting_date"] = [">=", contract.debts_from]
		return day(frappe.db.get_value("Sales Invoice", filters, "due_date", order_by="due_date asc"))

	def paid(self, contract: str) -> Decimal:
		"""In the company's currency: what the invoices come to, less what is still open on them."""
		invoice = frappe.qb.DocType("Sales Invoice")
		paid = (
			frappe.qb.from_(invoice)
			.select(Sum(invoice.grand_total - invoice.outstanding_amount))
			.where((invoice.subscription_contract == contract) & (invoice.docstatus == 1))
			.run()
		)
		return exact(paid[0][0])

	def _rows(self, charges: Sequence[Charge]) -> list[tuple]:
		"""A charge may reverse one that is stored along with it."""
		names = {charge.key: frappe.generate_hash(length=12) for charge in charges}
		here = {charge.key: (names[charge.key], _item(charge)) for charge in charges if not charge.reverses}
		return [self._row(charge, names[charge.key], here) for charge in charges]

	def _row(self, charge: Charge, name: str, here: Mapping[str, tuple[str, str | None]]) -> tuple:
		moment, user = now(), frappe.session.user
		period = charge.period
		if charge.reverses:
			reversed_, item = here.get(charge.reverses) or _stored(charge.reverses)
		else:
			reversed_, item = None, here[charge.key][1]
		return (
			name,
			moment,
			moment,
			user,
			user,
			charge.key,
			charge.contract,
			charge.customer,
			charge.kind.value,
			charge.what,
			item,
			charge.module,
			period.start if period else None,
			period.end if period else None,
			float(charge.quantity),
			float(charge.rate),
			float(charge.amount),
			charge.currency,
			charge.charged_on,
			reversed_,
			self.billing_run,
			charge.licence,
			written_basis(charge.basis),
		)


def _buyer(contract: Contract) -> Buyer:
	company = frappe.db.get_value("Subscription Contract", contract.name, "company")
	return Buyer(contract.customer, contract.currency, company, contract=contract.name)


def _buyer_without_contract(charge: Charge) -> Buyer:
	company = frappe.db.get_value("Licence", charge.licence, "company") if charge.licence else None
	company = company or frappe.get_cached_doc("Subscription Mgmt Settings").company
	return Buyer(charge.customer, charge.currency, company, licence=charge.licence)


def _waiting(contract: str, though_parked: bool = False) -> list[Document]:
	"""Charges that are on no invoice; to be billed, none while the contract is parked, whoever bills it."""
	charge, parked = frappe.qb.DocType(DOCTYPE), frappe.qb.DocType("Subscription Contract")
	billed = parked.parked <= (1 if though_parked else 0)
	return (
		frappe.qb.from_(charge)
		.join(parked)
		.on(parked.name == charge.subscription_contract)
		.select(*(charge[column] for column in READ))
		.where((charge.subscription_contract == contract) & billed)
		.where(charge.sales_invoice.isnull() | (charge.sales_invoice == ""))
		.orderby(charge.creation, charge.idx)
		.run(as_dict=True)
	)


def _stored(key: str) -> tuple[str, str | None]:
	"""(record, item) of the charge with that key."""
	return frappe.db.get_value(DOCTYPE, {"charge_key": key}, ["name", "item"])


def _item(charge: Charge) -> str | None:
	"""What is used beyond a quota is sold as the plan that has the quota."""
	if charge.kind is ChargeKind.USAGE:
		plan = frappe.db.get_value("Subscription Contract", charge.contract, "plan")
		return frappe.get_cached_value("Plan", plan, "item")
	sold = "Pack" if charge.kind is ChargeKind.PACK else "Plan"
	return frappe.get_cached_value(sold, charge.what, "item")
