"""What became of one backup, and what proves it?"""

from frappe.model.document import Document


class BackupRun(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from subscription_mgmt.subscription_mgmt.doctype.backup_run_file.backup_run_file import BackupRunFile

		customer: DF.Link | None
		due_at: DF.Datetime | None
		encryption_key: DF.Link | None
		figures: DF.Code | None
		files: DF.Table[BackupRunFile]
		fingerprint_after: DF.LongText | None
		fingerprint_before: DF.LongText | None
		finished_at: DF.Datetime | None
		instance: DF.Link | None
		legal_hold: DF.Check
		on_server: DF.Check
		policy: DF.Link | None
		problem: DF.SmallText | None
		removed_on: DF.Datetime | None
		retry_at: DF.Datetime | None
		run_key: DF.Data | None
		size: DF.Int
		started_at: DF.Datetime | None
		status: DF.Literal[
			"Queued",
			"Dumping",
			"Verifying",
			"Copying",
			"Reading Back",
			"Good",
			"Suspicious",
			"Failed",
			"Missed",
			"Removed",
		]
		store: DF.Link | None
		tries: DF.Int
		trigger: DF.Literal["Schedule", "Manual", "Request", "Before Update", "Before Restore", "Final"]
		verdict: DF.Data | None
	# end: auto-generated types
