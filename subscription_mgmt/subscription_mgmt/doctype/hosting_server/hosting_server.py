"""Where do customers' systems live, and how is that place reached?"""

import frappe
from frappe import _
from frappe.model.document import Document

from subscription_mgmt.adapters.server_records import new_key_pair, problem_of
from subscription_mgmt.refusals import refusals_worded


class HostingServer(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		allow_http: DF.Check
		application_host: DF.Data | None
		bench_command: DF.Data | None
		bench_path: DF.Data | None
		capacity: DF.Int
		database_host: DF.Data | None
		database_password: DF.Password | None
		database_user: DF.Data | None
		disabled: DF.Check
		last_problem: DF.SmallText | None
		last_seen: DF.Datetime | None
		parallel: DF.Int
		pool: DF.Link
		provider: DF.Literal["Manual", "Bench", "SSH Bench", "Webhook"]
		server_name: DF.Data
		ssh_host_keys: DF.SmallText | None
		ssh_port: DF.Int
		ssh_private_key: DF.Password | None
		ssh_public_key: DF.SmallText | None
		ssh_user: DF.Data | None
		webhook_secret: DF.Password | None
		webhook_url: DF.Data | None
	# end: auto-generated types

	def validate(self) -> None:
		self.make_key_pair()
		self.check_reachable_as_described()

	def make_key_pair(self) -> None:
		"""The private half never leaves this site, and nobody has to paste one."""
		if self.provider == "SSH Bench" and not self.ssh_public_key:
			self.ssh_private_key, self.ssh_public_key = new_key_pair(f"subscription_mgmt@{frappe.local.site}")

	def check_reachable_as_described(self) -> None:
		with refusals_worded():
			problem = problem_of(self)
		if problem:
			frappe.throw(problem, title=_("Not possible"))
