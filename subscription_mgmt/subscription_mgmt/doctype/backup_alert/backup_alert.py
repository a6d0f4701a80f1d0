"""What is wrong with an instance's backups, and since when?"""

from frappe.model.document import Document


class BackupAlert(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		backup_run: DF.Link | None
		closed_at: DF.Datetime | None
		detail: DF.SmallText | None
		instance: DF.Link | None
		kind: DF.Literal["Failed", "Suspicious", "Missed", "Late", "Drill Failed", "Restore Failed"]
		open_key: DF.Data | None
		opened_at: DF.Datetime | None
		status: DF.Literal["Open", "Closed"]
	# end: auto-generated types
