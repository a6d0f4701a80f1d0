"""What can be added to a contract or sold beside it, at which price, and what does it grant?"""

from frappe.model.document import Document

from subscription_mgmt.adapters.catalogue_records import pack_of
from subscription_mgmt.adapters.checked_fields import check_fields
from subscription_mgmt.adapters.items import make_item_if_empty
from subscription_mgmt.engine.catalogue import check_pack
from subscription_mgmt.refusals import refusals_worded


class Pack(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from subscription_mgmt.subscription_mgmt.doctype.subscription_price.subscription_price import (
			SubscriptionPrice,
		)

		credits: DF.Int
		description: DF.TextEditor | None
		disabled: DF.Check
		item: DF.Link | None
		kind: DF.Literal[
			"Users",
			"Emails",
			"Companies",
			"Support Credits",
			"Support Hours",
			"Training",
			"Storage",
			"Success Pack",
			"Other",
		]
		metric: DF.Data | None
		minutes: DF.Int
		needs_contract: DF.Check
		one_off: DF.Check
		pack_name: DF.Data
		per_module: DF.Check
		prices: DF.Table[SubscriptionPrice]
		published: DF.Check
		quantity: DF.Float
		sessions: DF.Int
		sla_policy: DF.Link | None
	# end: auto-generated types

	def validate(self) -> None:
		check_fields(self)
		with refusals_worded():
			check_pack(pack_of(self))
		make_item_if_empty(self)
