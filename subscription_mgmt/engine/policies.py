"""What does a vendor do about invoices that stay unpaid? Days count from the due date."""

from dataclasses import dataclass

from subscription_mgmt.engine.errors import DomainError


@dataclass(frozen=True)
class DunningPolicy:
	"""Reminders on `remind_days` after the due date; restricted `restrict_after_days` after it; data deleted
	`delete_after_restriction_days` after the restriction, announced each of `deletion_notice_days` before.

	None: never. Seed bo: "restringe el acceso y luego de 30 días el sistema eliminará los datos".
	"""

	name: str
	remind_days: tuple[int, ...] = ()
	restrict_after_days: int | None = None
	delete_after_restriction_days: int | None = None
	deletion_notice_days: tuple[int, ...] = ()


def check_dunning(policy: DunningPolicy) -> None:
	"""Refuse figures that contradict each other. Raises DomainError."""
	for day in (*policy.remind_days, *policy.deletion_notice_days):
		if day < 0:
			raise DomainError("negative_figure", owner=policy.name, field=str(day))
	delete_after = policy.delete_after_restriction_days
	if delete_after is not None and delete_after < 1:
		raise DomainError("deletes_too_early", policy=policy.name)
	if delete_after is not None and any(day > delete_after for day in policy.deletion_notice_days):
		raise DomainError("notice_before_restriction", policy=policy.name, days=delete_after)
