"""Who closes the months of usage in which a contract stayed within its quota? Asked every hour, before billing.

Most contracts owe nothing for a month. They are looked at many at once; what is left is billed one by one by
`jobs/billing.py`, which needs nothing from here: without this job it looks at all of them.
"""

from dataclasses import replace
from datetime import date

import frappe

from subscription_mgmt.adapters.clock import today_in
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.adapters.usage_batches import (
	AT_ONCE,
	UsageBatch,
	close_months,
	usage_alone_due,
	without_late,
)
from subscription_mgmt.jobs.fan_out import BATCH_TIMEOUT, job_id, latest_today
from subscription_mgmt.services.quiet_usage import quiet_usage


def close_quiet_months() -> int:
	"""Give what is due to background workers, in batches; how many contracts that are."""
	names = usage_alone_due(latest_today())
	for start in range(0, len(names), AT_ONCE):
		batch = names[start : start + AT_ONCE]
		frappe.enqueue(
			close_batch,
			queue="long",
			timeout=BATCH_TIMEOUT,
			job_id=job_id("quiet_usage", batch),
			deduplicate=True,
			contracts=batch,
		)
	return len(names)


def close_batch(contracts: list[str], today: date | None = None) -> int:
	"""How many months were closed. `today`: for tests; else each contract's own day."""
	frappe.db.commit()  # a fresh snapshot
	batch = UsageBatch(contracts)
	ports = replace(site_ports(), usage=batch.usage, ledger=batch.ledger)
	looked_at = [
		(contract, today or today_in(batch.zones[contract.name]))
		for contract in without_late(batch.contracts, batch.usage)
	]
	closed = list(quiet_usage(looked_at, ports))
	close_months(closed)
	frappe.db.commit()
	return len(closed)
