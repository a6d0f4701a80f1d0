"""What is to be done to a customer's system, and how far is it? Written by `adapters/operation_records.py` alone."""

from frappe.model.document import Document

from subscription_mgmt.adapters.operation_turns import clear


class HostingOperation(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		arguments: DF.Code | None
		due_at: DF.Datetime | None
		finished_at: DF.Datetime | None
		hosting_server: DF.Link | None
		instance: DF.Link
		kind: DF.Literal["Provision", "Set Access", "Back Up", "Restore", "Drill", "Update", "Drop"]
		lease: DF.Data | None
		lease_until: DF.Datetime | None
		mode: DF.Literal["", "Full", "Read Only", "Restricted", "Deleted"]
		output: DF.Code | None
		problem: DF.SmallText | None
		result: DF.SmallText | None
		started_at: DF.Datetime | None
		status: DF.Literal["Queued", "Running", "Waiting", "Done", "Failed", "Superseded"]
		step: DF.Data | None
		tries: DF.Int
		worker: DF.Data | None
	# end: auto-generated types

	@staticmethod
	def clear_old_logs(days: int = 180) -> None:
		"""Frappe's Log Settings call it."""
		clear(days)
