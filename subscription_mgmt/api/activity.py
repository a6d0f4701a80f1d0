"""What happened to a contract? The customer's list of actions, and the timeline of the form."""

from datetime import datetime
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, escape_html, get_system_timezone

from subscription_mgmt.adapters.activity_records import DOCTYPE
from subscription_mgmt.adapters.activity_words import labels as action_labels
from subscription_mgmt.adapters.activity_words import sentence_of
from subscription_mgmt.adapters.contract_records import DOCTYPE as CONTRACT

MOST_AT_ONCE = 100
ON_TIMELINE = 200
WORDED = ["action", "from_value", "to_value", "figures"]
FIELDS = ["number", "happened_at", "creation", "user", "channel", *WORDED]


@frappe.whitelist(methods=["GET"])
def of_contract(contract: str, before: int | str | None = None, limit: int | str = 20) -> list[dict]:
	"""The latest entries first: `[{"number", "at", "who", "channel", "action", "label", "sentence"}]`.

	`before`: only entries with a lower number. `at`: ISO, in the contract's time zone. Customers are
	shown what concerns them.
	"""
	record = frappe.get_doc(CONTRACT, contract)
	record.check_permission("read")
	return entries(record, cint(before), max(1, min(cint(limit), MOST_AT_ONCE)))


def entries(contract: Document, before: int, limit: int) -> list[dict]:
	"""As `of_contract`, of a contract that the user may read."""
	zone = ZoneInfo(contract.time_zone or get_system_timezone())
	words = action_labels()
	return [
		{
			"number": row.number,
			"at": datetime.fromisoformat(row.happened_at).astimezone(zone).isoformat(timespec="seconds"),
			"who": row.user,
			"channel": row.channel,
			"action": row.action,
			"label": words.get(row.action, row.action),
			"sentence": sentence_of(row.action, row.from_value, row.to_value, row.figures),
		}
		for row in _rows(contract.name, before, limit)
	]


@frappe.whitelist(methods=["GET"])
def labels() -> dict[str, str]:
	"""`{action: its name in the user's language}`."""
	return action_labels()


def timeline(doctype: str, name: str) -> list[dict]:
	"""For the contract's form. What was edited there stands on it already, from Frappe's own versions."""
	if not frappe.has_permission(DOCTYPE, "read"):
		return []
	rows = [row for row in _rows(name, 0, ON_TIMELINE) if row.action != "edited"]
	return [
		{"icon": "branch", "is_card": False, "creation": row.creation, "content": _line(row)} for row in rows
	]


def _line(row: frappe._dict) -> str:
	said = sentence_of(row.action, row.from_value, row.to_value, row.figures)
	return escape_html(f"{said} · {row.user} ({_(row.channel)})")


def _rows(contract: str, before: int, limit: int) -> list[frappe._dict]:
	"""By `get_list`: what the user is not to see is left out."""
	filters = {"contract": contract, **({"number": ["<", before]} if before else {})}
	return frappe.get_list(DOCTYPE, filters, FIELDS, order_by="number desc", limit=limit)
