"""Which pack does a contract hold, how many, and until which day is it charged?"""

from frappe.model.document import Document


class ContractPack(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		billed_until: DF.Date | None
		ends_on: DF.Date | None
		pack: DF.Link
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		quantity: DF.Int
		service_module: DF.Link | None
		starts_on: DF.Date | None
	# end: auto-generated types
