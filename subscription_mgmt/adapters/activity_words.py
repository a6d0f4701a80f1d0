"""How does a person read an entry of a history? Worded when it is read, so in his own language."""

import json
import re
from collections.abc import Mapping

import frappe
from frappe import _
from frappe.utils import fmt_money, formatdate

from subscription_mgmt.adapters.contract_records import DOCTYPE as CONTRACT
from subscription_mgmt.history_words import history_labels, told

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def labels() -> dict[str, str]:
	return history_labels(_)


def sentence_of(action: str | None, from_value: str | None, to_value: str | None, figures: str | None) -> str:
	readable = {name: _readable(figure) for name, figure in _parsed(figures).items()}
	readable["before"], readable["after"] = _readable(from_value), _readable(to_value)
	if "total" in readable:
		readable["total"] = fmt_money(readable["total"])
	if isinstance(readable.get("changes"), Mapping):
		readable["changes"] = _changes(readable["changes"])
	return told(action or "", readable, _)


def _parsed(figures: str | None) -> dict:
	try:
		parsed = json.loads(figures or "{}")
	except ValueError:
		return {}
	return parsed if isinstance(parsed, dict) else {}


def _readable(figure: object) -> object:
	if isinstance(figure, str) and DAY.fullmatch(figure):
		return formatdate(figure)
	if isinstance(figure, str):
		return _(figure) if figure else "-"
	return figure


def _changes(changes: Mapping) -> str:
	meta = frappe.get_meta(CONTRACT)
	said = []
	for field, (before, after) in changes.items():
		label = _(meta.get_label(field))
		said.append(f"{label}: {_readable(before)} → {_readable(after)}" if before or after else label)
	return "; ".join(said)
