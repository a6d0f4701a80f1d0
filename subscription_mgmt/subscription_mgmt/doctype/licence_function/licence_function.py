"""Which function does a licence include, and does it work where the licence is deployed?"""

from frappe.model.document import Document


class LicenceFunction(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		function: DF.Data
		needs_online: DF.Check
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		works: DF.Check
	# end: auto-generated types
