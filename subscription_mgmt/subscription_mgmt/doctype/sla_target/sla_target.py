"""How soon is a ticket of one severity answered and solved?"""

from frappe.model.document import Document


class SLATarget(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		resolution_minutes: DF.Int
		response_minutes: DF.Int
		severity: DF.Literal["1", "2", "3", "4"]
	# end: auto-generated types
