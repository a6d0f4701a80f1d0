"""How do lines of a credit ledger become Support Credit records, with a balance that never goes below 0?"""

from collections.abc import Sequence

import frappe
from frappe.model.document import Document

from subscription_mgmt.adapters.catalogue_records import day
from subscription_mgmt.adapters.moments import moment_of, stored
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.support_credits import CreditLine, LineKind

DOCTYPE, ACCOUNT = "Support Credit", "Support Credit Account"
FIELDS = ["line_key", "customer", "kind", "change", "booked_at", "ticket", "source", "expires_on", "kept"]


class CreditRecords:
	"""Implements `support_ports.Credits`. The account's row is the lock of a customer's ledger."""

	def balance(self, customer: str) -> int:
		return _locked(customer)

	def add(self, line: CreditLine) -> int:
		before = _locked(line.customer)
		if frappe.db.exists(DOCTYPE, {"line_key": line.key}):
			raise DomainError("booked_before", key=line.key)
		after = before + line.change
		if after < 0:
			raise DomainError("too_few_credits", customer=line.customer, needed=-line.change, balance=before)
		frappe.get_doc(
			{
				"doctype": DOCTYPE,
				"line_key": line.key,
				"customer": line.customer,
				"kind": line.kind.value,
				"change": line.change,
				"balance": after,
				"booked_at": stored(line.at),
				"ticket": line.ticket,
				"source": line.source,
				"expires_on": line.expires_on,
				"kept": line.kept,
			}
		).insert(ignore_permissions=True)
		frappe.db.set_value(ACCOUNT, line.customer, "balance", after)
		return after

	def lines_of(self, customer: str) -> Sequence[CreditLine]:
		return _lines({"customer": customer})

	def lines_from(self, source: str) -> Sequence[CreditLine]:
		return _lines({"source": source})


def _locked(customer: str) -> int:
	"""The balance, its account locked until the transaction ends; what another has committed meanwhile is seen."""
	balance = frappe.db.get_value(ACCOUNT, customer, "balance", for_update=True)
	if balance is not None:
		return int(balance)
	frappe.get_doc({"doctype": ACCOUNT, "customer": customer, "balance": 0}).insert(
		ignore_permissions=True, ignore_if_duplicate=True
	)
	return int(frappe.db.get_value(ACCOUNT, customer, "balance", for_update=True))


def _lines(filters: dict) -> list[CreditLine]:
	rows = frappe.get_all(DOCTYPE, filters, FIELDS, order_by="booked_at, creation, line_key", limit=0)
	return [_line(row) for row in rows]


def _line(row: Document) -> CreditLine:
	at = moment_of(row.booked_at)
	assert at is not None
	return CreditLine(
		key=row.line_key,
		customer=row.customer,
		kind=LineKind(row.kind),
		change=row.change,
		at=at,
		ticket=row.ticket,
		source=row.source,
		expires_on=day(row.expires_on),
		kept=row.kept or 0,
	)


def customers_with_ending_credits() -> list[str]:
	"""Customers of whose grants some end one day."""
	return frappe.get_all(
		DOCTYPE, {"kind": "Grant", "expires_on": ["is", "set"]}, pluck="customer", distinct=True, limit=0
	)
