"""Who changed a contract, when, from what, to what, and by which channel? Written by the journal alone, for good."""

from frappe import _

from subscription_mgmt.adapters.activity_words import sentence_of
from subscription_mgmt.append_only import AppendOnly


class SubscriptionActivity(AppendOnly):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		action: DF.Data | None
		channel: DF.Literal["Desk", "Portal", "API", "Job", "Import"]
		contract: DF.Link
		customer: DF.Link | None
		figures: DF.Code | None
		from_value: DF.SmallText | None
		happened_at: DF.Data | None
		hash: DF.Data | None
		number: DF.Int
		previous_hash: DF.Data | None
		sentence: DF.SmallText | None
		to_value: DF.SmallText | None
		user: DF.Data | None
	# end: auto-generated types

	@property
	def sentence(self) -> str:
		return sentence_of(self.action, self.from_value, self.to_value, self.figures)

	def refusal(self) -> str:
		return _("The history of a contract writes itself. Nobody adds to it, changes it or deletes from it.")
