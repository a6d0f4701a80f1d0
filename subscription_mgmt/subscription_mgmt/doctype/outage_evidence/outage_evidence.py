"""What did one request of the probe bring, when an outage began or ended?"""

from frappe.model.document import Document


class OutageEvidence(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		asked_at: DF.Datetime | None
		http_status: DF.Int
		milliseconds: DF.Int
		outcome: DF.Literal[
			"",
			"Answered",
			"Name Not Found",
			"Not Connected",
			"Timed Out",
			"Broken Off",
			"Certificate Refused",
			"No HTTP",
			"Too Many Redirects",
			"Address Not Allowed",
		]
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
	# end: auto-generated types
