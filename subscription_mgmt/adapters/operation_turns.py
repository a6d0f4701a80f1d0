"""Which operations may begin now, and how long are they kept? Asked in four queries, however many there are."""

import frappe
from frappe.utils import add_days, now_datetime

from subscription_mgmt.adapters.operation_records import COLUMNS, DOCTYPE, SERVER, big_among, operation_of
from subscription_mgmt.engine.operations import LIGHT, TO_BE_DONE, Kind, Operation, State, startable

MOST_LOOKED_AT = 2000  # of each sort; the next minute looks at the next


def due() -> list[Operation]:
	"""What may begin now, the most urgent first."""
	others = _rows({"status": State.RUNNING.value})
	made = [state.value for state in (*TO_BE_DONE, State.FAILED)]
	others += _rows({"status": ["in", made], "kind": Kind.PROVISION.value})
	waiting = {"status": ["in", [state.value for state in TO_BE_DONE]], "due_at": ["<=", now_datetime()]}
	light = [kind.value for kind in LIGHT]
	candidates = _rows({**waiting, "kind": ["in", light]}) + _rows({**waiting, "kind": ["not in", light]})
	slots = dict(frappe.get_all(SERVER, fields=["name", "parallel"], as_list=True))
	return startable(candidates, others, slots, big_among(candidates + others))


def clear(days: int) -> None:
	"""Forget what was done so long ago, or replaced. What failed stays until somebody has looked at it."""
	over = [State.DONE.value, State.SUPERSEDED.value]
	frappe.db.delete(DOCTYPE, {"status": ["in", over], "creation": ["<", add_days(now_datetime(), -days)]})


def _rows(filters: dict) -> list[Operation]:
	rows = frappe.get_all(DOCTYPE, filters, COLUMNS, order_by="due_at", limit=MOST_LOOKED_AT)
	return [operation_of(row) for row in rows]
