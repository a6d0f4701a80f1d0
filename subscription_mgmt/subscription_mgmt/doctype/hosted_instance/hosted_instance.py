"""Where does a customer's system live, how far may he use it, and is that really so?"""

from zoneinfo import available_timezones

import frappe
from frappe import _
from frappe.model.document import Document

from subscription_mgmt.adapters.server_records import apps_of
from subscription_mgmt.engine.systems import checked_site
from subscription_mgmt.refusals import refusals_worded

KEPT_BY_SERVICES = (
	"wanted_mode",
	"actual_mode",
	"ordered_at",
	"confirmed_at",
	"final_backup_on",
	"released_by",
	"second_released_by",
	"version",
)


class HostedInstance(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		administrator_password: DF.Password | None
		apps: DF.SmallText | None
		actual_mode: DF.Literal["", "Full", "Read Only", "Restricted", "Deleted"]
		backup_policy: DF.Link | None
		confirmed_at: DF.Datetime | None
		customer: DF.Link
		final_backup_on: DF.Date | None
		hosting_server: DF.Link | None
		instance_name: DF.Data
		ordered_at: DF.Datetime | None
		released_by: DF.Link | None
		second_released_by: DF.Link | None
		provider: DF.Literal["Manual", "Bench", "SSH Bench", "Webhook"]
		time_zone: DF.Data | None
		version: DF.SmallText | None
		wanted_mode: DF.Literal["", "Full", "Read Only", "Restricted", "Deleted"]
	# end: auto-generated types

	def validate(self) -> None:
		self.check_unchanged()
		self.check_names()
		self.take_provider_of_server()

	def check_names(self) -> None:
		"""Only where a machine will be told them."""
		if self.hosting_server:
			with refusals_worded():
				checked_site(self.instance_name)
				apps_of(self.apps)
		if self.time_zone and self.time_zone not in available_timezones():
			frappe.throw(_("{0} is not a time zone. Write one like America/La_Paz.").format(self.time_zone))

	def take_provider_of_server(self) -> None:
		server = self.hosting_server
		self.provider = frappe.db.get_value("Hosting Server", server, "provider") if server else "Manual"

	def check_unchanged(self) -> None:
		"""Modes, backups and releases are set by services and confirmations alone, which write the columns directly."""
		before = self.get_doc_before_save()
		for field in KEPT_BY_SERVICES:
			known = before.get(field) if before else None
			if str(known or "") != str(self.get(field) or ""):
				label = _(self.meta.get_label(field))
				frappe.throw(_("{0} is not edited by hand. Use the buttons of the instance.").format(label))
