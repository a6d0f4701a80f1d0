"""Which backup of a system is due now, which ones were missed, and which may be removed?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo

from subscription_mgmt.engine.backup_runs import STORED, BackupRun, BackupStatus
from subscription_mgmt.engine.backup_schedule import BackupPolicy, runs_between

TICK = timedelta(microseconds=1)
LATE_AFTER = timedelta(hours=1)
LATE, DRILL_FAILED, RESTORE_FAILED = "Late", "Drill Failed", "Restore Failed"
# What the next good backup proves wrong.
BACKUP_ALERTS = (
	BackupStatus.FAILED.value,
	BackupStatus.SUSPICIOUS.value,
	BackupStatus.MISSED.value,
	LATE,
)


@dataclass(frozen=True)
class Due:
	"""`now`: the run to make at once, by the moment it was due. `missed`: earlier ones that nobody made."""

	now: datetime | None = None
	missed: tuple[datetime, ...] = ()


def due_backup(
	policy: BackupPolicy, zone: tzinfo, first: datetime, last: datetime | None, now: datetime
) -> Due:
	"""`last`: the newest moment that was seen to, made or missed; a system that never had one gets its first now.

	After an outage of the scheduler one backup heals it: twenty of the same state would prove nothing more.
	"""
	if last is None:
		return Due(now)
	moments = list(runs_between(policy, zone, first, last + TICK, now + TICK))
	moments = [moment.astimezone(timezone.utc) for moment in moments]
	return Due(moments[-1], tuple(moments[:-1])) if moments else Due()


def last_good(runs: Sequence[BackupRun]) -> BackupRun | None:
	"""`runs`: newest first."""
	return next((run for run in runs if run.status is BackupStatus.GOOD), None)


def removable(runs: Sequence[BackupRun], kept_moments: set[datetime]) -> list[BackupRun]:
	"""The stored runs that no rule keeps. A suspicious one is kept until a good one newer than it exists."""
	newest_good = last_good(runs)
	if newest_good is None:
		return []
	return [
		run
		for run in runs
		if run.status in STORED
		and not run.held
		and run is not newest_good
		and run.due_at not in kept_moments
		and run.due_at < newest_good.due_at
	]
