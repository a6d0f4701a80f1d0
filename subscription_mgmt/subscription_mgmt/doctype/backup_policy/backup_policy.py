"""How often is a system backed up, how long are copies kept, and how are they proved?"""

import frappe
from frappe import _
from frappe.model.document import Document


class BackupPolicy(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from subscription_mgmt.subscription_mgmt.doctype.backup_time.backup_time import BackupTime

		drill_every_days: DF.Int
		encrypt: DF.Check
		every_hours: DF.Int
		keep_daily: DF.Int
		keep_monthly: DF.Int
		keep_on_server: DF.Int
		keep_weekly: DF.Int
		policy_name: DF.Data
		restore_within_minutes: DF.Int
		small_below_percent: DF.Int
		store: DF.Link | None
		times: DF.Table[BackupTime]
	# end: auto-generated types

	def validate(self) -> None:
		if bool(self.times) == bool(self.every_hours):
			frappe.throw(_("{0} needs either times of day or every so many hours.").format(self.name))
