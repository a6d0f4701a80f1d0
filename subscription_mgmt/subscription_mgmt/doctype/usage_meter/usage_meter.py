"""Which meter may report the usage of an instance, and with which key?"""

from frappe.model.document import Document


class UsageMeter(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		enabled: DF.Check
		key_hash: DF.Data | None
		key_id: DF.Data | None
		last_used_at: DF.Datetime | None
		meter_name: DF.Data
		subscription_contract: DF.Link
	# end: auto-generated types
