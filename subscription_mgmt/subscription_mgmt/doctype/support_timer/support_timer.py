"""On which ticket does an agent's timer run, and since when? Named by its user, so nobody has two."""

from frappe.model.document import Document


class SupportTimer(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		started_at: DF.Datetime
		ticket: DF.Link
		user: DF.Link
	# end: auto-generated types
