"""How much of a month could a system be reached? 1 − unplanned outage / month, announced maintenance left out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from decimal import ROUND_HALF_UP, Decimal

from subscription_mgmt.engine.periods import add_months

Span = tuple[datetime, datetime]
NO_TIME = timedelta(0)


@dataclass(frozen=True)
class Outage:
	"""From `start` up to `end` nobody could reach the system."""

	start: datetime
	end: datetime
	planned: bool = False


def availability(outages: Iterable[Outage], month: date, zone: tzinfo) -> Decimal:
	"""Percent of the calendar month that contains `month`, in the zone's real hours, to two decimals.

	Outages that overlap count once; one that goes on into the next month counts in each for its part.
	"""
	first = month.replace(day=1)
	span = _midnight(first, zone), _midnight(add_months(first, 1), zone)
	known = list(outages)
	unplanned = _within(_joined(each for each in known if not each.planned), span)
	planned = _within(_joined(each for each in known if each.planned), span)
	down = _length(unplanned) - sum((_length(_within(planned, each)) for each in unplanned), NO_TIME)
	percent = 100 * (
		1 - Decimal(down // timedelta(seconds=1)) / Decimal((span[1] - span[0]) // timedelta(seconds=1))
	)
	return percent.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def _midnight(day: date, zone: tzinfo) -> datetime:
	return datetime.combine(day, time.min, zone).astimezone(timezone.utc)


def _joined(outages: Iterable[Outage]) -> list[Span]:
	"""As spans that neither touch nor overlap, in UTC."""
	joined: list[Span] = []
	for start, end in sorted(
		(each.start.astimezone(timezone.utc), each.end.astimezone(timezone.utc)) for each in outages
	):
		if joined and start <= joined[-1][1]:
			joined[-1] = joined[-1][0], max(end, joined[-1][1])
		else:
			joined.append((start, end))
	return joined


def _within(spans: Sequence[Span], bounds: Span) -> list[Span]:
	cut = ((max(start, bounds[0]), min(end, bounds[1])) for start, end in spans)
	return [(start, end) for start, end in cut if start < end]


def _length(spans: Iterable[Span]) -> timedelta:
	return sum((end - start for start, end in spans), NO_TIME)
