"""Which licence did a customer buy once, what does it allow, and where?"""

from frappe.model.document import Document


class Licence(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF
		from subscription_mgmt.subscription_mgmt.doctype.licence_function.licence_function import LicenceFunction
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
