"""Which key encrypts backups now, and where are the earlier ones kept that still open theirs?"""

from contextlib import AbstractContextManager
from typing import BinaryIO

import frappe
from frappe.utils.password import get_decrypted_password

from subscription_mgmt.adapters import encryption
from subscription_mgmt.adapters.clock import today_in
from subscription_mgmt.adapters.streams import Readable

DOCTYPE = "Backup Key"


class BackupKeys:
	"""Implements `backup_ports.Keys` on Backup Key."""

	def current(self) -> str:
		return frappe.db.get_value(DOCTYPE, {"status": "Active"}) or rotate()

	def encrypted(self, content: Readable, key: str) -> AbstractContextManager[BinaryIO]:
		return encryption.encrypted(content, frappe.db.get_value(DOCTYPE, key, "public_key"))

	def decrypted(self, content: Readable, key: str, what: str) -> AbstractContextManager[BinaryIO]:
		return encryption.decrypted(content, private_key(key), what)


def rotate() -> str:
	"""A new key encrypts from now on; what earlier ones encrypted is read with them still. Its name."""
	for name in frappe.get_all(DOCTYPE, {"status": "Active"}, pluck="name"):
		frappe.db.set_value(DOCTYPE, name, "status", "Retired")
	private, public = encryption.new_pair()
	record = {"doctype": DOCTYPE, "status": "Active", "created_on": today_in(None)}
	return (
		frappe.get_doc({**record, "public_key": public, "private_key": private})
		.insert(ignore_permissions=True)
		.name
	)


def private_key(name: str) -> str:
	return get_decrypted_password(DOCTYPE, name, "private_key")
