"""How do meters report usage, and how does a system ask what it may use? With the key of a Usage Meter, by HTTP.

	POST /api/method/subscription_mgmt.api.usage.report        X-Meter-Key: um_…       Idempotency-Key: optional
	{"records": [{"key": "2026-02-03/crm", "metric": "users", "module": "CRM", "value": 4, "at":
	"2026-02-03T08:00:00Z"}]}

Each record counts once, however often it comes; one with a known key and other figures is refused, the rest is taken.
"""

import json
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import NoReturn
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.utils import get_system_timezone

from subscription_mgmt.adapters.charge_records import charge_of
from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.adapters.meter_keys import contract_of_key
from subscription_mgmt.adapters.meter_keys import new_key as make_key
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.adapters.usage_packs import pack_for
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.overage import Overage
from subscription_mgmt.engine.usage import UsageRecord
from subscription_mgmt.refusals import sentence
from subscription_mgmt.services.entitlement import entitlement as entitled
from subscription_mgmt.services.explain_usage import explain_charge, running_month
from subscription_mgmt.services.record_usage import Intake, record_usage

MOST_RECORDS = 500
MOST_BYTES = 1_000_000
REMEMBERED = 24 * 60 * 60  # seconds an idempotency key is remembered
MOST_SUBJECTS = 10_000
LARGEST_VALUE = Decimal(10**12)


class Unreadable(Exception):
	"""A record that is none; the text says why."""


@frappe.whitelist(allow_guest=True, methods=["POST"])
def report(**_body: object) -> dict:
	"""`{"taken", "duplicates", "refused": [{"position", "key", "code", "reason"}]}`; positions count from 0.

	Answers 401 to a wrong key, 403 for another instance, 413 and 400 to what is too large or no JSON, 409 when the
	idempotency key came with another body or the contract is over.
	"""
	contract = _contract_of_caller()
	body = _body_of_request()
	sent = _parsed(body, contract)
	remembered = _remembered(contract, body)
	if remembered is not None:
		return remembered
	zone = _zone_of(contract)
	now = moment().astimezone(zone).replace(tzinfo=None)
	records, positions, unreadable = [], [], []
	for position, given in enumerate(sent):
		try:
			records.append(_record(given, zone, now))
			positions.append(position)
		except Unreadable as error:
			unreadable.append(_refusal(position, given, "unreadable", str(error)))
	see_the_latest()
	try:
		intake = record_usage(contract, records, now, site_ports())
	except DomainError as error:
		_answer(409, sentence(error.code, **error.context))
	answer = _answered(intake, records, positions, unreadable)
	_remember(contract, body, answer)
	return answer


@frappe.whitelist(allow_guest=True, methods=["GET"])
def entitlement(metric: str, module: str | None = None, more: str | int = 1) -> dict:
	"""Whether `more` units may be used: `{"allowed", "billed", "used", "quota", "pack"}`."""
	contract = _contract_of_caller()
	now = moment().astimezone(_zone_of(contract)).replace(tzinfo=None)
	try:
		answer = entitled(contract, metric, module or None, _number(more), now, site_ports())
	except Unreadable as error:
		_answer(400, str(error))
	except DomainError as error:
		_answer(409, sentence(error.code, **error.context))
	pack = pack_for(metric, answer.missing, bool(module)) if answer.missing else None
	return {
		"allowed": answer.allowed,
		"billed": answer.billed,
		"used": float(answer.used),
		"quota": float(answer.quota),
		"pack": pack,
	}


@frappe.whitelist(methods=["GET"])
def explain(charge: str) -> dict | None:
	"""The days, users and modules behind a usage charge; whoever may read the charge may ask."""
	frappe.has_permission("Contract Charge", "read", charge, throw=True)
	figure = explain_charge(charge_of(frappe.get_doc("Contract Charge", charge)), site_ports())
	return shown(figure) if figure else None


@frappe.whitelist(methods=["GET"])
def running(contract: str) -> list[dict]:
	"""What the running month comes to so far, by metric and module."""
	frappe.has_permission("Subscription Contract", "read", contract, throw=True)
	today = moment().astimezone(_zone_of(contract)).date()
	return [shown(figure) for figure in running_month(contract, today, site_ports())]


@frappe.whitelist(methods=["POST"])
def new_key(meter: str) -> str:
	"""The meter's new key, shown this once. The one before stops working."""
	frappe.has_permission("Usage Meter", "write", meter, throw=True)
	return make_key(meter)


def shown(figure: Overage) -> dict:
	days = [
		{
			"day": row.day,
			"used": float(row.used),
			"quota": float(row.allowed),
			"over": float(row.over),
			"subjects": list(row.subjects),
		}
		for row in figure.days
	]
	return {
		"metric": figure.metric,
		"module": figure.module,
		"from": figure.month.start,
		"until": figure.month.end,
		"over": float(figure.over),
		"price": float(figure.price),
		"days": days,
	}


def _answer(status: int, text: str) -> NoReturn:
	error = type("Refused", (frappe.ValidationError,), {"http_status_code": status})
	frappe.throw(text, error, title=_("Not possible"))


def see_the_latest() -> None:
	"""What other reports added while this one was read is seen once the contract is locked: of a quota that blocks,
	nothing is given twice."""
	frappe.db.commit()


