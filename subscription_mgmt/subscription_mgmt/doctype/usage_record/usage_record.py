"""What did a meter measure, when, and has a bill seen it?"""

import frappe
from frappe import _

from subscription_mgmt.append_only import AppendOnly


class UsageRecord(AppendOnly):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		billed: DF.Check
		counted: DF.Float
		customer: DF.Link | None
		measured_at: DF.Datetime | None
		metric: DF.Data | None
		service_module: DF.Link | None
		subjects: DF.LongText | None
		subscription_contract: DF.Link
		usage_key: DF.Data
		value: DF.Float
	# end: auto-generated types

	def refusal(self) -> str:
		return _(
			"Usage is only ever added, by a meter. Nobody changes or deletes it; report a correction instead."
		)


def on_doctype_update() -> None:
	"""What is asked of a contract: the records of a month, and those that no bill has seen."""
	frappe.db.add_index("Usage Record", ["subscription_contract", "measured_at"])
	frappe.db.add_index("Usage Record", ["subscription_contract", "billed"])
