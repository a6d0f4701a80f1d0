"""What was reached for one system?"""

from frappe.model.document import Document


class RecoveryCertificateRow(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		availability: DF.Data | None
		backups_due: DF.Int
		backups_failed: DF.Int
		backups_made: DF.Int
		backups_missed: DF.Int
		gap_promise: DF.Literal["", "Kept", "Broken"]
		instance: DF.Link | None
		last_drill: DF.Literal["", "Passed", "Failed"]
		last_drill_on: DF.Datetime | None
		longest_gap_minutes: DF.Int
		longest_restore_minutes: DF.Int
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		promised_gap_minutes: DF.Int
		promised_restore_minutes: DF.Int
		restores: DF.Int
		restores_in_time: DF.Int
	# end: auto-generated types
