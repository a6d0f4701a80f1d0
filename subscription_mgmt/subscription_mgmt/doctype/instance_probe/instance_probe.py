"""At which address is an instance asked whether it can be reached, and what did it answer last?"""

import re

import frappe
from frappe import _
from frappe.model.document import Document

from subscription_mgmt.adapters.http_probe import is_web_address

HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?")
# What the probe writes, past this controller.
STATE = (
	*("outcome", "http_status", "milliseconds", "asked_at", "first_reached_at", "seen_at"),
	*("failed_at", "failed_outcome", "failed_status", "failed_milliseconds"),
)


class InstanceProbe(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		asked_at: DF.Datetime | None
		disabled: DF.Check
		failed_at: DF.Datetime | None
		failed_milliseconds: DF.Int
		failed_outcome: DF.Literal[
			"",
			"Answered",
			"Name Not Found",
			"Not Connected",
			"Timed Out",
			"Broken Off",
			"Certificate Refused",
			"No HTTP",
			"Too Many Redirects",
			"Address Not Allowed",
		]
		failed_status: DF.Int
		first_reached_at: DF.Datetime | None
		hosted_instance: DF.Link
		http_status: DF.Int
		milliseconds: DF.Int
		outcome: DF.Literal[
			"",
			"Answered",
			"Name Not Found",
			"Not Connected",
			"Timed Out",
			"Broken Off",
			"Certificate Refused",
			"No HTTP",
			"Too Many Redirects",
			"Address Not Allowed",
		]
		probe_host: DF.Data | None
		probe_url: DF.Data | None
		seen_at: DF.Datetime | None
	# end: auto-generated types

	def validate(self) -> None:
		self.keep_what_was_probed()
		self.check_address()

	def keep_what_was_probed(self) -> None:
		"""As it is now: a form that was opened before the last probe knows less."""
		now = frappe.db.get_value(self.doctype, self.name, STATE, as_dict=True) or {}
		for field in STATE:
			self.set(field, now.get(field))

	def check_address(self) -> None:
		if self.probe_url and not is_web_address(self.probe_url):
			frappe.throw(_("Give the whole address of a page, for example https://acme.example/ping."))
		if self.probe_host and not HOST.fullmatch(self.probe_host):
			frappe.throw(_("Give the host alone, for example acme.example or acme.example:8443."))
