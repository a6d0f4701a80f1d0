"""Which contracts does the daily look at payments, renewals and deletions concern? Three queries, however many."""

from datetime import date

import frappe
from frappe.query_builder.functions import IfNull
from pypika import CustomFunction

from subscription_mgmt.engine.contracts import BILLED, Status

DOCTYPE = "Subscription Contract"
date_diff = CustomFunction("DATEDIFF", ["later", "earlier"])


def living_contracts(today: date) -> list[str]:
	"""Names, each once: in arrears or out of them again, restricted, or about to renew."""
	names = [*_in_arrears(today), *_restricted_or_past_due(), *_renewing(today)]
	return sorted(set(names))


def _in_arrears(today: date) -> list[str]:
	contract, invoice = frappe.qb.DocType(DOCTYPE), frappe.qb.DocType("Sales Invoice")
	return (
		frappe.qb.from_(invoice)
		.join(contract)
		.on(contract.name == invoice.subscription_contract)
		.select(contract.name)
		.distinct()
		.where((invoice.docstatus == 1) & (invoice.outstanding_amount > 0) & (invoice.due_date < today))
		.where(contract.status.isin([status.value for status in BILLED]))
		.run(pluck=True)
	)


def _restricted_or_past_due() -> list[str]:
	"""Past Due and Suspended ones too whose invoices were paid: nobody who paid stays suspended."""
	contract = frappe.qb.DocType(DOCTYPE)
	arrears = contract.status.isin([Status.PAST_DUE.value, Status.SUSPENDED.value])
	return (
		frappe.qb.from_(contract)
		.select(contract.name)
		.where(arrears | (contract.restricted_since.isnotnull() & contract.data_deleted_on.isnull()))
		.run(pluck=True)
	)


def _renewing(today: date) -> list[str]:
	contract, plan = frappe.qb.DocType(DOCTYPE), frappe.qb.DocType("Plan")
	return (
		frappe.qb.from_(contract)
		.join(plan)
		.on(plan.name == contract.plan)
		.select(contract.name)
		.where(contract.status.isin([status.value for status in BILLED]))
		.where((contract.auto_renew == 1) & contract.ends_on.isnull() & (plan.notice_days > 0))
		.where(date_diff(contract.next_billing_date, today) <= plan.notice_days)
		.where(IfNull(contract.renewal_noticed_for, "1900-01-01") < contract.next_billing_date)
		.run(pluck=True)
	)
