"""Where do quotations, credentials and trainings live when there is no site? In dictionaries: for tests."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.quoting import Proposal
from subscription_mgmt.engine.training import Session, SessionStatus, Taken
from subscription_mgmt.engine.working_time import WorkingTime


class MemoryQuotes:
	def __init__(self, success_pack: str | None = None) -> None:
		self.all: dict[str, Proposal] = {}
		self._success_pack = success_pack

	def of(self, ticket: str) -> str | None:
		return f"Q-{ticket}" if ticket in self.all else None

	def success_pack(self) -> str | None:
		return self._success_pack

	def draft(self, proposal: Proposal, today: date) -> str:
		self.all[proposal.ticket] = proposal
		return f"Q-{proposal.ticket}"


class MemoryTrainings:
	def __init__(self, clock: WorkingTime) -> None:
		self.all: dict[str, Session] = {}
		self._clock = clock

	def get(self, name: str) -> Session:
		if name not in self.all:
			raise DomainError("unknown_session", session=name)
		return self.all[name]

	def of_source(self, source: str) -> Sequence[Session]:
		found = (session for session in self.all.values() if session.source == source)
		return sorted(found, key=lambda session: session.number)

	def add(self, session: Session) -> str:
		name = f"TRN-{len(self.all) + 1}"
		self.all[name] = replace(session, name=name)
		return name

	def save(self, before: Session, after: Session) -> None:
		self.all[after.name] = after

	def taken(self, session: Session, now: datetime) -> Sequence[Taken]:
		return [
			(other.starts_at, other.ends_at)
			for other in self.all.values()
			if other.name != session.name
			and other.trainer == session.trainer
			and other.status is SessionStatus.BOOKED
			and other.starts_at
			and other.ends_at
			and other.ends_at > now
		]

	def clock(self) -> WorkingTime:
		return self._clock

	def zone(self) -> ZoneInfo:
		return ZoneInfo(self._clock.calendar.zone)


class MemoryTrainingNews:
	def __init__(self) -> None:
		self.told: list[tuple[str, str]] = []

	def tell(self, session: Session, kind: str) -> None:
		self.told.append((session.name, kind))
