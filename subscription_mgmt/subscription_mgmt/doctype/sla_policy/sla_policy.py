"""What is promised to whoever opens a ticket, in which hours, and what does it cost?"""

import frappe
from frappe import _
from frappe.model.document import Document


class SLAPolicy(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from subscription_mgmt.subscription_mgmt.doctype.sla_channel.sla_channel import SLAChannel
		from subscription_mgmt.subscription_mgmt.doctype.sla_language.sla_language import SLALanguage
		from subscription_mgmt.subscription_mgmt.doctype.sla_target.sla_target import SLATarget

		beyond_cap: DF.Literal["decline", "credits"]
		channels: DF.Table[SLAChannel]
		credit_block: DF.Int
		daily_answer: DF.Check
		escalation_role: DF.Link | None
		escalation_user: DF.Link | None
		expire_months: DF.Int
		hour_cap_minutes: DF.Int
		languages: DF.TableMultiSelect[SLALanguage]
		low_balance: DF.Int
		minimum_intervention: DF.Int
		minimum_query: DF.Int
		policy_name: DF.Data
		reopen_days: DF.Int
		service_calendar: DF.Link | None
		targets: DF.Table[SLATarget]
		update_credits: DF.Int
		uses_credits: DF.Check
		warn_share: DF.Int
	# end: auto-generated types

	def validate(self) -> None:
		self.check_figures()
		self.check_targets()
		self.check_warning()
		self.check_credit_rules()

	def check_figures(self) -> None:
		for field in ("hour_cap_minutes", "low_balance", "minimum_query", "minimum_intervention"):
			if (self.get(field) or 0) < 0:
				label = _(self.meta.get_label(field))
				frappe.throw(_("{0}: {1} must not be negative.").format(self.name, label))

	def check_warning(self) -> None:
		if not 0 <= (self.warn_share or 0) < 100:
			frappe.throw(
				_("{0}: a warning comes before the deadline. Give 0 to 99 percent.").format(self.name)
			)

	def check_targets(self) -> None:
		severities = [row.severity for row in self.targets]
		for row in self.targets:
			if severities.count(row.severity) > 1:
				frappe.throw(
					_("{0} has two targets for severity {1}. Keep one.").format(self.name, row.severity)
				)
			if min(row.response_minutes or 0, row.resolution_minutes or 0) < 0:
				frappe.throw(_("Row {0}: a target must not be negative.").format(row.idx))
		if self.targets and not self.service_calendar:
			frappe.throw(
				_("{0} promises times. Choose the service calendar they are counted in.").format(self.name)
			)

	def check_credit_rules(self) -> None:
		if self.uses_credits and (self.credit_block or 0) < 1:
			frappe.throw(_("{0}: a block has at least 1 credit.").format(self.name))
