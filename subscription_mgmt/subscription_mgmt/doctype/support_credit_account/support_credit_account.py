"""How many support credits does a customer have?"""

from frappe.model.document import Document


class SupportCreditAccount(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		balance: DF.Int
		customer: DF.Link | None
	# end: auto-generated types
