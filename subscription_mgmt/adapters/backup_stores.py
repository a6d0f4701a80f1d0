"""How does a Backup Store become a second place, and does it work?"""

import io
from uuid import uuid4

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

from subscription_mgmt.adapters.store_places import Place, failed, store_at
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.refusals import sentence
from subscription_mgmt.services.hosting_ports import Store

DOCTYPE = "Backup Store"
SAMPLE = b"Written to see whether this place works; removed again."


class BackupStores:
	"""Implements `backup_ports.Stores` on Backup Store."""

	def at(self, name: str) -> Store:
		if not frappe.db.exists(DOCTYPE, name):
			raise DomainError("unknown_store", store=name)
		return store_at(place_of(frappe.get_cached_doc(DOCTYPE, name)))


def place_of(record: Document) -> Place:
	return Place(
		name=record.name,
		kind=record.kind,
		folder=record.folder or "",
		host=record.host or "",
		port=record.port or 22,
		user=record.user or "",
		host_key=record.host_key or "",
		bucket=record.bucket or "",
		endpoint=record.endpoint or "",
		region=record.region or "",
		access_key=record.access_key or "",
		password=_secret(record, "password"),
		private_key=_secret(record, "private_key"),
		secret_key=_secret(record, "secret_key"),
	)


def test_store(name: str) -> str:
	"""Write, read and remove something small; what came of it, in words, which stands on the record too."""
	result = _tried(name)
	values = {"last_test_on": now_datetime(), "last_test_result": result}
	frappe.db.set_value(DOCTYPE, name, values, update_modified=False)
	return result


def _tried(name: str) -> str:
	key = f"test/{uuid4().hex}"
	try:
		store = BackupStores().at(name)
		store.put(key, io.BytesIO(SAMPLE))
		with store.open(key) as stream:
			found = stream.read()
		store.remove(key)
		left = list(store.keys(key))
	except DomainError as error:
		return frappe.utils.strip_html(sentence(error.code, **error.context))
	if found != SAMPLE or left:
		return _("What was written could not be read and removed again.")
	return _("It works: something was written, read and removed.")


def _secret(record: Document, field: str) -> str:
	return record.get_password(field, raise_exception=False) or ""


def shown_host_key(record: Document) -> dict[str, str]:
	"""`{"key", "fingerprint"}` that the machine shows to whoever asks. Raises DomainError `store_failed`."""
	from subscription_mgmt.adapters.sftp_store import host_key_of

	place = place_of(record)
	try:
		key, fingerprint = host_key_of(place.host, place.port)
	except (OSError, EOFError) as error:
		raise failed(place, error) from error
	return {"key": key, "fingerprint": fingerprint}
