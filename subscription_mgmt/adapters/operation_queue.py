"""How is a worker woken for an operation?"""

import frappe

from subscription_mgmt.engine.operations import LIGHT, Operation, is_urgent

JOB = "subscription_mgmt.jobs.hosting.work"
# Seconds that a worker may take, and the queue he works on: access never stands behind a long backup.
LIGHT_QUEUE, LIGHT_TIMEOUT = "short", 15 * 60
HEAVY_QUEUE, HEAVY_TIMEOUT = "long", 10 * 60 * 60
OWN_QUEUE = "subscription_hosting_queue"  # in the site's configuration: another queue for heavy operations


def wake(operation: Operation) -> None:
	"""A worker looks at the operation once this transaction is committed."""
	light = operation.kind in LIGHT
	frappe.enqueue(
		JOB,
		queue=LIGHT_QUEUE if light else frappe.conf.get(OWN_QUEUE) or HEAVY_QUEUE,
		timeout=LIGHT_TIMEOUT if light else HEAVY_TIMEOUT,
		at_front=is_urgent(operation),
		enqueue_after_commit=True,
		# For this try alone: the job of a worker who was killed counts as running for hours.
		job_id=f"subscription_mgmt:hosting:{operation.name}:{operation.tries}:{operation.due_at:%d%H%M%S}",
		deduplicate=True,
		operation=operation.name,
	)
