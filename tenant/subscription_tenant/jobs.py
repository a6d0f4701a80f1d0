"""What becomes of a site's background jobs while it is closed? Refused, kept, and queued again when it is open."""

from __future__ import annotations

import frappe
from rq import get_current_job
from rq.job import Job

from subscription_tenant import words
from subscription_tenant.access import of_site
from subscription_tenant.refusal import SubscriptionRefused

REFUSED = "subscription_refused"
KEPT_FOR = 400 * 24 * 60 * 60  # seconds; a read-only year, and the time to buy the next


def refuse(method: str) -> None:
	"""Before a job of this site runs. The worker lists it among its failed jobs, with this sentence."""
	access = of_site(frappe.local.site_path)
	if access.is_full:
		return
	if job := get_current_job():
		job.meta[REFUSED] = access.mode
		job.failure_ttl = KEPT_FOR
		job.save()
	sentence = words.say("Background jobs do not run on this site now: its access is {0}.").format(
		access.mode
	)
	frappe.logger("subscription_tenant", allow_site=True).warning(f"{method}: {sentence}")
	frappe.db.close()  # nobody else does, for a job that never began
	raise SubscriptionRefused(f"{method}: {sentence}")


def queue_again(site: str) -> int:
	"""Every job of `site` that was refused."""
	from frappe.utils.background_jobs import get_queues

	queued = 0
	for queue in get_queues():
		registry = queue.failed_job_registry
		for job in Job.fetch_many(registry.get_job_ids(), connection=queue.connection):
			if job and job.kwargs.get("site") == site and job.meta.pop(REFUSED, None):
				job.save_meta()
				registry.requeue(job)
				queued += 1
	return queued
