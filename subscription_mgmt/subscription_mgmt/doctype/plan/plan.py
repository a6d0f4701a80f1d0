"""What can a customer be contracted to, at which price and on which terms?"""

from frappe.model.document import Document

from subscription_mgmt.adapters.catalogue_records import plan_of
from subscription_mgmt.adapters.checked_fields import check_fields
from subscription_mgmt.adapters.items import make_item_if_empty
from subscription_mgmt.engine.catalogue import check_plan
from subscription_mgmt.refusals import refusals_worded


class Plan(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from subscription_mgmt.subscription_mgmt.doctype.plan_function.plan_function import PlanFunction
		from subscription_mgmt.subscription_mgmt.doctype.plan_module.plan_module import PlanModule
		from subscription_mgmt.subscription_mgmt.doctype.plan_quota.plan_quota import PlanQuota
		from subscription_mgmt.subscription_mgmt.doctype.subscription_price.subscription_price import (
			SubscriptionPrice,
		)

		availability_promise: DF.Percent
		backup_policy: DF.Link | None
		commitment_months: DF.Int
		description: DF.TextEditor | None
		disabled: DF.Check
		dunning_policy: DF.Link | None
		functions: DF.Table[PlanFunction]
		item: DF.Link | None
		kind: DF.Literal["Subscription", "Read Only", "Hosting", "Support", "Licence"]
		modules: DF.Table[PlanModule]
		notice_days: DF.Int
		plan_name: DF.Data
		prices: DF.Table[SubscriptionPrice]
		published: DF.Check
		quotas: DF.Table[PlanQuota]
		refundable: DF.Check
		server_pool: DF.Link | None
		sla_policy: DF.Link | None
		tier: DF.Int
		trial_days: DF.Int
		updates_months: DF.Int
	# end: auto-generated types

	def validate(self) -> None:
		check_fields(self)
		with refusals_worded():
			check_plan(plan_of(self))
		make_item_if_empty(self)
