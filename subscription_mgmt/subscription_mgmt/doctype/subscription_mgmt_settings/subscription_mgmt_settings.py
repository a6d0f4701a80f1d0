"""Which defaults and switches hold for every contract?"""

import frappe
from frappe import _
from frappe.model.document import Document

from subscription_mgmt.adapters.http_probe import is_web_address


class SubscriptionMgmtSettings(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		access_hours: DF.Int
		alert_role: DF.Link | None
		batch_size: DF.Int
		company: DF.Link | None
		currency: DF.Link | None
		customers_restore: DF.Check
		failures_before_parking: DF.Int
		item_group: DF.Link | None
		keep_after_deletion_days: DF.Int
		mails_of_strangers: DF.Int
		mails_per_sender: DF.Int
		payment_days: DF.Int
		payment_terms_template: DF.Link | None
		probe_control_addresses: DF.SmallText | None
		probe_private_addresses: DF.Check
		submit_invoices: DF.Check
		time_zone: DF.Autocomplete | None
		timer_cap: DF.Int
		training_calendar: DF.Link | None
		two_person_release: DF.Check
	# end: auto-generated types

	def validate(self) -> None:
		self.check_control_addresses()

	def check_control_addresses(self) -> None:
		for url in (self.probe_control_addresses or "").split():
			if not is_web_address(url):
				frappe.throw(
					_("{0} is not the address of a page, for example https://example.com/.").format(url)
				)
