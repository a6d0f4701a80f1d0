"""How much of a metric does a plan include, and what happens beyond it?"""

from frappe.model.document import Document


class PlanQuota(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		aggregate: DF.Literal["peak", "sum", "last", "unique"]
		currency: DF.Link | None
		excess: DF.Literal["Bill", "Block"]
		included: DF.Float
		metric: DF.Data
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		per_module: DF.Check
		price: DF.Currency
		valid_from: DF.Date | None
	# end: auto-generated types
