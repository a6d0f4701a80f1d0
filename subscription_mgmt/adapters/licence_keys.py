"""Which key pair signs licences now, and which earlier ones are trusted still? Private keys stay here."""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

import frappe
from frappe.utils import get_system_timezone
from frappe.utils.password import get_decrypted_password

from subscription_mgmt import licence_key
from subscription_mgmt.adapters.clock import today_in
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.licences import Licence

DOCTYPE = "Licence Signing Key"
TRUSTED = ("Active", "Retired")


def signed(licence: Licence, edition: str) -> tuple[str, str, datetime]:
	"""(licence key, name of the key it is signed with, when by the site's clock)."""
	kid, private, valid_days = _active()
	now = datetime.now(timezone.utc).replace(microsecond=0)
	entitlement = licence_key.Entitlement(
		licence=licence.name,
		customer=licence.customer,
		edition=edition,
		modules=licence.modules,
		functions=licence.working,
		deployment=licence.deployment.value,
		updates_until=licence.updates_until or today_in(None),
		instance=licence.instance,
	)
	expires = now + timedelta(days=valid_days) if valid_days else None
	token = licence_key.sign(entitlement, private, kid, frappe.generate_hash(length=16), now, expires)
	return token, kid, _by_the_sites_clock(now)


def signed_revocations(revoked: Mapping) -> str:
	"""Raises DomainError `no_signing_key` before the first sale: asking for the list makes no pair."""
	if not frappe.db.exists(DOCTYPE, {"status": "Active"}):
		raise DomainError("no_signing_key")
	kid, private, _valid_days = _active()
	return licence_key.sign_revocations(revoked, private, kid, datetime.now(timezone.utc))


def verified(token: str) -> licence_key.VerifiedKey:
	"""A key of one of this site's licences; an expired one too, for it is shown to fetch the current one."""
	return licence_key.verify(token, trusted_keys(), datetime.min.replace(tzinfo=timezone.utc))


def trusted_keys() -> dict[str, str]:
	"""Public keys by name, the active one first."""
	rows = frappe.get_all(
		DOCTYPE,
		{"status": ["in", TRUSTED]},
		["name", "public_key"],
		order_by="status, creation desc",
		limit=0,
	)
	return {row.name: row.public_key for row in rows}


def rotate(valid_days: int = 0) -> str:
	"""A new pair signs from now on; what earlier ones signed stays good. Its name."""
	for name in frappe.get_all(DOCTYPE, {"status": "Active"}, pluck="name"):
		frappe.db.set_value(DOCTYPE, name, "status", "Retired")
	private, public = licence_key.new_key_pair()
	record = frappe.get_doc(
		{
			"doctype": DOCTYPE,
			"status": "Active",
			"created_on": today_in(None),
			"valid_days": valid_days,
			"public_key": public,
			"private_key": private,
		}
	)
	return record.insert(ignore_permissions=True).name


def withdraw(name: str) -> list[str]:
	"""Trust the pair no more: others may know its private key. The licences it signed, to be signed again."""
	status = frappe.db.get_value(DOCTYPE, name, "status", for_update=True)
	if status not in TRUSTED:
		raise DomainError("signing_key_withdrawn", key=name)
	frappe.db.set_value(DOCTYPE, name, "status", "Withdrawn")
	return frappe.get_all("Licence", {"signed_with": name, "status": "Issued"}, pluck="name", limit=0)


def _active() -> tuple[str, str, int]:
	"""(name, private key, days a licence key is good for); the first pair is made when it is needed."""
	name = frappe.db.get_value(DOCTYPE, {"status": "Active"}) or rotate()
	private = get_decrypted_password(DOCTYPE, name, "private_key")
	return name, private, frappe.db.get_value(DOCTYPE, name, "valid_days") or 0


def _by_the_sites_clock(moment: datetime) -> datetime:
	from zoneinfo import ZoneInfo

	return moment.astimezone(ZoneInfo(get_system_timezone())).replace(tzinfo=None)
