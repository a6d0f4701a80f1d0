"""What did a billing run find due, bill and fail at? Figures are counted from what it left behind, never added up."""

import frappe
from frappe.model.document import Document
from pypika.functions import Count

DOCTYPE = "Billing Run"


def count_failure(contract: str) -> int:
	"""How often the contract has failed in a row, this time included."""
	failures = (frappe.db.get_value("Subscription Contract", contract, "billing_failures") or 0) + 1
	frappe.db.set_value(
		"Subscription Contract", contract, "billing_failures", failures, update_modified=False
	)
	return failures


def clear_failures(contract: str) -> None:
	frappe.db.set_value("Subscription Contract", contract, "billing_failures", 0, update_modified=False)


def close(run: Document, interrupted: bool) -> None:
	"""Fill in what the run came to; the standard Notification listens for Nothing Billed and Interrupted."""
	charge = frappe.qb.DocType("Contract Charge")
	counted = (
		frappe.qb.from_(charge)
		.select(Count(charge.subscription_contract).distinct(), Count(charge.sales_invoice).distinct())
		.where(charge.billing_run == run.name)
		.run()
	)
	run.billed, run.invoices = counted[0]
	run.failed = sum(row.outcome == "Failed" for row in run.problems)
	run.parked = sum(row.outcome == "Parked" for row in run.problems)
	run.nothing_due = max(0, run.due - run.billed - run.failed - run.parked)
	run.status = _status(run, interrupted)


def _status(run: Document, interrupted: bool) -> str:
	if interrupted:
		return "Interrupted"
	if not run.billed and (run.failed or run.parked):
		return "Nothing Billed"
	return "With Problems" if run.failed or run.parked else "Finished"
