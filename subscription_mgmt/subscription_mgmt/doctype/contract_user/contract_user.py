"""Who is registered on a contract, with rights for which modules?"""

import frappe
from frappe import _
from frappe.model.document import Document


class ContractUser(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from subscription_mgmt.subscription_mgmt.doctype.contract_user_module.contract_user_module import (
			ContractUserModule,
		)

		customer: DF.Link | None
		enabled: DF.Check
		full_name: DF.Data | None
		is_administrator: DF.Check
		modules: DF.TableMultiSelect[ContractUserModule]
		subscription_contract: DF.Link
		user_name: DF.Data
	# end: auto-generated types

	def validate(self) -> None:
		self.check_by_service()

	def before_rename(self, *args: object) -> None:
		self.check_by_service()

	def on_trash(self) -> None:
		self.check_by_service()

	def check_by_service(self) -> None:
		"""Each change is counted and stands in the history; what only edits the record would be neither."""
		if not self.flags.by_service:
			frappe.throw(_("Users are registered, changed and removed on their contract, under Usage."))
