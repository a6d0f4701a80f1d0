"""How much working time is left until a ticket's deadlines, and when does that begin or cease to run?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from subscription_mgmt.engine.tickets import FINISHED, RESOLUTION, RESPONSE, RUNNING, Ticket
from subscription_mgmt.engine.working_time import WorkingTime

LOOK_AHEAD = timedelta(days=1)


@dataclass(frozen=True)
class Countdown:
	"""`seconds` of working time are left (negative: so much has passed since), as of the moment asked at.

	While it `runs` they pass with the clock on the wall until `changes_at`, the end of the window; else
	nothing passes until then. None: until somebody does something.
	"""

	target: str
	due: datetime
	seconds: int
	runs: bool
	changes_at: datetime | None


def countdowns(ticket: Ticket, clock: WorkingTime, now: datetime) -> list[Countdown]:
	"""Of the targets that are not reached yet, missed or not; the earliest deadline first."""
	if ticket.status in FINISHED:
		return []
	due = [(RESPONSE, ticket.respond_by)] if not ticket.responded_at else []
	targets = [(target, moment) for target, moment in [*due, (RESOLUTION, ticket.resolve_by)] if moment]
	stands_at = now if ticket.status in RUNNING else ticket.paused_since or now
	runs = ticket.status in RUNNING and clock.is_working(now)
	changes_at = _changes_at(clock, now, runs) if ticket.status in RUNNING else None
	return [
		Countdown(target, moment, _seconds(clock, stands_at, moment), runs, changes_at)
		for target, moment in sorted(targets, key=lambda found: found[1])
	]


def _seconds(clock: WorkingTime, now: datetime, due: datetime) -> int:
	left = clock.between(now, due) if due >= now else -clock.between(due, now)
	return round(left * 60)


def _changes_at(clock: WorkingTime, now: datetime, runs: bool) -> datetime:
	if not runs:
		return clock.resumes_at(now)
	return next(iter(clock.stretches(now, now + LOOK_AHEAD))).end
