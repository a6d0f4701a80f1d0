"""How is a scheduled pass opened, counted and closed? For Billing Run and Lifecycle Run alike."""

from collections.abc import Callable

import frappe
from frappe.model.document import Document
from frappe.utils import add_to_date, now_datetime

from subscription_mgmt.adapters.clock import today_in

ABANDONED_AFTER_HOURS = 2

Close = Callable[[Document, bool], None]


def open_run(doctype: str, due: int, batches: int) -> str:
	run = {"doctype": doctype, "run_on": today_in(None), "status": "Running", "started_at": now_datetime()}
	return frappe.get_doc({**run, "due": due, "batches": batches}).insert(ignore_permissions=True).name


def add_problem(
	doctype: str, run: str, contract: str, outcome: str, reason: str, detail: str | None = None
) -> None:
	frappe.get_doc(
		{
			"doctype": "Billing Run Problem",
			"parent": run,
			"parenttype": doctype,
			"parentfield": "problems",
			"subscription_contract": contract,
			"outcome": outcome,
			"reason": reason,
			"detail": detail,
		}
	).db_insert()


def batch_done(doctype: str, run: str, close: Close) -> None:
	"""Count a batch; the last one closes the run. The row's lock makes sure that just one is last."""
	record = frappe.get_doc(doctype, run, for_update=True)
	done = record.batches_done + 1
	frappe.db.set_value(doctype, run, "batches_done", done)  # and when: a run that goes on is not abandoned
	if done >= record.batches:
		_close(doctype, run, close, interrupted=False)


def close_abandoned(doctype: str, close: Close) -> None:
	"""Close runs whose workers are gone: no batch was done for longer than one may take. What they left is due
	still, and the next run does it."""
	limit = add_to_date(now_datetime(), hours=-ABANDONED_AFTER_HOURS)
	for run in frappe.get_all(doctype, {"status": "Running", "modified": ["<", limit]}, pluck="name"):
		_close(doctype, run, close, interrupted=True)


def _close(doctype: str, run: str, close: Close, interrupted: bool) -> None:
	record = frappe.get_doc(doctype, run)
	record.finished_at = now_datetime()
	close(record, interrupted)
	# A problem may name a contract that is gone.
	record.flags.ignore_links = True
	record.save(ignore_permissions=True)
