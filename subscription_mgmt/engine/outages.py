"""May an outage or a maintenance window be recorded like this, or corrected?"""

from dataclasses import dataclass
from datetime import datetime

from subscription_mgmt.engine.errors import DomainError


@dataclass(frozen=True)
class Entry:
	"""What a person says of an outage. `counts`: whether it is taken into account at all; `correction`: why a stored
	entry was changed."""

	start: datetime
	end: datetime | None
	planned: bool = False
	counts: bool = True
	correction: str = ""

	@property
	def facts(self) -> tuple:
		return self.start, self.end, self.planned, self.counts


def check_entry(before: Entry | None, after: Entry, now: datetime) -> None:
	"""`before`: None for a new entry.

	Raises DomainError `outage_without_length`, `maintenance_without_end`, `maintenance_too_late` (a window is announced
	before it begins, or it is an outage), `outage_in_the_future` and `correction_without_reason`.
	"""
	if after.end is not None and after.end <= after.start:
		raise DomainError("outage_without_length")
	if after.planned and after.end is None:
		raise DomainError("maintenance_without_end")
	if before is None and after.planned and after.start < now:
		raise DomainError("maintenance_too_late")
	if not after.planned and max(after.start, after.end or after.start) > now:
		raise DomainError("outage_in_the_future")
	if before is not None and before.facts != after.facts:
		reason = after.correction.strip()
		if not reason or reason == before.correction.strip():
			raise DomainError("correction_without_reason")
