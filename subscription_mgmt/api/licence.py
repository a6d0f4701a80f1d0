"""What can be done with a licence: from Desk by its buttons, from an installation with its key?"""

from datetime import date
from typing import NoReturn

import frappe
from frappe import _
from frappe.rate_limiter import rate_limit
from frappe.utils import cint

from subscription_mgmt import licence_key
from subscription_mgmt.adapters import licence_keys
from subscription_mgmt.adapters.clock import today_in
from subscription_mgmt.adapters.ledger_records import LedgerRecords
from subscription_mgmt.adapters.licence_records import DOCTYPE, current_key, revoked_licences, sign_again
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.engine.catalogue import interval_named
from subscription_mgmt.engine.deployment import Deployment
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.refusals import refusals_worded, sentence
from subscription_mgmt.services import add_licence_modules as adding
from subscription_mgmt.services import buy_licence as selling
from subscription_mgmt.services import renew_updates as renewing
from subscription_mgmt.services import revoke_licence as revoking
from subscription_mgmt.services import set_deployment as deploying

MANAGERS = frozenset({"System Manager", "Subscription Manager"})


@frappe.whitelist(methods=["POST"])
def sell(licence: str) -> None:
	today = _may_change(licence)
	subscription = frappe.db.get_value(DOCTYPE, licence, "converted_from")
	if subscription:
		frappe.has_permission("Subscription Contract", "write", subscription, throw=True)
	with refusals_worded():
		selling.buy_licence(licence, today, site_ports())


@frappe.whitelist(methods=["POST"])
def set_deployment(
	licence: str, deployment: str, hosting_plan: str | None = None, hosting_interval: str | None = None
) -> None:
	today = _may_change(licence)
	if deployment not in ("Online", "Local"):
		frappe.throw(_("A licence is Online or Local, not {0}.").format(deployment))
	with refusals_worded():
		every = interval_named(hosting_interval) if hosting_interval else None
		where = Deployment(deployment)
		deploying.set_deployment(licence, where, today, site_ports(), hosting_plan or None, every)


@frappe.whitelist(methods=["POST"])
def add_modules(licence: str, modules: str | list, pack: str | None = None) -> None:
	"""`modules`: names, as a list or as JSON of one. `pack` prices them; without it they are free."""
	today = _may_change(licence)
	names = [str(name) for name in frappe.parse_json(modules) or []]
	with refusals_worded():
		adding.add_licence_modules(licence, names, pack or None, today, site_ports())


@frappe.whitelist(methods=["POST"])
def renew_updates(licence: str, months: int | str | None = None, pack: str | None = None) -> None:
	"""`months` empty: as many as came with the licence. `pack` prices them; without it they are free."""
	today = _may_change(licence)
	with refusals_worded():
		count = cint(months) if months not in (None, "") else None
		renewing.renew_updates(licence, count, pack or None, today, site_ports())


@frappe.whitelist(methods=["POST"])
def revoke(licence: str, reason: str) -> None:
	today = _may_change(licence)
	_check_manager()
	with refusals_worded():
		revoking.revoke_licence(licence, reason, today, site_ports())


@frappe.whitelist(methods=["POST"])
def invoice_again(licence: str) -> list[str]:
	"""Invoice what waits because a person cancelled its invoice. Names of the invoices made."""
	today = _may_change(licence)
	with refusals_worded():
		return [invoice.name for invoice in LedgerRecords().invoice_licence(licence, today)]


@frappe.whitelist()
def download(licence: str) -> None:
	"""The key as a file, for whoever may read the licence: its customer too."""
	record = frappe.get_doc(DOCTYPE, licence)
	record.check_permission("read")
	if record.status != "Issued":
		frappe.throw(_("{0} has no key: it is {1}.").format(record.name, _(record.status)))
	frappe.response.filename = f"{record.name}.licence"
	frappe.response.filecontent = record.key
	frappe.response.type = "download"


@frappe.whitelist(methods=["POST"])
def rotate_signing_key(valid_days: int | str = 0) -> str:
	"""A new pair signs from now on; the old one is trusted still."""
	_check_manager()
	return licence_keys.rotate(max(0, cint(valid_days)))


@frappe.whitelist(methods=["POST"])
def withdraw_signing_key(name: str) -> int:
	"""How many licences get a new key, in the background. Their old one does not fetch it any more."""
	_check_manager()
	with refusals_worded():
		licences = licence_keys.withdraw(name)
	for licence in licences:
		frappe.enqueue(sign_one, queue="long", enqueue_after_commit=True, licence=licence)
	return len(licences)


def sign_one(licence: str) -> None:
	sign_again(licence)


# For installations. No session: whoever shows a genuine key of a licence may have its current one.


@frappe.whitelist(allow_guest=True, methods=["GET", "POST"])
@rate_limit(limit=60, seconds=60)
def entitlement(key: str | None = None) -> dict:
	"""`{"key": …, "entitlement": {…}}`: what the licence allows now, signed now.

	Shown is any key of the licence, in the header `X-Licence-Key` or as `key`; one that expired will do.
	"""
	shown = key or (frappe.get_request_header("X-Licence-Key") if frappe.request else "") or ""
	try:
		licence = licence_keys.verified(shown.strip()).entitlement.licence
		status = frappe.db.get_value(DOCTYPE, licence, "status")
		if status == "Revoked":
			raise DomainError("key_revoked", licence=licence, day=revoked_licences()[licence])
		if status != "Issued":
			raise DomainError("not_entitled")
	except DomainError as refusal:
		_forbid(refusal)
	current = current_key(licence)
	return {"key": current, "entitlement": _plain(licence_keys.verified(current).entitlement)}


@frappe.whitelist(allow_guest=True, methods=["GET"])
@rate_limit(limit=60, seconds=60)
def revocation_list() -> dict:
	"""`{"revocation_list": …}`: the licences that are good no more, signed."""
	try:
		return {"revocation_list": licence_keys.signed_revocations(revoked_licences())}
	except DomainError as refusal:
		_forbid(refusal)


@frappe.whitelist(allow_guest=True, methods=["GET"])
@rate_limit(limit=60, seconds=60)
def public_keys() -> dict:
	"""A JSON Web Key Set: `verify-licence --keys` reads it."""
	return licence_key.key_set(licence_keys.trusted_keys())


def _plain(entitlement: licence_key.Entitlement) -> dict:
	return {
		"licence": entitlement.licence,
		"edition": entitlement.edition,
		"modules": list(entitlement.modules),
		"functions": list(entitlement.functions),
		"deployment": entitlement.deployment,
		"updates_until": entitlement.updates_until.isoformat(),
		"instance": entitlement.instance,
	}


def _check_manager() -> None:
	if MANAGERS.isdisjoint(frappe.get_roles()):
		frappe.throw(_("Only a Subscription Manager can do this."), frappe.PermissionError)


def _forbid(refusal: DomainError) -> NoReturn:
	"""403 with the sentence, and the code for a program to read."""
	frappe.local.response["code"] = refusal.code
	frappe.throw(sentence(refusal.code, **refusal.context), frappe.PermissionError)


def _may_change(licence: str) -> date:
	"""The vendor's day, if the user may write the licence."""
	frappe.get_doc(DOCTYPE, licence).check_permission("write")
	return today_in(frappe.get_cached_doc("Subscription Mgmt Settings").time_zone)
