"""Who changed a contract, when, from what, to what, and by which channel? Written by the journal alone, for good."""

from typing import NoReturn

import frappe
from frappe import _
from frappe.model.document import Document

from subscription_mgmt.adapters.activity_words import sentence_of


class SubscriptionActivity(Document):
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

	def db_insert(self, *args: object, **kwargs: object) -> NoReturn:
		self.refuse()

	def db_update(self) -> NoReturn:
		self.refuse()

	def db_set(self, *args: object, **kwargs: object) -> NoReturn:
		self.refuse()

	def before_rename(self, *args: object) -> NoReturn:
		self.refuse()

	def on_trash(self) -> NoReturn:
		self.refuse()

	def refuse(self) -> NoReturn:
		"""Whoever asks, Administrator too: history is only ever added to, by what happens."""
		frappe.throw(
			_("The history of a contract writes itself. Nobody adds to it, changes it or deletes from it."),
			frappe.PermissionError,
			title=_("Not possible"),
		)
