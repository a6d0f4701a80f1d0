"""When can a training take place, what becomes of it, and what is its customer told when?"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.working_time import WorkingTime

SLOTS = 6
LEAD_MINUTES = 16 * 60  # of working time between a proposal and its first slot: two days or so
HORIZON = timedelta(days=60)
STEP = timedelta(minutes=30)
LENGTH = 60  # minutes of a session whose pack does not say
REMINDED_BEFORE = timedelta(hours=24)


class SessionStatus(Enum):
	TO_PROPOSE = "To Propose"
	PROPOSED = "Proposed"
	BOOKED = "Booked"
	DONE = "Done"
	NO_SHOW = "No Show"
	CANCELLED = "Cancelled"


# Proposed again: another day is wanted, or the vendor gives a customer who did not come another chance.
SESSION_MOVES: dict[tuple[SessionStatus, str], SessionStatus] = {
	(SessionStatus.TO_PROPOSE, "proposed"): SessionStatus.PROPOSED,
	(SessionStatus.PROPOSED, "proposed"): SessionStatus.PROPOSED,
	(SessionStatus.BOOKED, "proposed"): SessionStatus.PROPOSED,
	(SessionStatus.NO_SHOW, "proposed"): SessionStatus.PROPOSED,
	(SessionStatus.PROPOSED, "chosen"): SessionStatus.BOOKED,
	(SessionStatus.BOOKED, "held"): SessionStatus.DONE,
	(SessionStatus.BOOKED, "missed"): SessionStatus.NO_SHOW,
	(SessionStatus.TO_PROPOSE, "cancelled"): SessionStatus.CANCELLED,
	(SessionStatus.PROPOSED, "cancelled"): SessionStatus.CANCELLED,
	(SessionStatus.BOOKED, "cancelled"): SessionStatus.CANCELLED,
	(SessionStatus.CANCELLED, "granted"): SessionStatus.TO_PROPOSE,
}
STILL_TO_COME = frozenset({SessionStatus.TO_PROPOSE, SessionStatus.PROPOSED, SessionStatus.BOOKED})


@dataclass(frozen=True)
class Session:
	"""One training of a pack that was paid. Moments are aware.

	`source`: the charge it was bought by; `number`: which of its sessions. `sequence` counts the invitations
	sent, so that a calendar knows the newest.
	"""

	name: str
	customer: str
	pack: str
	minutes: int
	status: SessionStatus = SessionStatus.TO_PROPOSE
	contract: str | None = None
	source: str | None = None
	number: int = 1
	trainer: str | None = None
	slots: tuple[datetime, ...] = ()
	starts_at: datetime | None = None
	link: str | None = None
	reminded_at: datetime | None = None
	link_sent_at: datetime | None = None
	sequence: int = 0

	@property
	def ends_at(self) -> datetime | None:
		return self.starts_at + timedelta(minutes=self.minutes) if self.starts_at else None

	def moved(self, event: str) -> "Session":
		"""Raises DomainError `session_move_refused`."""
		after = SESSION_MOVES.get((self.status, event))
		if after is None:
			raise DomainError(
				"session_move_refused", session=self.name, status=self.status.value, event=event
			)
		return replace(self, status=after)


Taken = tuple[datetime, datetime]


def free_slots(
	clock: WorkingTime, now: datetime, minutes: int, taken: Sequence[Taken], count: int = SLOTS
) -> tuple[datetime, ...]:
	"""The first free start in each of the next windows of the calendar, where the whole session fits in.

	Raises DomainError `no_slot_fits`.
	"""
	earliest = clock.add(now, LEAD_MINUTES)
	found: list[datetime] = []
	for stretch in clock.stretches(earliest, earliest + HORIZON):
		if stretch.start == earliest:
			continue  # begun already: the next window starts on the hour
		slot = next(_fitting(stretch.start, stretch.end, timedelta(minutes=minutes), taken), None)
		if slot is not None:
			found.append(slot)
		if len(found) == count:
			break
	if not found:
		raise DomainError("no_slot_fits", calendar=clock.calendar.name, minutes=minutes)
	return tuple(found)


def _fitting(start: datetime, end: datetime, length: timedelta, taken: Iterable[Taken]) -> Iterator[datetime]:
	while start + length <= end:
		if not overlaps(start, start + length, taken):
			yield start
		start += STEP


def overlaps(start: datetime, end: datetime, taken: Iterable[Taken]) -> bool:
	return any(start < other_end and other_start < end for other_start, other_end in taken)


def proposed(session: Session, slots: tuple[datetime, ...]) -> Session:
	"""What was booked before is free again."""
	after = session.moved("proposed")
	return replace(after, slots=slots, starts_at=None, reminded_at=None, link_sent_at=None)


def chosen(session: Session, slot: datetime, now: datetime, taken: Sequence[Taken]) -> Session:
	"""Raises DomainError: `slot_not_offered`, `slot_taken` where another was quicker, or it is past."""
	after = session.moved("chosen")
	if slot not in session.slots:
		raise DomainError("slot_not_offered", session=session.name)
	end = slot + timedelta(minutes=session.minutes)
	if slot <= now or overlaps(slot, end, taken):
		raise DomainError("slot_taken", session=session.name)
	return replace(after, starts_at=slot, sequence=session.sequence + 1)


def held(session: Session, now: datetime) -> Session:
	return _over(session, "held", now)


def missed(session: Session, now: datetime) -> Session:
	"""The customer did not come."""
	return _over(session, "missed", now)


def _over(session: Session, event: str, now: datetime) -> Session:
	after = session.moved(event)
	if session.starts_at is None or session.starts_at > now:
		raise DomainError("session_to_come", session=session.name)
	return after


def cancelled(session: Session) -> Session:
	after = session.moved("cancelled")
	return replace(after, sequence=session.sequence + (1 if session.starts_at else 0))


def due_news(session: Session, now: datetime, zone: ZoneInfo) -> list[str]:
	"""Of "reminder" and "link", what is to be told now; each once.

	Seed fr: "Un lien vous sera donc envoyé pour la connexion via web conférence, le jour du rendez-vous".
	"""
	if session.status is not SessionStatus.BOOKED or session.starts_at is None or session.ends_at is None:
		return []
	if session.ends_at <= now:
		return []
	news = []
	is_its_day = now.astimezone(zone).date() >= session.starts_at.astimezone(zone).date()
	if session.reminded_at is None and not is_its_day and session.starts_at - now <= REMINDED_BEFORE:
		news.append("reminder")
	if session.link_sent_at is None and session.link and is_its_day:
		news.append("link")
	return news
