"""Which product area can be sold, and which functions does it have?"""

import frappe
from frappe import _
from frappe.model.document import Document


class ServiceModule(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from subscription_mgmt.subscription_mgmt.doctype.service_function.service_function import (
			ServiceFunction,
		)

		covers: DF.SmallText | None
		description: DF.SmallText | None
		functions: DF.Table[ServiceFunction]
		module_name: DF.Data
	# end: auto-generated types

	def validate(self) -> None:
		self.check_functions_differ()

	def check_functions_differ(self) -> None:
		seen: set[str] = set()
		for row in self.functions:
			if row.function in seen:
				frappe.throw(_("{0} lists {1} twice. Keep one of them.").format(self.name, row.function))
			seen.add(row.function)
