"""Which contract could a billing run not bill, and why?"""

from frappe.model.document import Document


class BillingRunProblem(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		detail: DF.LongText | None
		outcome: DF.Literal["Failed", "Parked"]
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		reason: DF.SmallText | None
		subscription_contract: DF.Link | None
	# end: auto-generated types
