"""What does a customer owe for one period of one thing, and on which invoice is it?"""

from frappe import _

from subscription_mgmt.append_only import AppendOnly


class ContractCharge(AppendOnly):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amount: DF.Currency
		basis: DF.LongText | None
		billing_run: DF.Link | None
		charge_key: DF.Data
		charged_on: DF.Date | None
		currency: DF.Link | None
		customer: DF.Link | None
		item: DF.Link | None
		kind: DF.Literal["plan", "pack", "usage", "licence", "credit", "balance"]
		licence: DF.Link | None
		period_end: DF.Date | None
		period_start: DF.Date | None
		quantity: DF.Float
		rate: DF.Currency
		reverses: DF.Link | None
		sales_invoice: DF.Link | None
		service_module: DF.Link | None
		subscription_contract: DF.Link | None
		what: DF.Data | None
	# end: auto-generated types

	def refusal(self) -> str:
		return _("A charge is never edited or deleted. It is corrected by a credit, which services make.")
