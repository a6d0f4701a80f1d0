"""May a customer's data be deleted, and if not, why does the deletion wait?

Never from dates alone: the one place that says yes is `reasons_to_wait`, and it says no when in doubt.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from subscription_mgmt.engine.contracts import Contract, Restriction, Status
from subscription_mgmt.engine.policies import DunningPolicy


@dataclass(frozen=True)
class Facts:
	"""What was found just now, under lock. Each is False unless it is known to be so."""

	in_force: bool = False
	unpaid_checked: bool = False
	backup_verified: bool = False
	notices_delivered: bool = False
	released: bool = False


def restriction_seen(contract: Contract, in_force: bool, today: date) -> Contract:
	"""Count the day if the restriction was found in force; each day once, and none for a missed run."""
	before = contract.restriction
	if before is None or not in_force or today <= before.seen_on:
		return contract
	return replace(contract, restriction=replace(before, seen_on=today, days=before.days + 1))


def held_back(contract: Contract, policy: DunningPolicy) -> Contract:
	"""Until the last notice is out, no more days count than leave the customer those it announces."""
	restriction, days = contract.restriction, policy.delete_after_restriction_days
	if restriction is None or days is None or all_notices_sent(restriction, policy):
		return contract
	most = max(0, days - min(policy.deletion_notice_days))
	return replace(contract, restriction=replace(restriction, days=min(restriction.days, most)))


def remaining_days(restriction: Restriction, policy: DunningPolicy) -> int | None:
	"""Days of restriction still missing before data may be deleted; None: the policy never deletes."""
	if policy.delete_after_restriction_days is None:
		return None
	return max(0, policy.delete_after_restriction_days - restriction.days)


def notice_due(restriction: Restriction, policy: DunningPolicy) -> int | None:
	"""The number of remaining days to announce now, once for each of the policy's notice days."""
	remaining = remaining_days(restriction, policy)
	if remaining is None:
		return None
	due = [day for day in policy.deletion_notice_days if day >= remaining]
	if not due or (restriction.noticed is not None and restriction.noticed <= min(due)):
		return None
	return remaining


def noticed(contract: Contract, remaining: int) -> Contract:
	assert contract.restriction is not None
	return replace(contract, restriction=replace(contract.restriction, noticed=remaining))


def is_due(restriction: Restriction, policy: DunningPolicy, today: date) -> bool:
	"""Whether the calendar alone would delete today; only then is the gate asked."""
	days = policy.delete_after_restriction_days
	return days is not None and today >= restriction.since + timedelta(days=days)


def all_notices_sent(restriction: Restriction, policy: DunningPolicy) -> bool:
	if not policy.deletion_notice_days:
		return True
	return restriction.noticed is not None and restriction.noticed <= min(policy.deletion_notice_days)


REASONS = ("unpaid_check", "backup", "notices", "hold", "restriction")


def together(*reasons: tuple[str, ...]) -> tuple[str, ...]:
	"""What each of several contracts on one instance waits for, each reason once."""
	return tuple(reason for reason in REASONS if any(reason in each for each in reasons))


def reasons_to_wait(contract: Contract, policy: DunningPolicy, facts: Facts) -> tuple[str, ...]:
	"""Empty when the data may be deleted now. Reasons: unpaid_check, backup, notices, hold, restriction.

	Restriction really in force for the whole time, notices delivered, final backup verified, invoices re-read
	under lock and nothing paid, no hold set (DESIGN §2, Deletion gate).
	"""
	restriction = contract.restriction
	in_force_all_the_time = (
		restriction is not None and facts.in_force and remaining_days(restriction, policy) == 0
	)
	sent = restriction is not None and all_notices_sent(restriction, policy) and facts.notices_delivered
	missing = {
		"unpaid_check": not facts.unpaid_checked,
		"backup": not facts.backup_verified,
		"notices": not sent,
		"hold": contract.on_hold or not facts.released,
		"restriction": not in_force_all_the_time,
	}
	return tuple(reason for reason in REASONS if missing[reason])


def data_gone(contract: Contract, today: date) -> Contract:
	"""The contract once the data it served is deleted."""
	ended = contract.moved("data_deleted") if contract.status is Status.SUSPENDED else contract
	return replace(ended, restriction=None, data_deleted_on=today, next_billing=None)


def waiting(contract: Contract, reasons: tuple[str, ...]) -> Contract:
	assert contract.restriction is not None
	return replace(contract, restriction=replace(contract.restriction, waits=reasons))
