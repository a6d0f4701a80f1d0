"""How does one scheduled pass become many background jobs?"""

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone

import frappe
from frappe.utils.background_jobs import is_job_enqueued

from subscription_mgmt.adapters import scheduled_runs

EASTERNMOST = timezone(timedelta(hours=14))  # where a day begins first
BATCH_TIMEOUT = 60 * 60  # seconds


def latest_today() -> date:
	"""The day it is somewhere: a pass looks at every contract whose own day may have come."""
	return datetime.now(EASTERNMOST).date()


def fan_out(doctype: str, job: Callable[..., None], prefix: str, names: list[str]) -> str | None:
	"""Give `names` to background workers in batches; the name of the run, None when there is nothing to do.

	`job(run, contracts)` does one batch. A batch that waits or works already is not given out again.
	"""
	size = frappe.get_cached_doc("Subscription Mgmt Settings").batch_size or 50
	batches = [names[n : n + size] for n in range(0, len(names), size)]
	batches = [batch for batch in batches if not is_job_enqueued(job_id(prefix, batch))]
	if not batches:
		return None
	run = scheduled_runs.open_run(doctype, due=sum(map(len, batches)), batches=len(batches))
	frappe.db.commit()
	for batch in batches:
		frappe.enqueue(
			job,
			queue="long",
			timeout=BATCH_TIMEOUT,
			job_id=job_id(prefix, batch),
			deduplicate=True,
			run=run,
			contracts=batch,
		)
	return run


def job_id(prefix: str, batch: list[str]) -> str:
	return f"subscription_mgmt:{prefix}:{batch[0]}"
