"""What happens to a contract whose invoices stay unpaid, and to one whose are paid?"""

from dataclasses import dataclass, replace
from datetime import date

from subscription_mgmt.engine.contracts import BILLED, Contract, Status
from subscription_mgmt.engine.policies import DunningPolicy


@dataclass(frozen=True)
class Dunned:
	"""The contract afterwards, and the notices to send: `(kind, day count)`."""

	contract: Contract
	notices: tuple[tuple[str, int], ...] = ()


def dunned(
	contract: Contract, oldest_due: date | None, policy: DunningPolicy | None, today: date, grace: int = 0
) -> Dunned:
	"""One daily step. `oldest_due`: due date of the oldest open invoice (None: nothing is open).

	`grace`: days this customer is given on top of the policy's. Reminders that were missed are not sent in a bunch:
	the latest one stands for them.
	"""
	if contract.status not in BILLED:
		return Dunned(contract)
	if oldest_due is None or oldest_due >= today:
		return Dunned(_out_of_arrears(contract))
	overdue = (today - oldest_due).days
	contract = _in_arrears(contract, oldest_due)
	if policy is None:
		return Dunned(contract)
	if policy.restrict_after_days is not None and overdue >= policy.restrict_after_days + grace:
		suspended = replace(contract.moved("grace_over"), suspensions=(*contract.suspensions, (today, None)))
		return Dunned(suspended, (("restriction", overdue),))
	reminder = max((day for day in policy.remind_days if contract.reminded < day <= overdue), default=None)
	if reminder is None:
		return Dunned(contract)
	return Dunned(replace(contract, reminded=reminder), (("reminder", overdue),))


def settled(contract: Contract, oldest_due: date | None, today: date) -> Contract:
	"""After a payment, or one that was taken back: in arrears when something is overdue, else out of them.

	A contract that is over stays over: a paid old invoice never revives it.
	"""
	if contract.status not in BILLED and contract.status is not Status.SUSPENDED:
		return contract
	if oldest_due is None or oldest_due >= today:
		resumes = contract.status is Status.SUSPENDED
		return _resumed(_out_of_arrears(contract), today) if resumes else _out_of_arrears(contract)
	return contract if contract.status is Status.SUSPENDED else _in_arrears(contract, oldest_due)


def _out_of_arrears(contract: Contract) -> Contract:
	if contract.status in (Status.PAST_DUE, Status.SUSPENDED):
		contract = contract.moved("paid")
	if contract.arrears_since is None and not contract.reminded:
		return contract
	return replace(contract, arrears_since=None, reminded=0)


def _in_arrears(contract: Contract, oldest_due: date) -> Contract:
	if contract.status is Status.ACTIVE:
		contract = contract.moved("past_due")
	if contract.arrears_since != oldest_due:
		contract = replace(contract, arrears_since=oldest_due, reminded=0)
	return contract


def _resumed(contract: Contract, today: date) -> Contract:
	"""Periods that began while Suspended are not billed: charging resumes today, by day (DESIGN §2, Not paying)."""
	if contract.suspensions:
		*earlier, (since, _) = contract.suspensions
		contract = replace(contract, suspensions=(*earlier, (since, today)))
	if contract.next_billing is not None and contract.next_billing < today:
		return replace(contract, next_billing=today)
	return contract
