"""When is a customer told that his contract is about to renew?"""

from datetime import date, timedelta

from subscription_mgmt.engine.catalogue import Plan
from subscription_mgmt.engine.contracts import BILLED, Contract
from subscription_mgmt.engine.periods import first_end_on_or_after


def renews_on(contract: Contract) -> date | None:
	"""The first day of the next term: the next period, or the first one after the commitment; None: it does not."""
	if contract.status not in BILLED or not contract.auto_renew or contract.ends_on is not None:
		return None
	day = contract.next_billing
	if day is None or contract.anchor is None or contract.commitment_until is None:
		return day
	return max(day, first_end_on_or_after(contract.anchor, contract.interval, contract.commitment_until))


def renewal_to_notice(contract: Contract, plan: Plan, today: date) -> date | None:
	"""The renewal a notice is due for today, `plan.notice_days` before it; None when there is none, or it went out."""
	day = renews_on(contract)
	if day is None or not plan.notice_days or contract.renewal_noticed == day:
		return None
	return day if today >= day - timedelta(days=plan.notice_days) else None
