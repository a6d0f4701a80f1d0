"""Where is the second place of backups, and does it work?"""

from pathlib import Path
from urllib.parse import urlsplit

import frappe
from frappe import _
from frappe.model.document import Document

from subscription_mgmt.adapters.server_records import is_this_machine, new_key_pair


class BackupStore(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		access_key: DF.Data | None
		bucket: DF.Data | None
		disabled: DF.Check
		endpoint: DF.Data | None
		folder: DF.Data | None
		host: DF.Data | None
		host_key: DF.SmallText | None
		kind: DF.Literal["Folder", "SFTP", "S3"]
		last_test_on: DF.Datetime | None
		last_test_result: DF.SmallText | None
		password: DF.Password | None
		port: DF.Int
		private_key: DF.Password | None
		public_key: DF.SmallText | None
		region: DF.Data | None
		secret_key: DF.Password | None
		store_name: DF.Data
		user: DF.Data | None
	# end: auto-generated types

	def before_insert(self) -> None:
		"""For SFTP: a key pair of its own, so that no password needs to be stored."""
		if self.kind == "SFTP" and not self.private_key:
			self.private_key, self.public_key = new_key_pair(f"backups@{frappe.local.site}")

	def validate(self) -> None:
		self.check_place()

	def check_place(self) -> None:
		if self.kind == "Folder" and not (self.folder or "").startswith("/"):
			frappe.throw(_("Give the folder as a full path, from / on."))
		if self.kind == "Folder" and self.is_within_site():
			frappe.throw(
				_("{0} lies on this site. A second place must be another disk or machine.").format(
					self.folder
				)
			)
		endpoint = urlsplit(self.endpoint or "https://")
		if endpoint.scheme != "https" and not is_this_machine(endpoint.hostname or ""):
			frappe.throw(_("The endpoint must begin with https://."))

	def is_within_site(self) -> bool:
		site, folder = Path(frappe.get_site_path()).resolve(), Path(self.folder).resolve()
		return site == folder or site in folder.parents
