"""What is one backup, and which steps does it go through until it counts?"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.systems import Fingerprint, checked_site


class BackupStatus(Enum):
	QUEUED = "Queued"
	DUMPING = "Dumping"
	VERIFYING = "Verifying"
	COPYING = "Copying"
	READING_BACK = "Reading Back"
	GOOD = "Good"
	SUSPICIOUS = "Suspicious"
	FAILED = "Failed"
	MISSED = "Missed"
	REMOVED = "Removed"


BACKUP_MOVES: dict[tuple[BackupStatus, str], BackupStatus] = {
	(BackupStatus.QUEUED, "started"): BackupStatus.DUMPING,
	(BackupStatus.DUMPING, "dumped"): BackupStatus.VERIFYING,
	(BackupStatus.VERIFYING, "verified"): BackupStatus.COPYING,
	(BackupStatus.COPYING, "copied"): BackupStatus.READING_BACK,
	(BackupStatus.READING_BACK, "differs"): BackupStatus.COPYING,
	(BackupStatus.READING_BACK, "proved"): BackupStatus.GOOD,
	(BackupStatus.READING_BACK, "small"): BackupStatus.SUSPICIOUS,
	(BackupStatus.SUSPICIOUS, "approved"): BackupStatus.GOOD,
	(BackupStatus.QUEUED, "failed"): BackupStatus.FAILED,
	(BackupStatus.DUMPING, "failed"): BackupStatus.FAILED,
	(BackupStatus.VERIFYING, "failed"): BackupStatus.FAILED,
	(BackupStatus.COPYING, "failed"): BackupStatus.FAILED,
	(BackupStatus.READING_BACK, "failed"): BackupStatus.FAILED,
	(BackupStatus.GOOD, "removed"): BackupStatus.REMOVED,
	(BackupStatus.SUSPICIOUS, "removed"): BackupStatus.REMOVED,
}

WORKING = frozenset(
	{
		BackupStatus.QUEUED,
		BackupStatus.DUMPING,
		BackupStatus.VERIFYING,
		BackupStatus.COPYING,
		BackupStatus.READING_BACK,
	}
)
STORED = frozenset({BackupStatus.GOOD, BackupStatus.SUSPICIOUS})


class Trigger(Enum):
	SCHEDULE = "Schedule"
	MANUAL = "Manual"
	REQUEST = "Request"
	BEFORE_UPDATE = "Before Update"
	BEFORE_RESTORE = "Before Restore"
	FINAL = "Final"


MOST_TRIES = 3


@dataclass(frozen=True)
class StoredFile:
	"""One file of a backup. `path`: on its server; `size` and `sha256`: of the plain content; `key`,
	`stored_size` and `stored_sha256`: of what lies in the second place, encrypted or not."""

	kind: str
	path: str
	size: int
	sha256: str = ""
	key: str = ""
	stored_size: int = 0
	stored_sha256: str = ""


@dataclass(frozen=True)
class BackupRun:
	"""`before` and `after`: the system's fingerprint right before and after its dump (None: it gives none).

	`store`: the second place; `encryption`: name of the key, None for none. `tries`: of the step it is at.
	`retry_at`: not before then. `on_server`: whether the server keeps its copy still.
	"""

	name: str
	instance: str
	trigger: Trigger
	status: BackupStatus
	due_at: datetime
	policy: str | None = None
	store: str | None = None
	encryption: str | None = None
	started_at: datetime | None = None
	finished_at: datetime | None = None
	before: Fingerprint | None = None
	after: Fingerprint | None = None
	files: tuple[StoredFile, ...] = ()
	held: bool = False
	tries: int = 0
	retry_at: datetime | None = None
	on_server: bool = False
	verdict: str = ""
	figures: Mapping[str, object] | None = None

	@property
	def size(self) -> int:
		return sum(each.size for each in self.files)


def moved_backup(run: BackupRun, event: str) -> BackupRun:
	"""The run after the event, at the first try of its next step. Raises DomainError `backup_move_refused`."""
	after = BACKUP_MOVES.get((run.status, event))
	if after is None:
		raise DomainError("backup_move_refused", run=run.name, status=run.status.value, event=event)
	moved = replace(run, status=after, tries=0, retry_at=None)
	if event in ("failed", "removed"):
		# Fingerprints are long, and there is nothing more to compare with them.
		return replace(moved, before=None, after=None)
	return replace(moved, verdict="", figures=None)


def after_failure(
	run: BackupRun, now: datetime, verdict: str, final: bool, figures: Mapping[str, object]
) -> BackupRun:
	"""Another try of the step, each time a longer while later; Failed when it cannot help or helped too seldom."""
	tries = run.tries + 1
	said = replace(run, verdict=verdict, figures=figures)
	if final or tries >= MOST_TRIES:
		return replace(moved_backup(said, "failed"), finished_at=now)
	return replace(said, tries=tries, retry_at=now + timedelta(minutes=2**tries))


def key_of(run: BackupRun, path: str) -> str:
	"""Under which key a file of the run lies in the second place: by system, run and the file's own name."""
	suffix = ".age" if run.encryption else ""
	return f"{checked_site(run.instance)}/{run.name}/{path.rpartition('/')[2]}{suffix}"
