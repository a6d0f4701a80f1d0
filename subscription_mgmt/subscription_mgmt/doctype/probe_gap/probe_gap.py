"""From when until when could nobody say whether systems were reached, because the probe did not see them?"""

from frappe.model.document import Document


class ProbeGap(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		cause: DF.Literal["Own Network", "Not Running"]
		ended_at: DF.Datetime | None
		hosted_instance: DF.Link | None
		started_at: DF.Datetime | None
	# end: auto-generated types
