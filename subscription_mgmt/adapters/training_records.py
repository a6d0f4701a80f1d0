"""How does a Training Session record become what the engine knows, and back?"""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from zoneinfo import ZoneInfo

import frappe
from frappe.model.document import Document
from frappe.utils import get_system_timezone

from subscription_mgmt.adapters.moments import moment_of, stored
from subscription_mgmt.adapters.promise_records import calendar_of
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.training import REMINDED_BEFORE, Session, SessionStatus, Taken
from subscription_mgmt.engine.working_time import WorkingTime

DOCTYPE, SLOT = "Training Session", "Training Slot"
COLUMNS = ("status", "starts_at", "ends_at", "reminded_at", "link_sent_at", "sequence")


class TrainingRecords:
	"""Implements `offer_ports.Trainings` on Training Session."""

	def __init__(self) -> None:
		self._clock: WorkingTime | None = None

	def get(self, name: str) -> Session:
		try:
			return _session(frappe.get_doc(DOCTYPE, name, for_update=True))
		except frappe.DoesNotExistError:
			frappe.clear_last_message()
			raise DomainError("unknown_session", session=name) from None

	def of_source(self, source: str) -> Sequence[Session]:
		"""With the charge's row as the lock: two that settle its invoice at once grant it once."""
		frappe.db.get_value("Contract Charge", {"charge_key": source}, "name", for_update=True)
		session = frappe.qb.DocType(DOCTYPE)
		query = frappe.qb.from_(session).select(session.name).where(session.source == source)
		return [self.get(name) for (name,) in query.orderby(session.number).for_update().run()]

	def add(self, session: Session) -> str:
		record = frappe.get_doc(
			{
				"doctype": DOCTYPE,
				"customer": session.customer,
				"contract": session.contract,
				"pack": session.pack,
				"source": session.source,
				"number": session.number,
				"minutes": session.minutes,
			}
		)
		return record.insert(ignore_permissions=True).name

	def save(self, before: Session, after: Session) -> None:
		changed = {
			column: _column(getattr(after, column))
			for column in COLUMNS
			if getattr(after, column) != getattr(before, column)
		}
		if changed:
			frappe.db.set_value(DOCTYPE, after.name, changed)
		if after.slots != before.slots:
			_replace_slots(after)

	def taken(self, session: Session, now: datetime) -> Sequence[Taken]:
		"""With the calendar's row as the lock of all bookings; what another booked meanwhile is seen, too."""
		frappe.db.get_value("Service Calendar", _calendar(), "name", for_update=True)
		other = frappe.qb.DocType(DOCTYPE)
		has_no_trainer = other.trainer.isnull() | (other.trainer == "")
		rows = (
			frappe.qb.from_(other)
			.select(other.starts_at, other.ends_at)
			.where((other.status == SessionStatus.BOOKED.value) & (other.ends_at > stored(now)))
			.where(other.name != session.name)
			.where((other.trainer == session.trainer) if session.trainer else has_no_trainer)
			.for_update()
			.run()
		)
		return [
			(start, end)
			for starts_at, ends_at in rows
			if (start := moment_of(starts_at)) and (end := moment_of(ends_at))
		]

	def clock(self) -> WorkingTime:
		self._clock = self._clock or WorkingTime(calendar_of(_calendar()))
		return self._clock

	def zone(self) -> ZoneInfo:
		return training_zone()


def training_zone() -> ZoneInfo:
	"""That of the training calendar; the site's own where none is named any more."""
	calendar = frappe.get_cached_doc("Subscription Mgmt Settings").training_calendar
	zone = frappe.get_cached_value("Service Calendar", calendar, "time_zone") if calendar else None
	return ZoneInfo(zone or get_system_timezone())


def sessions_to_tell_of(now: datetime) -> list[str]:
	"""Booked ones that begin within a day and of which something may be told still."""
	soon = {
		"status": SessionStatus.BOOKED.value,
		"starts_at": ["<=", stored(now + REMINDED_BEFORE)],
		"ends_at": [">", stored(now)],
	}
	rows = frappe.get_all(DOCTYPE, soon, ["name", "reminded_at", "link_sent_at"], limit=0)
	return [row.name for row in rows if not (row.reminded_at and row.link_sent_at)]


def _calendar() -> str:
	calendar = frappe.get_cached_doc("Subscription Mgmt Settings").training_calendar
	if not calendar:
		raise DomainError("no_training_calendar")
	return calendar


def _replace_slots(session: Session) -> None:
	place = {"parent": session.name, "parenttype": DOCTYPE, "parentfield": "slots"}
	frappe.db.delete(SLOT, place)
	for number, slot in enumerate(session.slots, 1):
		row = {"doctype": SLOT, **place, "idx": number, "starts_at": stored(slot)}
		frappe.get_doc(row).db_insert()


def _session(record: Document) -> Session:
	return Session(
		name=record.name,
		customer=record.customer,
		pack=record.pack,
		minutes=record.minutes,
		status=SessionStatus(record.status),
		contract=record.contract or None,
		source=record.source or None,
		number=record.number or 1,
		trainer=record.trainer or None,
		slots=tuple(moment for row in record.slots if (moment := moment_of(row.starts_at))),
		starts_at=moment_of(record.starts_at),
		link=record.conference_link or None,
		reminded_at=moment_of(record.reminded_at),
		link_sent_at=moment_of(record.link_sent_at),
		sequence=record.sequence or 0,
	)


def _column(value: object) -> object:
	if isinstance(value, Enum):
		return value.value
	return stored(value) if isinstance(value, datetime) else value
