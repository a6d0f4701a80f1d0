"""What should a customer know about a contract before anything else? Codes and figures; the portal words them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from subscription_mgmt.engine.contracts import OVER, Contract, Status
from subscription_mgmt.engine.deletion import remaining_days
from subscription_mgmt.engine.policies import DunningPolicy
from subscription_mgmt.engine.quota_use import Use


@dataclass(frozen=True)
class Alert:
	"""`code`: deleted, deletion, suspended, restricted, unpaid, ends, quota_100 or quota_80. `serious`: in red."""

	code: str
	contract: str
	serious: bool = False
	figures: dict[str, object] = field(default_factory=dict)


def alerts(
	contract: Contract, policy: DunningPolicy | None, uses: Iterable[Use], today: date
) -> Iterator[Alert]:
	"""Gravest first. `policy`: the plan's, None where it has none."""
	name = contract.name
	if contract.data_deleted_on is not None:
		yield Alert("deleted", name, True, {"day": contract.data_deleted_on})
		return
	day = deletion_day(contract, policy, today)
	if day is not None:
		yield Alert("deletion", name, True, {"day": day})
	if contract.status is Status.SUSPENDED:
		yield Alert("suspended", name, True)
	elif contract.restriction is not None:
		yield Alert("restricted", name, True)
	if contract.status is Status.PAST_DUE:
		yield Alert("unpaid", name, True, {"since": contract.arrears_since})
	if contract.ends_on is not None and contract.status not in OVER:
		yield Alert("ends", name, False, {"day": contract.ends_on})
	if contract.status not in OVER:
		yield from _of_use(name, uses)


def deletion_day(contract: Contract, policy: DunningPolicy | None, today: date) -> date | None:
	"""The first day on which the data may be gone if nothing is done. None: not restricted, held, or never."""
	if contract.restriction is None or policy is None or contract.on_hold:
		return None
	remaining = remaining_days(contract.restriction, policy)
	return None if remaining is None else today + timedelta(days=remaining)


def _of_use(name: str, uses: Iterable[Use]) -> Iterator[Alert]:
	for use in uses:
		if use.is_nearly_used:
			full = use.used >= use.allowed
			figures = {"metric": use.metric, "module": use.module, "used": use.used, "allowed": use.allowed}
			yield Alert("quota_100" if full else "quota_80", name, False, figures)
