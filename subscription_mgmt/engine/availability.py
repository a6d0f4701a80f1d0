"""How much of a month could a system be reached? 1 − unplanned outage / month, announced maintenance left out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from decimal import ROUND_HALF_UP, Decimal

from subscription_mgmt.engine.periods import add_months

Span = tuple[datetime, datetime]
NO_TIME = timedelta(0)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Outage:
	"""From `start` up to `end` nobody could reach the system."""

	start: datetime
	end: datetime
	planned: bool = False


@dataclass(frozen=True)
class Month:
	"""What is known of a system's month. `down`: unplanned and not within maintenance; `unseen`: neither that nor
	looked at, so nobody knows."""

	length: timedelta
	down: timedelta
	planned: timedelta
	unseen: timedelta = NO_TIME

	@property
	def percent(self) -> Decimal:
		"""To two decimals."""
		share = 100 * (1 - Decimal(self.down // SECOND) / Decimal(self.length // SECOND))
		return share.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)

	def keeps(self, promise: Decimal) -> bool | None:
		"""Whether the month kept a promise of so many percent, counted in seconds; None: not proven, because it may
		have been broken while nobody looked."""
		allowed = Decimal(self.length // SECOND) * (100 - promise) / 100
		if Decimal(self.down // SECOND) > allowed:
			return False
		return True if Decimal((self.down + self.unseen) // SECOND) <= allowed else None


def availability(outages: Iterable[Outage], month: date, zone: tzinfo) -> Decimal:
	"""Percent of the calendar month that contains `month`, in the zone's real hours, to two decimals."""
	return month_of(outages, (), month, zone).percent


def month_of(outages: Iterable[Outage], unseen: Iterable[Span], month: date, zone: tzinfo) -> Month:
	"""The calendar month that contains `month`.

	Outages that overlap count once; one that goes on into the next month counts in each for its part.
	"""
	span = bounds(month, zone)
	known = list(outages)
	planned = _within(_joined((each.start, each.end) for each in known if each.planned), span)
	unplanned = _within(_joined((each.start, each.end) for each in known if not each.planned), span)
	explained = _joined((*planned, *unplanned))
	return Month(
		length=span[1] - span[0],
		down=_without(unplanned, planned),
		planned=_length(planned),
		unseen=_without(_within(_joined(unseen), span), explained),
	)


def bounds(month: date, zone: tzinfo) -> Span:
	"""The first moment of the calendar month and that of the next one, in UTC."""
	first = month.replace(day=1)
	return _midnight(first, zone), _midnight(add_months(first, 1), zone)


def _midnight(day: date, zone: tzinfo) -> datetime:
	return datetime.combine(day, time.min, zone).astimezone(timezone.utc)


def _joined(spans: Iterable[Span]) -> list[Span]:
	"""As spans that neither touch nor overlap, in UTC."""
	joined: list[Span] = []
	for start, end in sorted(
		(start.astimezone(timezone.utc), end.astimezone(timezone.utc)) for start, end in spans
	):
		if joined and start <= joined[-1][1]:
			joined[-1] = joined[-1][0], max(end, joined[-1][1])
		else:
			joined.append((start, end))
	return joined


def _within(spans: Sequence[Span], limits: Span) -> list[Span]:
	cut = ((max(start, limits[0]), min(end, limits[1])) for start, end in spans)
	return [(start, end) for start, end in cut if start < end]


def _without(spans: Sequence[Span], others: Sequence[Span]) -> timedelta:
	"""How long the spans are where none of the others covers them."""
	return _length(spans) - sum((_length(_within(others, span)) for span in spans), NO_TIME)


def _length(spans: Iterable[Span]) -> timedelta:
	return sum((end - start for start, end in spans), NO_TIME)
