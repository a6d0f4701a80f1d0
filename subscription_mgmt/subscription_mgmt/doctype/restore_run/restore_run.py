"""What became of a restore or a drill, and was the promise kept?"""

from frappe.model.document import Document


class RestoreRun(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		answered_at: DF.Datetime | None
		approved_by: DF.Link | None
		backup_run: DF.Link | None
		customer: DF.Link | None
		figures: DF.Code | None
		finished_at: DF.Datetime | None
		instance: DF.Link | None
		minutes_taken: DF.Int
		problem: DF.SmallText | None
		promise: DF.Literal["", "Kept", "Broken"]
		promised_minutes: DF.Int
		purpose: DF.Literal["Restore", "Drill"]
		requested_at: DF.Datetime | None
		requested_by: DF.Link | None
		retry_at: DF.Datetime | None
		safety_backup: DF.Link | None
		scratch_site: DF.Data | None
		started_at: DF.Datetime | None
		status: DF.Literal[
			"Requested",
			"Queued",
			"Checking",
			"Preparing",
			"Restoring",
			"Comparing",
			"Clearing",
			"Done",
			"Failed",
			"Declined",
		]
		tries: DF.Int
		verdict: DF.Data | None
		without_safety_backup: DF.Check
	# end: auto-generated types
