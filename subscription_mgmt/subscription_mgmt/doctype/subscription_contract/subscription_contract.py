"""Which plan and packs is a customer served, from when, at which price, and what is its state?"""

from zoneinfo import available_timezones

import frappe
from frappe import _
from frappe.model.document import Document

from subscription_mgmt.adapters.checked_fields import check_fields
from subscription_mgmt.adapters.contract_edits import keep_head, record_created, record_deleted, record_edited
from subscription_mgmt.adapters.contract_records import contract_of
from subscription_mgmt.adapters.customer_records import check_customer
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.engine.starting import started
from subscription_mgmt.refusals import refusals_worded
from subscription_mgmt.services.applying import gather

# Changed by services alone, which write the columns directly.
COUNTERS = {
	"parked",
	"billing_failures",
	"changes",
	"reminded",
	"restricted_days",
	"restriction_paid",
	"on_hold",
}
KEPT_BY_SERVICES = COUNTERS | {
	"status",
	"anchor",
	"trial_until",
	"next_billing_date",
	"commitment_until",
	"parked_reason",
	"planned_plan",
	"planned_interval",
	"planned_on",
	"arrears_since",
	"debts_from",
	"renewal_noticed_for",
	"restricted_since",
	"restriction_seen_on",
	"deletion_noticed",
	"deletion_waits",
	"data_deleted_on",
	"usage_from",
	"next_usage_billing",
	"suspensions",
}
# Agreed with the customer; after activation only a service changes them.
AGREED = {
	"customer",
	"company",
	"plan",
	"interval",
	"currency",
	"start_date",
	"ends_on",
	"auto_renew",
	"agreed_price",
	"has_agreed_price",
}


class SubscriptionContract(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from subscription_mgmt.subscription_mgmt.doctype.contract_pack.contract_pack import ContractPack

		activity_hash: DF.Data | None
		activity_number: DF.Int
		agreed_price: DF.Currency
		anchor: DF.Date | None
		arrears_since: DF.Date | None
		auto_renew: DF.Check
		billing_failures: DF.Int
		changes: DF.Int
		commitment_until: DF.Date | None
		company: DF.Link
		currency: DF.Link
		customer: DF.Link
		customer_name: DF.Data | None
		data_deleted_on: DF.Date | None
		debts_from: DF.Date | None
		deletion_noticed: DF.Data | None
		deletion_waits: DF.SmallText | None
		ends_on: DF.Date | None
		has_agreed_price: DF.Check
		instance: DF.Data | None
		interval: DF.Literal["Monthly", "Quarterly", "Half-Yearly", "Yearly"]
		naming_series: DF.Literal["SUB-.YYYY.-.#####"]
		next_billing_date: DF.Date | None
		next_usage_billing: DF.Date | None
		notes: DF.TextEditor | None
		on_hold: DF.Check
		packs: DF.Table[ContractPack]
		parked: DF.Check
		parked_reason: DF.SmallText | None
		plan: DF.Link
		planned_interval: DF.Literal["", "Monthly", "Quarterly", "Half-Yearly", "Yearly"]
		planned_on: DF.Date | None
		planned_plan: DF.Link | None
		reminded: DF.Int
		renewal_noticed_for: DF.Date | None
		restricted_days: DF.Int
		restricted_since: DF.Date | None
		restriction_paid: DF.Currency
		restriction_seen_on: DF.Date | None
		start_date: DF.Date
		status: DF.Literal["Draft", "Trialling", "Active", "Past Due", "Suspended", "Ended", "Cancelled"]
		suspensions: DF.SmallText | None
		time_zone: DF.Autocomplete | None
		trial_until: DF.Date | None
		usage_from: DF.Date | None
	# end: auto-generated types

	def before_insert(self) -> None:
		self.take_defaults()
		self.start_as_draft()

	def validate(self) -> None:
		keep_head(self)
		check_fields(self)
		self.check_time_zone()
		self.check_unchanged()
		if self.status == "Draft":
			self.check_is_sold()
			self.check_what_is_agreed()

	def after_insert(self) -> None:
		record_created(self)

	def on_update(self) -> None:
		record_edited(self)

	def on_trash(self) -> None:
		if self.status not in ("Draft", "Cancelled") or frappe.db.exists(
			"Contract Charge", {"subscription_contract": self.name}
		):
			frappe.throw(_("{0} was charged for. Cancel it instead of deleting it.").format(self.name))
		record_deleted(self)

	def take_defaults(self) -> None:
		settings = frappe.get_cached_doc("Subscription Mgmt Settings")
		self.company = self.company or settings.company
		self.time_zone = self.time_zone or settings.time_zone
		if self.company and not self.currency:
			self.currency = settings.currency or frappe.get_cached_value(
				"Company", self.company, "default_currency"
			)

	def start_as_draft(self) -> None:
		"""Whatever a copy, an import or the API brought along: only Activate begins a contract."""
		self.status = "Draft"
		for field in KEPT_BY_SERVICES - {"status"}:
			self.set(field, 0 if field in COUNTERS else None)
		for row in self.packs:
			row.billed_until = None

	def check_time_zone(self) -> None:
		if self.time_zone and self.time_zone not in available_timezones():
			frappe.throw(_("{0} is not a time zone. Write one like America/La_Paz.").format(self.time_zone))

	def check_is_sold(self) -> None:
		"""A disabled plan or pack stays with those who have it; nobody new gets it."""
		sold = [("Plan", self.plan), *(("Pack", row.pack) for row in self.packs)]
		for doctype, name in sold:
			if frappe.get_cached_value(doctype, name, "disabled"):
				frappe.throw(_("{0} is disabled. Choose another one, or enable it.").format(name))

	def check_what_is_agreed(self) -> None:
		"""What Activate would refuse is refused on saving, while the person who typed it is there."""
		check_customer(self.customer)
		with refusals_worded():
			contract = contract_of(self)
			plan, packs = gather(contract, site_ports())
			started(contract, plan, packs, contract.start)

	def check_unchanged(self) -> None:
		"""A person changes a draft as he likes but for what services keep; a running contract by its buttons."""
		before = self.get_doc_before_save()
		if before is None:
			return
		is_draft = before.status == "Draft"
		for field in KEPT_BY_SERVICES if is_draft else AGREED | KEPT_BY_SERVICES:
			if before.get(field) != self.get(field) and str(before.get(field)) != str(self.get(field)):
				label = _(self.meta.get_label(field))
				frappe.throw(_("{0} is not edited by hand. Use the buttons of the contract.").format(label))
		if not is_draft and _pack_rows(before) != _pack_rows(self):
			frappe.throw(
				_("Packs of a running contract are not edited by hand. Use Add pack and Remove pack.")
			)


def _pack_rows(record: Document) -> list[tuple]:
	fields = ("pack", "quantity", "service_module", "starts_on", "ends_on", "billed_until")
	return [tuple(str(row.get(field) or "") for field in fields) for row in record.packs]
