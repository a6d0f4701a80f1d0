"""How do findings of the probe become Outage records, in a few queries for all of them?"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import frappe
from frappe.utils import now

from subscription_mgmt.adapters.moments import moment_of, stored
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.probing import Answer, Outcome, Watched

DOCTYPE, EVIDENCE = "Outage", "Outage Evidence"
ROW = ("name", "creation", "modified", "owner", "modified_by")
CHUNK = 500


def open_outages() -> dict[str, str]:
	"""Instance → the outage that the probe opened and has not closed, locked."""
	outage = frappe.qb.DocType(DOCTYPE)
	rows = (
		frappe.qb.from_(outage)
		.select(outage.hosted_instance, outage.name)
		.where(outage.ended_at.isnull() & (outage.found_by == "Probe") & (outage.planned == 0))
		.for_update()
		.run()
	)
	return dict(rows)


def open_of(opened: Sequence[tuple[Watched, str, Answer]]) -> list[str]:
	"""Write an outage for each (system, customer, second failure); it began with the first. Their names."""
	names = [frappe.generate_hash(length=10) for _ in opened]
	rows, evidence = [], []
	for name, (system, customer, second) in zip(names, opened, strict=True):
		assert system.failed is not None
		rows.append((*_row(name), system.instance, customer, stored(system.failed.at), "Probe"))
		evidence += [_evidence(name, 1, system.failed), _evidence(name, 2, second)]
	if rows:
		fields = (*ROW, "hosted_instance", "customer", "started_at", "found_by")
		frappe.db.bulk_insert(DOCTYPE, fields, rows)
		_add_evidence(evidence)
	return names


def close_of(closed: Mapping[str, Answer]) -> None:
	"""End each outage with the answer that came again."""
	_end({name: answer.at for name, answer in closed.items()})
	_add_evidence(_evidence(name, 3, answer) for name, answer in closed.items())


def close_unwatched(names: Iterable[str], at: datetime) -> None:
	"""End outages of systems that nobody probes any more."""
	_end(dict.fromkeys(names, at))


def note_past(instance: str, start: datetime, end: datetime, planned: bool) -> None:
	"""Write down what a person could not enter any more: maintenance that was announced and is over. For demos."""
	customer = frappe.db.get_value("Hosted Instance", instance, "customer")
	if not customer:
		raise DomainError("unknown_instance", instance=instance)
	fields = (*ROW, "hosted_instance", "customer", "started_at", "ended_at", "planned", "found_by")
	values = (instance, customer, stored(start), stored(end), int(planned), "Person")
	frappe.db.bulk_insert(DOCTYPE, fields, [(*_row(frappe.generate_hash(length=10)), *values)])


def answer_of(row: Mapping, prefix: str = "") -> Answer | None:
	"""The answer that the columns of a record hold, if they hold one."""
	at = moment_of(row[f"{prefix}at"])
	if at is None:
		return None
	outcome = Outcome(row[f"{prefix}outcome"])
	return Answer(at, outcome, row[f"{prefix}status"] or None, row[f"{prefix}milliseconds"] or 0)


def _end(moments: Mapping[str, datetime]) -> None:
	if moments:
		updates = {name: {"ended_at": stored(at)} for name, at in moments.items()}
		frappe.db.bulk_update(DOCTYPE, updates, chunk_size=CHUNK)


def _add_evidence(rows: Iterable[tuple]) -> None:
	fields = (*ROW, "parent", "parenttype", "parentfield", "idx")
	answer = ("asked_at", "outcome", "http_status", "milliseconds")
	if listed := list(rows):
		frappe.db.bulk_insert(EVIDENCE, (*fields, *answer), listed)


def _evidence(outage: str, number: int, answer: Answer) -> tuple:
	parent = (outage, DOCTYPE, "evidence", number)
	row = _row(frappe.generate_hash(length=10))
	return (*row, *parent, stored(answer.at), answer.outcome.value, answer.status or 0, answer.milliseconds)


def _row(name: str) -> tuple:
	moment, user = now(), frappe.session.user
	return name, moment, moment, user, user
