"""Where is every change of a contract written down? In Subscription Activity, in sealed entries."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import frappe
from frappe.utils import get_system_timezone

from subscription_mgmt.adapters.channel import channel
from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.adapters.contract_records import DOCTYPE as CONTRACT
from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.activity import Entry, Head, What, entry_after, what, what_was_noted
from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.invoicing import Invoice

DOCTYPE = "Subscription Activity"
STORED = (
	"contract",
	"customer",
	"number",
	"happened_at",
	"user",
	"channel",
	"action",
	"from_value",
	"to_value",
	"figures",
	"previous_hash",
	"hash",
)


class ActivityRecords:
	"""Implements `ports.Journal` on Subscription Activity."""

	def status_changed(self, before: Contract, after: Contract) -> None:
		append(after.name, what("status_changed", before.status, after.status))

	def access_changed(self, contract: Contract, mode: Mode) -> None:
		append(contract.name, what("access_changed", "", mode, instance=contract.instance))

	def invoiced(self, invoice: Invoice) -> None:
		if not invoice.contract:
			return
		append(
			invoice.contract,
			what(
				"credited" if invoice.total < 0 else "invoiced",
				"",
				invoice.name,
				total=invoice.total,
				currency=invoice.currency,
				due_on=invoice.due_on,
			),
		)

	def deletion_waits(self, contract: Contract, reasons: Sequence[str]) -> None:
		append(contract.name, what("deletion_waits", reasons=list(reasons)))

	def data_deleted(self, contract: Contract) -> None:
		append(contract.name, what("data_deleted", instance=contract.instance))

	def noted(self, contract: Contract, code: str, **figures: object) -> None:
		append(contract.name, what_was_noted(code, figures))

	def noticed(self, contract: Contract, kind: str, **figures: object) -> None:
		"""Evidence that a customer was told. `recipient` and `email_queue`: whom, and by which e-mail."""
		append(contract.name, what("notice", "", figures.get("recipient"), kind=kind, **figures))


def append(contract: str, done: What) -> None:
	"""Write one entry, in three queries.

	The contract's row stays locked until the caller commits: of two processes one follows the other's entry.
	"""
	head = _locked_head(contract)
	happened_at = moment()
	entry = entry_after(head, contract, happened_at, frappe.session.user or "Guest", channel(), done)
	_insert(entry, happened_at)
	_set_head(contract, Head(entry.number, entry.hash))


def go_on_after_namesake(contract: str) -> None:
	"""A new contract with the name of a deleted draft follows that one's history."""
	last = frappe.db.get_value(
		DOCTYPE, {"contract": contract}, ["number", "hash"], order_by="number desc", as_dict=True
	)
	if last:
		_set_head(contract, Head(last.number, last.hash))


def _locked_head(contract: str) -> Head:
	fields = ["activity_number", "activity_hash", "customer"]
	row = frappe.db.get_value(CONTRACT, contract, fields, as_dict=True, for_update=True)
	if row is None:
		raise DomainError("unknown_contract", contract=contract)
	return Head(row.activity_number or 0, row.activity_hash or "", row.customer)


def _set_head(contract: str, head: Head) -> None:
	values = {"activity_number": head.number, "activity_hash": head.hash}
	frappe.db.set_value(CONTRACT, contract, values, update_modified=False)


def _insert(entry: Entry, happened_at: datetime) -> None:
	"""Past the controller, which lets nobody write. The name is unique: no number is given twice."""
	created = happened_at.astimezone(ZoneInfo(get_system_timezone())).replace(tzinfo=None)
	standard = {
		"name": f"{entry.contract}-{entry.number}",
		"creation": created,
		"modified": created,
		"owner": entry.user,
		"modified_by": entry.user,
	}
	values = [*standard.values(), *(getattr(entry, field) for field in STORED)]
	frappe.db.bulk_insert(DOCTYPE, [*standard, *STORED], [values])
