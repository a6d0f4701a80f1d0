"""Which defaults and switches hold for every contract?"""

from frappe.model.document import Document


class SubscriptionMgmtSettings(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		alert_role: DF.Link | None
		batch_size: DF.Int
		company: DF.Link | None
		currency: DF.Link | None
		failures_before_parking: DF.Int
		item_group: DF.Link | None
		payment_days: DF.Int
		payment_terms_template: DF.Link | None
		submit_invoices: DF.Check
		time_zone: DF.Autocomplete | None
		two_person_release: DF.Check
	# end: auto-generated types