def _contract_of_caller() -> str:
	contract = contract_of_key(frappe.get_request_header("X-Meter-Key") or "")
	if contract is None:
		_answer(401, _("The meter's key is wrong. Make a new one in the Usage Meter list."))
	return contract


def _body_of_request() -> bytes:
	# A body in chunks does not say its length: Frappe has then read it, up to its own limit.
	if (frappe.request.content_length or 0) <= MOST_BYTES:
		body = frappe.request.get_data(cache=True)
		if len(body) <= MOST_BYTES:
			return body
	_answer(
		413, _("A report must not be larger than {0} bytes. Send fewer records at once.").format(MOST_BYTES)
	)


def _parsed(body: bytes, contract: str) -> list:
	try:
		sent = json.loads(body, parse_float=Decimal)
	except (ValueError, RecursionError):
		_answer(400, _("The report is no JSON. Send an object with a list of records."))
	records = sent.get("records") if isinstance(sent, dict) else None
	if not isinstance(records, list):
		_answer(400, _("The report has no list of records. Send an object with one."))
	if len(records) > MOST_RECORDS:
		_answer(413, _("A report has at most {0} records. Send fewer at once.").format(MOST_RECORDS))
	named = sent.get("instance")
	if named is not None and named != frappe.db.get_value("Subscription Contract", contract, "instance"):
		_answer(403, _("The key is not that of this instance. Use the key of its own meter."))
	return records


def _zone_of(contract: str) -> ZoneInfo:
	zone = frappe.db.get_value("Subscription Contract", contract, "time_zone")
	return ZoneInfo(zone or get_system_timezone())


def _record(given: object, zone: ZoneInfo, now: datetime) -> UsageRecord:
	if not isinstance(given, dict):
		raise Unreadable(_("A record is an object with key, metric and value."))
	subjects = given.get("subjects") or []
	if not isinstance(subjects, list) or len(subjects) > MOST_SUBJECTS:
		raise Unreadable(_("subjects is no list, or too long a one."))
	return UsageRecord(
		key=_text(given, "key"),
		metric=_text(given, "metric"),
		at=_local(given.get("at"), zone, now),
		value=_number(given.get("value")),
		module=_text(given, "module") if given.get("module") is not None else None,
		subjects=tuple(str(subject).replace("\n", " ") for subject in subjects),
	)


def _text(given: dict, field: str) -> str:
	value = given.get(field)
	if not isinstance(value, str) or not value.strip() or len(value) > 140 or "\x00" in value:
		raise Unreadable(_("{0} must be a text of 1 to 140 characters.").format(field))
	return value.strip()


def _number(value: object) -> Decimal:
	if isinstance(value, bool) or not isinstance(value, (int, Decimal, str)) or len(str(value)) > 30:
		raise Unreadable(_("value must be a number."))
	try:
		number = Decimal(value)
	except ArithmeticError:
		raise Unreadable(_("value must be a number.")) from None
	if not number.is_finite() or abs(number) > LARGEST_VALUE:
		raise Unreadable(_("value must be a number."))
	return number


def _local(at: object, zone: ZoneInfo, now: datetime) -> datetime:
	"""A time with an offset in the contract's zone; one without is of that zone; none at all is now."""
	if at is None:
		return now
	try:
		measured = datetime.fromisoformat(str(at).replace("Z", "+00:00"))
		measured = measured.astimezone(zone).replace(tzinfo=None) if measured.tzinfo else measured
	except (ValueError, OverflowError):
		raise Unreadable(_("at must be a time like 2026-02-03T08:00:00Z.")) from None
	if measured.year < 2000:
		raise Unreadable(_("at must be a time like 2026-02-03T08:00:00Z."))
	return measured


def _answered(
	intake: Intake, records: list[UsageRecord], positions: list[int], unreadable: list[dict]
) -> dict:
	refused = [
		{
			"position": positions[n],
			"key": records[n].key,
			"code": error.code,
			"reason": sentence(error.code, **error.context),
		}
		for n, error in intake.refused
	]
	refused = sorted([*refused, *unreadable], key=lambda refusal: refusal["position"])
	return {"taken": len(intake.taken), "duplicates": intake.duplicates, "refused": refused}


def _refusal(position: int, given: object, code: str, reason: str) -> dict:
	key = given.get("key") if isinstance(given, dict) else None
	return {
		"position": position,
		"key": key if isinstance(key, str) else None,
		"code": code,
		"reason": reason,
	}


def _remembered(contract: str, body: bytes) -> dict | None:
	"""The answer to the same report before. Records are known by their keys anyway; this spares the work."""
	key = frappe.get_request_header("Idempotency-Key")
	before = frappe.cache.get_value(_place(contract, key)) if key else None
	if before is None:
		return None
	if before["body"] != sha256(body).hexdigest():
		_answer(409, _("This Idempotency-Key came with another report before. Give each report its own."))
	return before["answer"]


def _remember(contract: str, body: bytes, answer: dict) -> None:
	key = frappe.get_request_header("Idempotency-Key")
	if key:
		told = {"body": sha256(body).hexdigest(), "answer": answer}
		place = _place(contract, key)
		frappe.db.after_commit.add(lambda: frappe.cache.set_value(place, told, expires_in_sec=REMEMBERED))


def _place(contract: str, key: str) -> str:
	return f"subscription_mgmt:usage:{contract}:{sha256(key.encode()).hexdigest()}"
