"""Which module may a registered user open?"""

from frappe.model.document import Document


class ContractUserModule(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		service_module: DF.Link
	# end: auto-generated types
