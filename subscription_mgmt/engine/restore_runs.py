"""What is a restore, or the drill of one, which steps does it go through, and was the promise kept?"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from hashlib import sha256

from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.systems import Fingerprint, checked_site


class Purpose(Enum):
	RESTORE = "Restore"
	DRILL = "Drill"


class RestoreStatus(Enum):
	REQUESTED = "Requested"
	QUEUED = "Queued"
	CHECKING = "Checking"
	PREPARING = "Preparing"
	RESTORING = "Restoring"
	COMPARING = "Comparing"
	CLEARING = "Clearing"
	DONE = "Done"
	FAILED = "Failed"
	DECLINED = "Declined"


RESTORE_MOVES: dict[tuple[RestoreStatus, str], RestoreStatus] = {
	(RestoreStatus.REQUESTED, "approved"): RestoreStatus.QUEUED,
	(RestoreStatus.REQUESTED, "declined"): RestoreStatus.DECLINED,
	(RestoreStatus.QUEUED, "started"): RestoreStatus.CHECKING,
	(RestoreStatus.CHECKING, "sound"): RestoreStatus.PREPARING,
	(RestoreStatus.PREPARING, "prepared"): RestoreStatus.RESTORING,
	(RestoreStatus.RESTORING, "restored"): RestoreStatus.COMPARING,
	(RestoreStatus.COMPARING, "alike"): RestoreStatus.CLEARING,
	(RestoreStatus.CLEARING, "cleared"): RestoreStatus.DONE,
	(RestoreStatus.CLEARING, "caught"): RestoreStatus.FAILED,
	(RestoreStatus.QUEUED, "failed"): RestoreStatus.FAILED,
	(RestoreStatus.CHECKING, "failed"): RestoreStatus.FAILED,
	(RestoreStatus.PREPARING, "failed"): RestoreStatus.CLEARING,
	(RestoreStatus.RESTORING, "failed"): RestoreStatus.CLEARING,
	(RestoreStatus.COMPARING, "failed"): RestoreStatus.CLEARING,
}

AT_WORK = frozenset(
	{
		RestoreStatus.QUEUED,
		RestoreStatus.CHECKING,
		RestoreStatus.PREPARING,
		RestoreStatus.RESTORING,
		RestoreStatus.COMPARING,
		RestoreStatus.CLEARING,
	}
)
MOST_TRIES = 3
SCRATCH = "drill-"


@dataclass(frozen=True)
class RestoreRun:
	"""`promised`: within how long; None for no promise. `requested_at`: from when it is counted. `answered_at`: when
	the system answered again, with its data. `safety`: the backup of the state before. `figures`: of the verdict,
	which says what is wrong, and is empty when nothing is."""

	name: str
	instance: str
	purpose: Purpose
	backup: str
	status: RestoreStatus
	requested_at: datetime
	promised: timedelta | None = None
	without_safety: bool = False
	safety: str | None = None
	scratch: str | None = None
	started_at: datetime | None = None
	answered_at: datetime | None = None
	finished_at: datetime | None = None
	tries: int = 0
	retry_at: datetime | None = None
	verdict: str = ""
	figures: Mapping[str, object] | None = None

	@property
	def took(self) -> timedelta | None:
		return self.answered_at - self.requested_at if self.answered_at else None

	@property
	def is_drill(self) -> bool:
		return self.purpose is Purpose.DRILL


def moved_restore(run: RestoreRun, event: str) -> RestoreRun:
	"""The run after the event, at the first try of its next step. Raises DomainError `restore_move_refused`."""
	after = RESTORE_MOVES.get((run.status, event))
	if after is None:
		raise DomainError("restore_move_refused", run=run.name, status=run.status.value, event=event)
	moved = replace(run, status=after, tries=0, retry_at=None)
	return moved if event in ("failed", "caught") else replace(moved, verdict="", figures=None)


def after_restore_failure(
	run: RestoreRun, now: datetime, verdict: str, final: bool, figures: Mapping[str, object]
) -> RestoreRun:
	"""Another try a while later, or the end. Clearing is tried for ever: a scratch copy holds a customer's data."""
	tries = run.tries + 1
	if run.status is RestoreStatus.CLEARING:
		return replace(run, tries=tries, retry_at=now + timedelta(minutes=min(2**tries, 60)))
	said = replace(run, verdict=verdict, figures=figures)
	if final or tries >= MOST_TRIES:
		after = moved_restore(said, "failed")
		return replace(after, finished_at=now) if after.status is RestoreStatus.FAILED else after
	return replace(said, tries=tries, retry_at=now + timedelta(minutes=2**tries))


def promise_is_kept(run: RestoreRun, now: datetime) -> bool | None:
	"""None: nothing was promised, or it cannot be told yet. Seed mx: within two hours."""
	if run.promised is None or run.is_drill:
		return None
	took = run.took
	if took is not None:
		return took <= run.promised
	if run.status in (RestoreStatus.FAILED, RestoreStatus.DECLINED):
		return False if run.status is RestoreStatus.FAILED else None
	return False if now - run.requested_at > run.promised else None


def difference(
	restored: Fingerprint, before: Fingerprint, after: Fingerprint, more_is_fine: bool = False
) -> tuple[str, dict[str, object]] | None:
	"""(verdict, figures) of the first thing that a restored copy has otherwise than the system had at its backup.

	The dump was taken between two fingerprints: what people did meanwhile may or may not be in it. `more_is_fine`:
	the copy is in use already.
	"""
	for table in sorted(set(before.rows) & set(after.rows)):
		least, most = sorted((before.rows[table], after.rows[table]))
		found = restored.rows.get(table)
		if found is None:
			return "table_missing", {"table": table}
		if found < least or (found > most and not more_is_fine):
			return "rows_differ", {"table": table, "expected": most, "found": found}
	if before.newest and after.newest:
		if restored.newest is None or restored.newest < before.newest:
			return "newest_differs", {"expected": str(before.newest), "found": str(restored.newest or "-")}
		if restored.newest > after.newest and not more_is_fine:
			return "newest_differs", {"expected": str(after.newest), "found": str(restored.newest)}
	return None


def scratch_site(run: str, instance: str) -> str:
	"""The name of a drill's system, under the domain of the one it copies: `drill-3f9c….example`."""
	mark = sha256(f"{run}:{instance}".encode()).hexdigest()[:12]
	return checked_site(f"{SCRATCH}{mark}.{instance.rpartition('.')[2]}")


def is_scratch(site: str) -> bool:
	head = site.partition(".")[0]
	return head.startswith(SCRATCH) and len(head) == len(SCRATCH) + 12


def drill_is_due(every_days: int, last: datetime | None, now: datetime) -> bool:
	"""`last`: when the last drill of the system was asked for."""
	return every_days > 0 and (last is None or now - last >= timedelta(days=every_days))
