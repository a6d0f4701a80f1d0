"""How many support credits does a customer have?"""

from frappe.model.document import Document

from subscription_mgmt.adapters.email_notices import language_of


class SupportCreditAccount(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		balance: DF.Int
		customer: DF.Link | None
		language: DF.Link | None
	# end: auto-generated types

	@property
	def language(self) -> str:
		return language_of(self.customer)
