"""Which backups are kept? The newest good one of each of the last days, weeks and months; always the last good one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from subscription_mgmt.engine.backup_schedule import BackupPolicy


@dataclass(frozen=True, order=True)
class Backup:
	"""`at`: local time of the system. `held`: a legal hold keeps it whatever its age."""

	at: datetime
	good: bool = True
	held: bool = False


def kept(backups: Iterable[Backup], policy: BackupPolicy) -> list[Backup]:
	"""The backups to keep, oldest first; all others may be removed.

	Days, weeks and months without a good backup do not count, so that an outage never wears the good ones out.
	"""
	everything = sorted(backups, key=lambda backup: backup.at)
	newest_first = [backup for backup in reversed(everything) if backup.good]
	keep = {backup for backup in everything if backup.held} | set(newest_first[:1])
	keep |= _newest_of(newest_first, policy.keep_daily, lambda backup: backup.at.date())
	keep |= _newest_of(newest_first, policy.keep_weekly, lambda backup: backup.at.isocalendar()[:2])
	keep |= _newest_of(newest_first, policy.keep_monthly, lambda backup: (backup.at.year, backup.at.month))
	return [backup for backup in everything if backup in keep]


def kept_until(deleted_at: datetime, days: int) -> datetime | None:
	"""Until when the backups of a system are kept whose data was deleted. None: until a person removes them."""
	return deleted_at + timedelta(days=days) if days > 0 else None


def _newest_of(newest_first: Iterable[Backup], count: int, span: Callable[[Backup], object]) -> set[Backup]:
	"""The newest backup of each of the last `count` spans that have one."""
	found: dict[object, Backup] = {}
	for backup in newest_first:
		if span(backup) in found:
			continue
		if len(found) == count:
			break
		found[span(backup)] = backup
	return set(found.values())
