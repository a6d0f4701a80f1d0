"""Where do operations live on a site? In Hosting Operation, each claimed by one worker under a lease that he renews."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from types import MappingProxyType

import frappe
from frappe.utils import get_datetime, now_datetime

from subscription_mgmt.adapters.operation_queue import wake
from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.operations import (
	OPEN,
	TO_BE_DONE,
	Kind,
	Operation,
	State,
	has_slot,
	may_start,
	moved,
	superseded,
)

DOCTYPE = "Hosting Operation"
INSTANCE = "Hosted Instance"
SERVER = "Hosting Server"
LEASE = timedelta(seconds=90)
BIG = timedelta(minutes=10)
MOST_OUTPUT = 20_000  # characters kept of what was said
COLUMNS = (
	*("name", "instance", "kind", "status", "hosting_server", "creation", "due_at", "mode", "tries", "step"),
	"arguments",
)


def order(
	instance: str,
	kind: Kind,
	mode: Mode | None = None,
	figures: Mapping[str, object] = MappingProxyType({}),
	due_at: datetime | None = None,
) -> str:
	"""The operation's name. The same one, still to be done, is not ordered twice. A worker is woken after commit."""
	_lock(instance)
	wanted = {"kind": kind.value, "mode": mode.value if mode else ""}
	for other in _others(instance, TO_BE_DONE):
		same = other.kind is kind and other.mode is mode and figures.items() <= other.figures.items()
		if same and (due_at is None or other.due_at <= due_at):
			wake(other)
			return other.name
	now = now_datetime()
	record = frappe.get_doc(
		{
			"doctype": DOCTYPE,
			"instance": instance,
			"hosting_server": frappe.db.get_value(INSTANCE, instance, "hosting_server"),
			"status": State.QUEUED.value,
			"due_at": due_at or now,
			"arguments": _stored(figures),
			**wanted,
		}
	)
	record.insert(ignore_permissions=True)
	ordered = operation_of(record.as_dict())
	for older in superseded(ordered, _others(instance, TO_BE_DONE | {State.FAILED})):
		_close(older, "superseded")
	if due_at is None or due_at <= now:
		wake(ordered)
	return ordered.name


def get(name: str, lock: bool = False) -> Operation:
	return operation_of(frappe.db.get_value(DOCTYPE, name, COLUMNS, as_dict=True, for_update=lock))


def claim(name: str, worker: str) -> tuple[Operation, str] | None:
	"""The operation and the lease on it, when its turn has come. To be called first in a transaction."""
	instance = frappe.db.get_value(DOCTYPE, name, "instance")
	frappe.db.commit()  # what others did meanwhile is seen once the instance is locked
	if not instance or not _lock(instance):
		return None
	operation = get(name)
	if operation.state not in TO_BE_DONE or operation.due_at > now_datetime():
		return None
	if not may_start(operation, _others(instance, OPEN | {State.FAILED})) or not _fits(operation):
		return None
	lease = frappe.generate_hash(length=16)
	values = {
		"status": moved(operation, "claimed").value,
		"lease": lease,
		"lease_until": now_datetime() + LEASE,
		"worker": worker,
		"started_at": now_datetime(),
		"tries": operation.tries + 1,
		"problem": None,
	}
	frappe.db.set_value(DOCTYPE, name, values)
	return get(name), lease


def renew(name: str, lease: str) -> bool:
	"""Whether the worker still has it."""
	return _write_if_leased(name, lease, {"lease_until": now_datetime() + LEASE})


def note_step(name: str, lease: str, step: str, figures: Mapping[str, object]) -> bool:
	known = get(name).figures
	return _write_if_leased(name, lease, {"step": step, "arguments": _stored({**known, **figures})})


def finish(
	operation: Operation,
	lease: str,
	event: str,
	problem: str | None = None,
	result: str | None = None,
	due_at: datetime | None = None,
	output: str = "",
) -> bool:
	"""Whether it was still the worker's to finish; who lost his lease writes nothing."""
	state = moved(operation, event)
	values = {
		"status": state.value,
		"problem": problem,
		"result": result,
		"output": output[-MOST_OUTPUT:],
		"lease": None,
		"lease_until": None,
		"finished_at": None if state in TO_BE_DONE else now_datetime(),
	}
	if due_at:
		values["due_at"] = due_at
	if state is State.WAITING:
		values["tries"] = 0  # to wait is not to fail
	return _write_if_leased(operation.name, lease, values)


