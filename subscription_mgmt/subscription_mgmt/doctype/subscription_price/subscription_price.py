"""What does a plan or pack cost for one interval in one currency, and from which day?"""

from frappe.model.document import Document


class SubscriptionPrice(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		currency: DF.Link
		interval: DF.Literal["Monthly", "Quarterly", "Half-Yearly", "Yearly", "Once"]
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		price: DF.Currency
		valid_from: DF.Date | None
	# end: auto-generated types
