"""Which plan and packs is a customer served, from when, at which price, and what is its state?"""

from frappe.model.document import Document


class SubscriptionContract(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from subscription_mgmt.subscription_mgmt.doctype.contract_pack.contract_pack import ContractPack

		agreed_price: DF.Currency
		anchor: DF.Date | None
		auto_renew: DF.Check
		billing_failures: DF.Int
		changes: DF.Int
		commitment_until: DF.Date | None
		company: DF.Link
		currency: DF.Link
		customer: DF.Link
		customer_name: DF.Data | None
		ends_on: DF.Date | None
		has_agreed_price: DF.Check
		instance: DF.Data | None
		interval: DF.Literal["Monthly", "Quarterly", "Half-Yearly", "Yearly"]
		naming_series: DF.Literal["SUB-.YYYY.-.#####"]
		next_billing_date: DF.Date | None
		notes: DF.TextEditor | None
		packs: DF.Table[ContractPack]
		parked: DF.Check
		parked_reason: DF.SmallText | None
		plan: DF.Link
		start_date: DF.Date
		status: DF.Literal["Draft", "Trialling", "Active", "Past Due", "Suspended", "Ended", "Cancelled"]
		time_zone: DF.Data | None
		trial_until: DF.Date | None
	# end: auto-generated types
