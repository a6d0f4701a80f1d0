"""What is to be done to a customer's system, in which order, and what becomes of it when it fails?"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum

from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.errors import DomainError


class Kind(Enum):
	PROVISION = "Provision"
	SET_ACCESS = "Set Access"
	BACK_UP = "Back Up"
	RESTORE = "Restore"
	DRILL = "Drill"
	UPDATE = "Update"
	DROP = "Drop"


class State(Enum):
	QUEUED = "Queued"
	RUNNING = "Running"
	WAITING = "Waiting"
	DONE = "Done"
	FAILED = "Failed"
	SUPERSEDED = "Superseded"


OPERATION_MOVES: dict[tuple[State, str], State] = {
	(State.QUEUED, "claimed"): State.RUNNING,
	(State.QUEUED, "superseded"): State.SUPERSEDED,
	(State.RUNNING, "done"): State.DONE,
	(State.RUNNING, "failed"): State.QUEUED,
	(State.RUNNING, "abandoned"): State.QUEUED,
	(State.RUNNING, "waits"): State.WAITING,
	(State.RUNNING, "given_up"): State.FAILED,
	(State.RUNNING, "superseded"): State.SUPERSEDED,
	(State.WAITING, "claimed"): State.RUNNING,
	(State.WAITING, "superseded"): State.SUPERSEDED,
	(State.FAILED, "tried_again"): State.QUEUED,
	(State.FAILED, "superseded"): State.SUPERSEDED,
}

TO_BE_DONE = frozenset({State.QUEUED, State.WAITING})
OPEN = TO_BE_DONE | {State.RUNNING}

LIGHT = frozenset({Kind.SET_ACCESS})

# What another try may mend, and what is gone into again later because the other side is at it.
PASSING = frozenset(
	{"provider_failed", "provider_timed_out", "system_busy", "unreadable_answer", "mode_not_in_force"}
)
LATER = frozenset({"provider_goes_on", "operation_waits"})
OUTDATED = "operation_outdated"

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 20, 40, 60))
MOST_TRIES = 8
MOST_TRIES_UNEXPLAINED = 3  # workers that died of it, or failed in a way that nobody foresaw
WAIT = timedelta(hours=1)
REDRIVE_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Operation:
	"""One thing to do to one system. `figures`: what it was ordered with, and what its steps left for the next try."""

	name: str
	instance: str
	kind: Kind
	state: State
	server: str
	ordered_at: datetime
	due_at: datetime
	mode: Mode | None = None
	tries: int = 0
	step: str = ""
	figures: Mapping[str, object] = field(default_factory=dict)


def moved(operation: Operation, event: str) -> State:
	"""Raises DomainError `operation_refused`."""
	after = OPERATION_MOVES.get((operation.state, event))
	if after is None:
		raise DomainError("operation_refused", kind=operation.kind.value, status=operation.state.value)
	return after


def is_urgent(operation: Operation) -> bool:
	"""Who paid works again within a minute."""
	return operation.kind is Kind.SET_ACCESS and operation.mode is Mode.FULL


def in_order(operations: Iterable[Operation]) -> list[Operation]:
	"""Access before anything else, Full before other modes; then who waits longest."""
	return sorted(
		operations, key=lambda each: (not is_urgent(each), each.kind not in LIGHT, each.due_at, each.name)
	)


def may_start(operation: Operation, others: Iterable[Operation]) -> bool:
	"""Whether it may begin now, `others` being what else is open or failed for the same instance.

	One at a time. Only who paid does not wait for a backup, which reads one moment and does not mind; to close a system
	ends its connections, so that does wait. Nothing begins before the system was made.
	"""
	for other in others:
		if other.name == operation.name:
			continue
		if other.kind is Kind.PROVISION and other.state in OPEN | {State.FAILED}:
			return False
		if other.state is State.RUNNING and not _is_beside(operation, other):
			return False
	return True


def _is_beside(one: Operation, other: Operation) -> bool:
	return (is_urgent(one) and other.kind is Kind.BACK_UP) or (is_urgent(other) and one.kind is Kind.BACK_UP)


def has_slot(operation: Operation, running: Sequence[Operation], slots: int, big: frozenset[str]) -> bool:
	"""Whether its server bears one more, `running` being what works there. Access always fits.

	`big`: instances that took long the last time. They get all slots but one, so that the small ones go on.
	"""
	if operation.kind in LIGHT:
		return True
	heavy = [each for each in running if each.kind not in LIGHT]
	if len(heavy) >= slots:
		return False
	if operation.instance in big and slots > 1:
		return len([each for each in heavy if each.instance in big]) < slots - 1
	return True


def superseded(newer: Operation, others: Iterable[Operation]) -> list[Operation]:
	"""Orders that a newer one makes pointless: the newest mode wins, and a system is made once. One that runs is not
	stopped."""
	if newer.kind not in (Kind.SET_ACCESS, Kind.PROVISION):
		return []
	return [
		each
		for each in others
		if each.kind is newer.kind and each.name != newer.name and each.state is not State.RUNNING
	]


def startable(
	due: Iterable[Operation], others: Iterable[Operation], slots: Mapping[str, int], big: frozenset[str]
) -> list[Operation]:
	"""What of `due` may begin now, all of it together, the most urgent first.

	`others`: what runs, and systems that are still to be made. `slots`: heavy operations that each server bears.
	"""
	begun: list[Operation] = []
	of_instance: dict[str, list[Operation]] = defaultdict(list)
	of_server: dict[str, list[Operation]] = defaultdict(list)
	for other in others:
		_count(other, of_instance, of_server)
	for operation in in_order(due):
		fits = has_slot(operation, of_server[operation.server], slots.get(operation.server, 1), big)
		if fits and may_start(operation, of_instance[operation.instance]):
			begun.append(operation)
			_count(replace(operation, state=State.RUNNING), of_instance, of_server)
	return begun


def _count(operation: Operation, of_instance: Mapping[str, list], of_server: Mapping[str, list]) -> None:
	of_instance[operation.instance].append(operation)
	if operation.state is State.RUNNING:
		of_server[operation.server].append(operation)


@dataclass(frozen=True)
class Verdict:
	"""What becomes of an operation that did not get done. `due_at` None: not again by itself."""

	event: str
	due_at: datetime | None


def judged(operation: Operation, code: str | None, now: datetime, wait: timedelta | None = None) -> Verdict:
	"""`code`: of the refusal; None when it failed in a way nobody foresaw. `wait`: as long as the other side asks."""
	if code in LATER:
		return Verdict("waits", now + (wait or WAIT))
	if code == OUTDATED:
		return Verdict("superseded", None)
	most = MOST_TRIES if code in PASSING else MOST_TRIES_UNEXPLAINED if code is None else 0
	if operation.tries >= most:
		return Verdict("given_up", None)
	return Verdict("failed", now + back_off(operation.tries))


def judged_abandoned(operation: Operation) -> str:
	"""The event for an operation whose worker is gone: workers are restarted now and then, but not so often."""
	return "given_up" if operation.tries >= MOST_TRIES else "abandoned"


def back_off(tries: int) -> timedelta:
	"""How long until the next try after `tries` of them."""
	return BACK_OFF[min(max(tries, 1), len(BACK_OFF)) - 1]
