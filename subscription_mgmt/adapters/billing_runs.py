"""What did a billing run find due, bill and fail at? Figures are counted from what it left behind, never added up."""

import frappe
from frappe.utils import add_to_date, now_datetime
from pypika.functions import Count

from subscription_mgmt.adapters.clock import today_in

DOCTYPE = "Billing Run"
ABANDONED_AFTER_HOURS = 2


def open_run(due: int, batches: int) -> str:
	run = frappe.get_doc(
		{
			"doctype": DOCTYPE,
			"run_on": today_in(None),
			"status": "Running",
			"started_at": now_datetime(),
			"due": due,
			"batches": batches,
		}
	)
	return run.insert(ignore_permissions=True).name


def add_problem(run: str, contract: str, outcome: str, reason: str, detail: str | None = None) -> None:
	frappe.get_doc(
		{
			"doctype": "Billing Run Problem",
			"parent": run,
			"parenttype": DOCTYPE,
			"parentfield": "problems",
			"subscription_contract": contract,
			"outcome": outcome,
			"reason": reason,
			"detail": detail,
		}
	).db_insert()


def count_failure(contract: str) -> int:
	"""How often the contract has failed in a row, this time included."""
	failures = (frappe.db.get_value("Subscription Contract", contract, "billing_failures") or 0) + 1
	frappe.db.set_value(
		"Subscription Contract", contract, "billing_failures", failures, update_modified=False
	)
	return failures


def clear_failures(contract: str) -> None:
	frappe.db.set_value("Subscription Contract", contract, "billing_failures", 0, update_modified=False)


def batch_done(run: str) -> None:
	"""Count a batch; the last one closes the run. The row's lock makes sure that just one is last."""
	record = frappe.get_doc(DOCTYPE, run, for_update=True)
	done = record.batches_done + 1
	frappe.db.set_value(DOCTYPE, run, "batches_done", done, update_modified=False)
	if done >= record.batches:
		_close(run, interrupted=False)


def close_abandoned() -> None:
	"""Close runs whose workers are gone. What they left is due still, and the next run bills it."""
	limit = add_to_date(now_datetime(), hours=-ABANDONED_AFTER_HOURS)
	for run in frappe.get_all(DOCTYPE, {"status": "Running", "started_at": ["<", limit]}, pluck="name"):
		_close(run, interrupted=True)


def _close(run: str, interrupted: bool) -> None:
	record = frappe.get_doc(DOCTYPE, run)
	charge = frappe.qb.DocType("Contract Charge")
	counted = (
		frappe.qb.from_(charge)
		.select(Count(charge.subscription_contract).distinct(), Count(charge.sales_invoice).distinct())
		.where(charge.billing_run == run)
		.run()
	)
	record.billed, record.invoices = counted[0]
	record.failed = sum(row.outcome == "Failed" for row in record.problems)
	record.parked = sum(row.outcome == "Parked" for row in record.problems)
	record.nothing_due = max(0, record.due - record.billed - record.failed - record.parked)
	record.finished_at = now_datetime()
	record.status = _status(record, interrupted)
	# The standard Notification of this app listens for Nothing Billed and Interrupted.
	# A problem may name a contract that is gone.
	record.flags.ignore_links = True
	record.save(ignore_permissions=True)


def _status(record: "frappe.model.document.Document", interrupted: bool) -> str:
	if interrupted:
		return "Interrupted"
	if not record.billed and (record.failed or record.parked):
		return "Nothing Billed"
	return "With Problems" if record.failed or record.parked else "Finished"
