"""Is help with this topic included, excluded, quoted or left to the community?"""

from frappe.model.document import Document


class SupportTopic(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		flat_credits: DF.Int
		offer: DF.Link | None
		reason: DF.SmallText | None
		scope: DF.Literal["Included", "Excluded", "By Quote", "Community"]
		topic_name: DF.Data
	# end: auto-generated types
