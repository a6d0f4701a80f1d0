"""Is a link to a file of a backup one of ours, for whom, and does it hold still?"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta, timezone

import frappe
from frappe.utils import get_url
from frappe.utils.password import get_encryption_key

from subscription_mgmt.engine.errors import DomainError

GOOD_FOR = timedelta(minutes=15)
METHOD = "subscription_mgmt.api.backup.download"
PURPOSE = b"subscription_mgmt backup download"


def link_to(run: str, kind: str, user: str, now: datetime) -> tuple[str, datetime]:
	"""(address, until when it is good): one file, for one user's sake, for some minutes."""
	until = (now + GOOD_FOR).replace(microsecond=0)
	text = "\n".join((run, kind, user, str(int(until.timestamp()))))
	token = f"{_encoded(text.encode())}.{_encoded(_seal(text))}"
	return get_url(f"/api/method/{METHOD}?token={token}"), until


def read_link(token: str, now: datetime) -> tuple[str, str, str]:
	"""(run, kind, user). Raises DomainError `download_refused`."""
	try:
		body, _, seal = token.partition(".")
		text = _decoded(body).decode()
		run, kind, user, until = text.split("\n")
		is_ours = hmac.compare_digest(_decoded(seal), _seal(text))
		expires = datetime.fromtimestamp(int(until), timezone.utc)
	except ValueError as error:
		raise DomainError("download_refused") from error
	if not is_ours or now >= expires:
		raise DomainError("download_refused")
	return run, kind, user


def _seal(text: str) -> bytes:
	"""With a key of its own, made of the site's."""
	key = hmac.digest(get_encryption_key().encode(), PURPOSE, hashlib.sha256)
	return hmac.digest(key, f"{frappe.local.site}\n{text}".encode(), hashlib.sha256)


def _encoded(raw: bytes) -> str:
	return urlsafe_b64encode(raw).decode().rstrip("=")


def _decoded(text: str) -> bytes:
	return urlsafe_b64decode(text + "=" * (-len(text) % 4))
