"""Which licence did a customer buy once, what does it allow, and where?"""

import frappe
from frappe import _
from frappe.model.document import Document

from subscription_mgmt.adapters.catalogue_records import CatalogueRecords
from subscription_mgmt.adapters.clock import today_in
from subscription_mgmt.adapters.customer_records import check_customer
from subscription_mgmt.adapters.licence_records import licence_of
from subscription_mgmt.engine.licences import sold
from subscription_mgmt.refusals import refusals_worded

# Changed by services alone, which write the columns directly.
KEPT_BY_SERVICES = {
	"status",
	"sold_on",
	"updates_until",
	"hosting_contract",
	"edition",
	"key",
	"key_issued_at",
	"signed_with",
	"revoked_on",
	"revocation_reason",
	"changes",
}
# Agreed with the customer; after the sale only a service changes them.
AGREED = {
	"customer",
	"company",
	"plan",
	"currency",
	"deployment",
	"instance",
	"converted_from",
	"hosting_plan",
	"hosting_interval",
}


class Licence(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from subscription_mgmt.subscription_mgmt.doctype.licence_function.licence_function import (
			LicenceFunction,
		)
		from subscription_mgmt.subscription_mgmt.doctype.licence_module.licence_module import LicenceModule

		changes: DF.Int
		company: DF.Link
		converted_from: DF.Link | None
		currency: DF.Link
		customer: DF.Link
		customer_name: DF.Data | None
		deployment: DF.Literal["Online", "Local"]
		edition: DF.Data | None
		functions: DF.Table[LicenceFunction]
		hosting_contract: DF.Link | None
		hosting_interval: DF.Literal["", "Monthly", "Quarterly", "Half-Yearly", "Yearly"]
		hosting_plan: DF.Link | None
		instance: DF.Data | None
		key: DF.LongText | None
		key_issued_at: DF.Datetime | None
		modules: DF.Table[LicenceModule]
		naming_series: DF.Literal["LIC-.YYYY.-.#####"]
		plan: DF.Link
		revocation_reason: DF.SmallText | None
		revoked_on: DF.Date | None
		signed_with: DF.Link | None
		sold_on: DF.Date | None
		status: DF.Literal["Draft", "Issued", "Revoked"]
		updates_until: DF.Date | None
	# end: auto-generated types

	def before_insert(self) -> None:
		self.take_defaults()

	def validate(self) -> None:
		before = self.get_doc_before_save()
		if before is not None and before.status != "Draft":
			self.check_unchanged(before)
		else:
			self.start_as_draft()
			self.check_what_is_sold()

	def on_trash(self) -> None:
		if self.status != "Draft":
			frappe.throw(_("{0} was sold. Revoke it instead of deleting it.").format(self.name))

	def take_defaults(self) -> None:
		settings = frappe.get_cached_doc("Subscription Mgmt Settings")
		self.company = self.company or settings.company
		if self.company and not self.currency:
			self.currency = settings.currency or frappe.get_cached_value(
				"Company", self.company, "default_currency"
			)

	def start_as_draft(self) -> None:
		"""Whatever a copy, an import or the API brought along: only Sell grants anything."""
		for field in KEPT_BY_SERVICES:
			self.set(field, None)
		self.status, self.changes = "Draft", 0
		self.modules, self.functions = [], []

	def check_what_is_sold(self) -> None:
		"""What Sell would refuse is refused on saving, while the person who typed it is there."""
		check_customer(self.customer)
		with refusals_worded():
			catalogue = CatalogueRecords()
			sold(licence_of(self), catalogue.plan(self.plan), catalogue.modules(), today_in(None))

	def check_unchanged(self, before: Document) -> None:
		for field in AGREED | KEPT_BY_SERVICES:
			if str(before.get(field) or "") != str(self.get(field) or ""):
				label = _(self.meta.get_label(field))
				frappe.throw(
					_(
						"{0} of a licence that was sold is not edited by hand. Use the buttons of the licence."
					).format(label)
				)
		if _rows(before) != _rows(self):
			frappe.throw(_("Modules of a licence are not edited by hand. Use Add modules."))


def _rows(record: Document) -> list[tuple]:
	modules = [(row.service_module,) for row in record.modules]
	return modules + [(row.function, row.needs_online or 0, row.works or 0) for row in record.functions]
