"""Which contracts have a system that is to be measured today, and what became of it? One Meter Reading a day."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256

import frappe
from frappe.utils import now
from pypika.functions import Max

from subscription_mgmt.adapters.moments import moment_of, stored
from subscription_mgmt.engine.contracts import RUNNING
from subscription_mgmt.engine.systems import Reading

DOCTYPE = "Meter Reading"
DONE, FAILED, MISSED = "Done", "Failed", "Missed"


@dataclass(frozen=True)
class Due:
	"""A contract whose system is to be measured on `day`, its own. `last_day` and `since`: of the last time it was;
	`begins`: its first day."""

	contract: str
	customer: str
	instance: str
	time_zone: str | None
	begins: date
	last_day: date | None = None
	since: datetime | None = None


def measurable(names: Sequence[str] | None = None) -> list[Due]:
	"""Every running contract, or those named, whose instance some machine can be asked about, with the last day that
	was done. Two queries, however many."""
	contract, instance = frappe.qb.DocType("Subscription Contract"), frappe.qb.DocType("Hosted Instance")
	asked = (
		frappe.qb.from_(contract)
		.join(instance)
		.on(instance.name == contract.instance)
		.select(
			contract.name,
			contract.customer,
			contract.instance,
			contract.time_zone,
			contract.start_date,
		)
		.where(contract.status.isin([status.value for status in RUNNING]))
		.where(instance.hosting_server.isnotnull() & (instance.hosting_server != ""))
		.where(instance.provider != "Manual")
		.orderby(contract.name)
	)
	if names is not None:
		asked = asked.where(contract.name.isin(names))
	rows = asked.run(as_dict=True)
	last = _last_done([row.name for row in rows])
	return [
		Due(
			row.name,
			row.customer,
			row.instance,
			row.time_zone,
			row.start_date,
			*last.get(row.name, (None, None)),
		)
		for row in rows
	]


def note_done(due: Due, day: date, at: datetime, readings: Sequence[Reading], problem: str) -> None:
	figures = json.dumps([asdict(reading) for reading in readings], ensure_ascii=False)
	_note(due, day, DONE, measured_at=stored(at), figures=figures, problem=problem)


def note_failed(due: Due, day: date, problem: str) -> tuple[str, int]:
	"""The record's name, and how often it was tried on that day."""
	_note(due, day, FAILED, problem=problem)
	name = _name(due.contract, day)
	return name, frappe.db.get_value(DOCTYPE, name, "tries")


def note_missed(due: Due, days: Iterable[date]) -> None:
	"""Days on which it failed keep saying why."""
	for day in days:
		if not frappe.db.exists(DOCTYPE, _name(due.contract, day)):
			_note(due, day, MISSED)


def _note(due: Due, day: date, status: str, **values: object) -> None:
	"""Past the controller, which lets nobody write."""
	name = _name(due.contract, day)
	tries = frappe.db.get_value(DOCTYPE, name, "tries")
	if tries is not None:
		frappe.db.set_value(DOCTYPE, name, {"status": status, "tries": tries + 1, **values})
		return
	moment, user = now(), frappe.session.user
	row = {
		"name": name,
		"creation": moment,
		"modified": moment,
		"owner": user,
		"modified_by": user,
		"subscription_contract": due.contract,
		"customer": due.customer,
		"instance": due.instance,
		"day": day,
		"status": status,
		"tries": 0 if status == MISSED else 1,
		**values,
	}
	frappe.db.bulk_insert(DOCTYPE, list(row), [tuple(row.values())])


def _last_done(names: Sequence[str]) -> dict[str, tuple[date, datetime]]:
	if not names:
		return {}
	reading = frappe.qb.DocType(DOCTYPE)
	rows = (
		frappe.qb.from_(reading)
		.select(reading.subscription_contract, Max(reading.day), Max(reading.measured_at))
		.where((reading.status == DONE) & reading.subscription_contract.isin(names))
		.groupby(reading.subscription_contract)
		.run()
	)
	return {name: (day, moment_of(at)) for name, day, at in rows}


def _name(contract: str, day: date) -> str:
	return sha256(f"{contract}\n{day}".encode()).hexdigest()[:20]
