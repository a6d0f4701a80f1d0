"""Which moment is a customer offered for his training?"""

from frappe.model.document import Document


class TrainingSlot(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		starts_at: DF.Datetime
	# end: auto-generated types
