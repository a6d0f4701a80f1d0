"""What do offers, interventions and trainings need from the outside? Two implementations of each, as of `ports.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from subscription_mgmt.engine.quoting import Proposal
from subscription_mgmt.engine.training import Session, Taken
from subscription_mgmt.engine.working_time import WorkingTime
from subscription_mgmt.services.support_ports import SupportPorts


class Quotes(Protocol):
	def of(self, ticket: str) -> str | None:
		"""The quotation made for the ticket, if one was."""

	def success_pack(self) -> str | None:
		"""The pack offered where nothing more fitting is named."""

	def draft(self, proposal: Proposal, today: date) -> str:
		"""Make a quotation that a person looks at before it is sent; its name."""


class Trainings(Protocol):
	def get(self, name: str) -> Session:
		"""Locked until the caller commits. Raises DomainError `unknown_session`."""

	def of_source(self, source: str) -> Sequence[Session]:
		"""By number."""

	def add(self, session: Session) -> str:
		"""Its name."""

	def save(self, before: Session, after: Session) -> None: ...

	def taken(self, session: Session, now: datetime) -> Sequence[Taken]:
		"""When the session's trainer has others from now on; nobody else books meanwhile, until the caller commits."""

	def clock(self) -> WorkingTime:
		"""The hours of trainings. Raises DomainError `no_training_calendar`."""

	def zone(self) -> ZoneInfo: ...


class TrainingNews(Protocol):
	def tell(self, session: Session, kind: str) -> None:
		"""The customer; `kind`: proposed, booked, reminder, link, missed or cancelled."""


@dataclass(frozen=True)
class OfferPorts:
	support: SupportPorts
	quotes: Quotes
	trainings: Trainings
	training_news: TrainingNews
