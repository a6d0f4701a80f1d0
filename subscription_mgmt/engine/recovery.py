"""What was really reached in a span of days: how much could have been lost (RPO), how long a restore took (RTO)?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from subscription_mgmt.engine.backup_due import LATE_AFTER
from subscription_mgmt.engine.backup_runs import BackupRun, BackupStatus, Trigger
from subscription_mgmt.engine.restore_runs import RestoreRun, RestoreStatus, promise_is_kept

PROVED = frozenset({BackupStatus.GOOD, BackupStatus.REMOVED})


@dataclass(frozen=True)
class Recovery:
	"""`longest_gap`: between two good backups, or a good one and an end of the span: what a loss at the worst moment
	would have cost. None: no good backup at all. `longest_restore`: None when nothing was restored."""

	due: int
	made: int
	failed: int
	missed: int
	longest_gap: timedelta | None
	restores: int
	restores_in_time: int | None
	longest_restore: timedelta | None
	last_drill: datetime | None
	last_drill_passed: bool | None


def recovery(
	backups: Sequence[BackupRun],
	restores: Sequence[RestoreRun],
	start: datetime,
	end: datetime,
	now: datetime,
	since: datetime | None = None,
) -> Recovery:
	"""Of a system, from `start` up to `end`. Runs in any order, those before `start` too: a gap may begin there.

	`since`: from when the system has existed. A span that goes on yet ends now.
	"""
	end = min(end, now)
	within = [run for run in backups if start <= run.due_at < end]
	scheduled = [run for run in within if run.trigger is Trigger.SCHEDULE]
	done = [
		run
		for run in restores
		if not run.is_drill and start <= run.requested_at < end and run.status is RestoreStatus.DONE
	]
	kept = [
		promise_is_kept(run, now) for run in restores if not run.is_drill and start <= run.requested_at < end
	]
	known = [each for each in kept if each is not None]
	drills = sorted(
		(
			run
			for run in restores
			if run.is_drill
			and run.finished_at
			and run.finished_at < end
			and run.status in (RestoreStatus.DONE, RestoreStatus.FAILED)
		),
		key=lambda run: run.finished_at or start,
	)
	return Recovery(
		due=len(scheduled),
		made=sum(run.status in PROVED or run.status is BackupStatus.SUSPICIOUS for run in scheduled),
		failed=sum(run.status is BackupStatus.FAILED for run in scheduled),
		missed=sum(run.status is BackupStatus.MISSED for run in scheduled),
		longest_gap=longest_gap(backups, max(start, since) if since else start, end),
		restores=len(done),
		restores_in_time=sum(known) if known else None,
		longest_restore=max((run.took for run in done if run.took), default=None),
		last_drill=drills[-1].finished_at if drills else None,
		last_drill_passed=drills[-1].status is RestoreStatus.DONE if drills else None,
	)


def gap_is_kept(found: timedelta | None, agreed: timedelta) -> bool:
	"""A backup may begin a while after it is due: the queue is fair, and a dump waits for its turn."""
	return found is not None and found <= agreed + LATE_AFTER


def longest_gap(backups: Sequence[BackupRun], start: datetime, end: datetime) -> timedelta | None:
	"""A backup holds the state of when it was begun. A gap that reaches into the span counts from its beginning."""
	moments = sorted(run.started_at or run.due_at for run in backups if run.status in PROVED)
	moments = [moment for moment in moments if moment < end]
	if not moments or end <= start:
		return None
	earlier = [moment for moment in moments if moment <= start][-1:]
	ends = [*(earlier or [start]), *(moment for moment in moments if moment > start), end]
	return max((after - before for before, after in pairwise(ends)), default=None)
