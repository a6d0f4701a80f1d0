"""What is promised to whoever opens a ticket, in which hours, and what does it cost?"""

from frappe.model.document import Document


class SLAPolicy(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from subscription_mgmt.subscription_mgmt.doctype.sla_channel.sla_channel import SLAChannel
		from subscription_mgmt.subscription_mgmt.doctype.sla_target.sla_target import SLATarget

		beyond_cap: DF.Literal["decline", "credits"]
		channels: DF.Table[SLAChannel]
		credit_block: DF.Int
		hour_cap_minutes: DF.Int
		low_balance: DF.Int
		minimum_intervention: DF.Int
		minimum_query: DF.Int
		policy_name: DF.Data
		service_calendar: DF.Link | None
		targets: DF.Table[SLATarget]
		uses_credits: DF.Check
	# end: auto-generated types
