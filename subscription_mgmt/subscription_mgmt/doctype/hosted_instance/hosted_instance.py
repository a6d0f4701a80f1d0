"""Where does a customer's system live, how far may he use it, and is that really so?"""

from frappe.model.document import Document


class HostedInstance(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		actual_mode: DF.Literal["", "Full", "Read Only", "Restricted", "Deleted"]
		confirmed_at: DF.Datetime | None
		customer: DF.Link
		final_backup_on: DF.Date | None
		instance_name: DF.Data
		ordered_at: DF.Datetime | None
		provider: DF.Literal["Manual"]
		wanted_mode: DF.Literal["", "Full", "Read Only", "Restricted", "Deleted"]
	# end: auto-generated types
