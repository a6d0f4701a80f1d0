"""What did a customer's system say about itself on a day, and on which days did it say nothing?"""

import frappe
from frappe import _

from subscription_mgmt.append_only import AppendOnly


class MeterReading(AppendOnly):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		customer: DF.Link | None
		day: DF.Date
		figures: DF.LongText | None
		instance: DF.Data | None
		measured_at: DF.Datetime | None
		problem: DF.SmallText | None
		status: DF.Literal["Done", "Failed", "Missed"]
		subscription_contract: DF.Link
		tries: DF.Int
	# end: auto-generated types

	def refusal(self) -> str:
		return _("What a system said is kept as it was. Nobody changes or deletes it.")


def on_doctype_update() -> None:
	"""What is asked of a contract: its last day measured, and whether today's is there."""
	frappe.db.add_index("Meter Reading", ["subscription_contract", "day"])
