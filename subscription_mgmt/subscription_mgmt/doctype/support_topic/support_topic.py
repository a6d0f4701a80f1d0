"""Is help with this topic included, excluded, quoted or left to the community?"""

import frappe
from frappe import _
from frappe.model.document import Document


class SupportTopic(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		flat_credits: DF.Int
		item: DF.Link | None
		offer: DF.Link | None
		reason: DF.SmallText | None
		scope: DF.Literal["Included", "Excluded", "By Quote", "Community"]
		topic_name: DF.Data
	# end: auto-generated types

	def validate(self) -> None:
		self.check_credits()

	def check_credits(self) -> None:
		if (self.flat_credits or 0) < 0:
			frappe.throw(_("{0}: the credits must not be negative. 0 charges by time.").format(self.name))
		if self.flat_credits and self.scope != "Included":
			frappe.throw(
				_("{0} is {1}, so it costs no flat credits. Set them to 0, or the scope to Included.").format(
					self.name, _(self.scope)
				)
			)