def abandoned() -> list[tuple[Operation, str]]:
	"""Operations whose workers are gone, and the leases that ran out."""
	late = {"status": State.RUNNING.value, "lease_until": ["<", now_datetime()]}
	rows = frappe.get_all(DOCTYPE, late, [*COLUMNS, "lease"])
	return [(operation_of(row), row.lease) for row in rows]


def try_again(name: str) -> None:
	operation = _locked(name)
	values = {"status": moved(operation, "tried_again").value, "due_at": now_datetime(), "tries": 0}
	frappe.db.set_value(DOCTYPE, name, {**values, "problem": None, "finished_at": None})
	wake(get(name))


def call_off(name: str) -> None:
	_close(_locked(name), "superseded")


def open_operations(instance: str) -> list[Operation]:
	return _others(instance, OPEN)


def last_failed(instance: str, kind: Kind) -> datetime | None:
	"""When an operation of the kind was last given up that nothing has replaced since."""
	filters = {"instance": instance, "kind": kind.value, "status": State.FAILED.value}
	return frappe.db.get_value(DOCTYPE, filters, "finished_at", order_by="creation desc")


def operation_of(row: Mapping) -> Operation:
	mode = row["mode"]
	figures: dict = {}
	with suppress(ValueError):
		figures = json.loads(row["arguments"] or "{}")
	return Operation(
		name=row["name"],
		instance=row["instance"],
		kind=Kind(row["kind"]),
		state=State(row["status"]),
		server=row["hosting_server"] or "",
		ordered_at=get_datetime(row["creation"]),
		due_at=get_datetime(row["due_at"] or row["creation"]),
		mode=Mode(mode) if mode else None,
		tries=row["tries"] or 0,
		step=row["step"] or "",
		figures=figures,
	)


def _lock(instance: str) -> bool:
	"""Whoever orders or claims for an instance does so alone."""
	return bool(frappe.db.get_value(INSTANCE, instance, "name", for_update=True))


def _locked(name: str) -> Operation:
	_lock(get(name).instance)
	return get(name, lock=True)


def _others(instance: str, states: frozenset[State]) -> list[Operation]:
	"""As they are now, not as they were when this transaction began."""
	table = frappe.qb.DocType(DOCTYPE)
	query = frappe.qb.from_(table).select(*COLUMNS).where(table.instance == instance)
	query = query.where(table.status.isin([state.value for state in states])).orderby(table.creation)
	return [operation_of(row) for row in query.for_update().run(as_dict=True)]


def _fits(operation: Operation) -> bool:
	slots = frappe.db.get_value(SERVER, operation.server, "parallel", for_update=True)
	filters = {"hosting_server": operation.server, "status": State.RUNNING.value}
	running = [operation_of(row) for row in frappe.get_all(DOCTYPE, filters, COLUMNS)]
	return has_slot(operation, running, max(slots or 1, 1), big_among([operation, *running]))


def big_among(operations: Sequence[Operation]) -> frozenset[str]:
	"""Those of the instances whose last heavy operation of any kind took long."""
	names = {each.instance for each in operations}
	rows = frappe.get_all(
		DOCTYPE,
		{"instance": ["in", names], "status": State.DONE.value, "kind": ["!=", Kind.SET_ACCESS.value]},
		["instance", "started_at", "finished_at"],
		order_by="finished_at",
	)
	last = {
		row.instance: row.finished_at - row.started_at for row in rows if row.finished_at and row.started_at
	}
	return frozenset(name for name, took in last.items() if took > BIG)


def _close(operation: Operation, event: str) -> None:
	values = {"status": moved(operation, event).value, "finished_at": now_datetime()}
	frappe.db.set_value(DOCTYPE, operation.name, values)


def _write_if_leased(name: str, lease: str, values: dict) -> bool:
	if not frappe.db.get_value(DOCTYPE, {"name": name, "lease": lease}, "name", for_update=True):
		return False
	frappe.db.set_value(DOCTYPE, name, values)
	return True


def _stored(figures: Mapping[str, object]) -> str:
	return json.dumps(dict(figures), default=str, sort_keys=True)
