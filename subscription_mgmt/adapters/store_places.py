"""Where is the second place of backups, and what may a key there be?"""

import re
from dataclasses import dataclass, field

from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.services.hosting_ports import Store

PART = r"[A-Za-z0-9@_+-][A-Za-z0-9@_.+-]*"
KEY = re.compile(rf"{PART}(/{PART})*")


@dataclass(frozen=True)
class Place:
	"""What an operator writes down of a store. `folder`: a path, or what every key of a bucket begins with."""

	name: str
	kind: str
	folder: str = ""
	host: str = ""
	port: int = 22
	user: str = ""
	host_key: str = ""
	bucket: str = ""
	endpoint: str = ""
	region: str = ""
	access_key: str = ""
	password: str = field(default="", repr=False)
	private_key: str = field(default="", repr=False)
	secret_key: str = field(default="", repr=False)


def checked_key(key: str) -> str:
	"""No way out of the store's own folder, nothing hidden. Raises DomainError `store_key_refused`."""
	if len(key) > 500 or not KEY.fullmatch(key):
		raise DomainError("store_key_refused", key=key)
	return key


def store_at(place: Place) -> Store:
	"""Raises DomainError `store_needs_package` when what a kind needs is not installed."""
	if place.kind == "Folder":
		from subscription_mgmt.adapters.folder_store import FolderStore

		return FolderStore(place)
	try:
		if place.kind == "SFTP":
			from subscription_mgmt.adapters.sftp_store import SftpStore

			return SftpStore(place)
		from subscription_mgmt.adapters.s3_store import S3Store

		return S3Store(place)
	except ImportError as error:
		raise DomainError("store_needs_package", store=place.name, package=error.name) from error


def failed(place: Place, error: Exception) -> DomainError:
	"""Worth another try."""
	return DomainError("store_failed", store=place.name, reason=str(error) or type(error).__name__)


def refused(place: Place, error: Exception) -> DomainError:
	"""Another try helps only after a person has changed something."""
	return DomainError("store_refused", store=place.name, reason=str(error) or type(error).__name__)
