"""How many minutes did an agent's timer run, and was it forgotten?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from subscription_mgmt.engine.errors import DomainError

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Timer:
	"""One at a time for each agent."""

	user: str
	ticket: str
	started_at: datetime


def minutes_run(timer: Timer, now: datetime) -> int:
	"""Whole minutes, begun ones too."""
	return max(1, -((timer.started_at - now) // MINUTE))


def minutes_worked(timer: Timer, now: datetime, cap: int, said: int | None) -> int:
	"""What is recorded when the timer stops; `said`: what its agent says it was, 0 to record nothing.

	Raises DomainError `timer_forgotten` where it ran for more than `cap` minutes and nobody said how many of
	them were work, and `timer_ran_less` where more is said than it ran.
	"""
	run = minutes_run(timer, now)
	if said is None:
		if run > cap:
			raise DomainError("timer_forgotten", ticket=timer.ticket, run=run, cap=cap)
		return run
	if said < 0:
		raise DomainError("minutes_negative", minutes=said)
	if said > run:
		raise DomainError("timer_ran_less", ticket=timer.ticket, run=run, minutes=said)
	return said
