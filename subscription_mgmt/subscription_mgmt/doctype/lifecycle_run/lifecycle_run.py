"""What did one scheduled pass of reminders, restrictions and deletions find due, and fail at?"""

from frappe.model.document import Document


class LifecycleRun(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from subscription_mgmt.subscription_mgmt.doctype.billing_run_problem.billing_run_problem import (
			BillingRunProblem,
		)

		batches: DF.Int
		batches_done: DF.Int
		done: DF.Int
		due: DF.Int
		failed: DF.Int
		finished_at: DF.Datetime | None
		problems: DF.Table[BillingRunProblem]
		run_on: DF.Date | None
		started_at: DF.Datetime | None
		status: DF.Literal["Running", "Finished", "With Problems", "Interrupted"]
	# end: auto-generated types
