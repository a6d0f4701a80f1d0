"""What is promised to whoever opens a ticket, and which requests does the promise cover?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

DECLINE, CREDITS = "decline", "credits"
REOPEN_DAYS = 14


class Scope(Enum):
	INCLUDED = "Included"
	EXCLUDED = "Excluded"
	BY_QUOTE = "By Quote"
	COMMUNITY = "Community"


@dataclass(frozen=True)
class CreditRules:
	"""What work costs. 1 credit is 1 minute.

	Seed es: "Los créditos mínimos por consulta son 15 créditos y por intervención 45 créditos"; above that,
	"en bloques de 15 créditos"; updates "un coste tan sólo de 120 Créditos". The customer is warned below
	`low_balance`. `expire_months`: how long a grant lasts (0: for ever, "no existe caducidad temporal").
	"""

	query: int = 15
	intervention: int = 45
	block: int = 15
	update: int = 120
	low_balance: int = 0
	expire_months: int = 0


@dataclass(frozen=True)
class SlaPolicy:
	"""Working minutes to response and resolution by severity (a severity left out: no promise).

	`warn_share`: percent of a target's working time after which somebody is told (0: nobody).
	`reopen_days`: for so long after its resolution a customer's reply opens a ticket again.
	`hour_cap`: minutes of work included in 12 months (None: unlimited). `beyond_cap`: DECLINE or CREDITS.
	`channels`: those tickets are accepted by (empty: all). `calendar` None: always open; `channel_calendars`: of
	channels with hours of their own (seed uk: "en algunos casos, el soporte telefónico se brinda 24/7/365").
	`languages`: in which help is given, by code. `daily_answer`: every ticket gets an answer each working day.
	"""

	name: str
	calendar: str | None = None
	response: Mapping[int, int] = field(default_factory=dict)
	resolution: Mapping[int, int] = field(default_factory=dict)
	hour_cap: int | None = None
	beyond_cap: str = DECLINE
	channels: tuple[str, ...] = ()
	channel_calendars: Mapping[str, str] = field(default_factory=dict)
	languages: tuple[str, ...] = ()
	daily_answer: bool = False
	credits: CreditRules | None = None
	warn_share: int = 0
	reopen_days: int = REOPEN_DAYS

	def calendar_for(self, channel: str) -> str | None:
		return self.channel_calendars.get(channel, self.calendar)

	@property
	def rules(self) -> CreditRules:
		"""Also those by which work beyond the cap is charged."""
		return self.credits or CreditRules()


@dataclass(frozen=True)
class Topic:
	"""What a request is about. `offer`: the pack offered where it is not included; `item`: what is quoted where no
	pack is; `flat_credits` 0: by time."""

	name: str
	scope: Scope = Scope.INCLUDED
	reason: str | None = None
	offer: str | None = None
	flat_credits: int = 0
	item: str | None = None
