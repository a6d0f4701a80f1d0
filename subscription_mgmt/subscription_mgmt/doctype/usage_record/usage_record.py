"""What did a meter measure, when, and has a bill seen it?"""

from frappe.model.document import Document


class UsageRecord(Document):
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
