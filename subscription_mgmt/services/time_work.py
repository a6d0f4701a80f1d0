"""Time the work on a ticket: start an agent's timer, stop it, and record what it says."""

from datetime import datetime

from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.tickets import FINISHED
from subscription_mgmt.engine.timers import Timer, minutes_worked
from subscription_mgmt.services.support_ports import SupportPorts
from subscription_mgmt.services.work import Work, work


def start_timer(name: str, user: str, now: datetime, ports: SupportPorts) -> None:
	ticket = ports.tickets.get(name)
	if ticket.status in FINISHED:
		status = ticket.status.value
		raise DomainError("ticket_move_refused", ticket=name, status=status, event="worked")
	ports.timers.start(Timer(user, name, now))


def check_timer_stopped(name: str, user: str, ports: SupportPorts) -> None:
	"""Before the ticket is finished: what the agent's timer says could not be recorded afterwards."""
	timer = ports.timers.of(user)
	if timer is not None and timer.ticket == name:
		raise DomainError("timer_runs", ticket=name)


def stop_timer(
	user: str, now: datetime, ports: SupportPorts, cap: int, said: int | None = None
) -> tuple[Timer, int, Work | None]:
	"""The timer, the minutes, and what became of them (None: nothing was to be recorded).

	Refused, it runs on: a timer that was forgotten (longer than `cap` minutes) asks what was work of it.
	"""
	timer = ports.timers.of(user)
	if timer is None:
		raise DomainError("no_timer_runs")
	minutes = minutes_worked(timer, now, cap, said)
	ports.timers.stop(timer)
	return timer, minutes, work(timer.ticket, minutes, now, ports) if minutes else None
