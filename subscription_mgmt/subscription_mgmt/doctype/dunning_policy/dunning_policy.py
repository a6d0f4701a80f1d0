"""What happens, and when, while an invoice stays unpaid?"""

from frappe.model.document import Document

from subscription_mgmt.adapters.catalogue_records import dunning_of
from subscription_mgmt.engine.policies import check_dunning
from subscription_mgmt.refusals import refusals_worded


class DunningPolicy(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from subscription_mgmt.subscription_mgmt.doctype.dunning_day.dunning_day import DunningDay

		delete_after_restriction_days: DF.Int
		deletion_notice_days: DF.Table[DunningDay]
		policy_name: DF.Data
		remind_days: DF.Table[DunningDay]
		restrict_after_days: DF.Int
	# end: auto-generated types

	def validate(self) -> None:
		with refusals_worded():
			check_dunning(dunning_of(self))
