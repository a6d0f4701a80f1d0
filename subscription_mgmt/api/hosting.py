"""What can be asked of hosting from Desk, and how does other software say that it is done?

	POST /api/method/subscription_mgmt.api.hosting.call_back
	X-Subscription-Server: <name>    X-Subscription-Timestamp: 1767225600    X-Subscription-Signature: v1=<hex>
	{"system": "acme.example", "idempotency_key": "…"}

Signed as what is sent to it (`adapters/webhook_provider.py`). It only has the system asked again, at once.
"""

import json
from datetime import timedelta
from typing import NoReturn

import frappe
from frappe import _
from frappe.rate_limiter import rate_limit
from frappe.utils import cint, get_datetime, now_datetime

from subscription_mgmt.adapters import operation_records, site_hosting
from subscription_mgmt.adapters.callbacks import ask_again, is_genuine
from subscription_mgmt.adapters.providers import is_manual
from subscription_mgmt.adapters.server_records import note_seen, provider_on
from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.operations import Kind
from subscription_mgmt.refusals import refusals_worded, sentence

INSTANCE, OPERATION, SERVER = "Hosted Instance", "Hosting Operation", "Hosting Server"
MOST_BYTES = 10_000
OPERATORS = ["Subscription Manager", "System Manager"]


@frappe.whitelist(methods=["POST"])
def try_again(operation: str) -> None:
	frappe.only_for(OPERATORS)
	frappe.has_permission(OPERATION, "read", operation, throw=True)
	with refusals_worded():
		operation_records.try_again(operation)


@frappe.whitelist(methods=["POST"])
def call_off(operation: str) -> None:
	"""What is not done yet is not done at all. A deletion called off leaves the system restricted."""
	frappe.only_for(OPERATORS)
	frappe.has_permission(OPERATION, "read", operation, throw=True)
	with refusals_worded():
		todo = operation_records.get(operation)
		operation_records.call_off(operation)
		if todo.kind is Kind.DROP:
			site_hosting.want(todo.instance, Mode.RESTRICTED)


@frappe.whitelist(methods=["POST"])
def look(instance: str) -> str | None:
	"""The mode in which the system itself says it is."""
	_check_machine(instance)
	with refusals_worded():
		found = site_hosting.look(instance)
	if found is None:
		frappe.throw(_("{0} does not answer, so its mode is not known.").format(instance))
	return found.value


@frappe.whitelist(methods=["POST"])
def provision(instance: str) -> str:
	_check_machine(instance)
	return operation_records.order(instance, Kind.PROVISION)


@frappe.whitelist(methods=["POST"])
def update(instance: str, at: str | None = None, minutes: int | str = 0) -> str:
	"""Update at once, or in a window of `minutes` that begins `at` and is announced to the customer."""
	_check_machine(instance)
	start = get_datetime(at) if at else None
	if start and start < now_datetime():
		frappe.throw(_("The window begins in the past. Give a later time."))
	if start and cint(minutes) > 0:
		window = {"started_at": start, "ended_at": start + timedelta(minutes=cint(minutes))}
		outage = {"doctype": "Outage", "hosted_instance": instance, "planned": 1, "announce": 1, **window}
		frappe.get_doc({**outage, "reason": _("Update to a newer version")}).insert()
	return operation_records.order(instance, Kind.UPDATE, due_at=start)


@frappe.whitelist(methods=["POST"])
def test_connection(server: str) -> None:
	"""Ask the server for a sign of life; whether it gave one stands on its record."""
	frappe.only_for(OPERATORS)
	record = frappe.get_doc(SERVER, server)
	record.check_permission("write")
	try:
		provider_on(record).ping()
	except DomainError as refusal:
		problem = frappe.utils.strip_html(sentence(refusal.code, **refusal.context))
		note_seen(server, problem)
		frappe.msgprint(frappe.utils.escape_html(problem), title=_("No connection"), indicator="red")
	else:
		note_seen(server, None)
		frappe.msgprint(_("{0} answers.").format(server), indicator="green", alert=True)


@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=120, seconds=60)
def call_back(**_body: object) -> dict:
	"""`{"asked_again": <operations>}`. 401 for a wrong signature, an old call or a second one; 413, 400 for no JSON."""
	if (frappe.request.content_length or 0) > MOST_BYTES:
		_answer(413, _("A call must not be larger than {0} bytes.").format(MOST_BYTES))
	body = frappe.request.get_data(cache=True)
	server, timestamp, signed = (
		frappe.get_request_header(f"X-Subscription-{name}") or ""
		for name in ("Server", "Timestamp", "Signature")
	)
	if not is_genuine(server, timestamp, signed, body):
		_answer(401, _("The call is not signed with the server's secret, too old, or was made before."))
	try:
		system = json.loads(body).get("system")
	except (ValueError, AttributeError):
		_answer(400, _("The call is no JSON object."))
	return {"asked_again": ask_again(server, str(system))}


def _check_machine(instance: str) -> None:
	frappe.only_for(OPERATORS)
	frappe.get_doc(INSTANCE, instance).check_permission("write")
	if is_manual(instance):
		frappe.throw(_("{0} is run by hand. Name a server with another provider first.").format(instance))


def _answer(status: int, text: str) -> NoReturn:
	error = type("Refused", (frappe.ValidationError,), {"http_status_code": status})
	frappe.throw(text, error, title=_("Not possible"))
