"""Which servers take the systems of a kind of plan?"""

from frappe.model.document import Document

from subscription_mgmt.adapters.server_records import apps_of
from subscription_mgmt.refusals import refusals_worded


class HostingPool(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		apps: DF.SmallText | None
		description: DF.SmallText | None
		pool_name: DF.Data
	# end: auto-generated types

	def validate(self) -> None:
		with refusals_worded():
			apps_of(self.apps)
