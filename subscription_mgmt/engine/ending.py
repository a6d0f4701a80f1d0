"""When does a contract end: renewal switched off, cancelled at period end or now, within a commitment or not?"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from subscription_mgmt.engine.billing import Outcome
from subscription_mgmt.engine.catalogue import Plan
from subscription_mgmt.engine.charges import Charge, ChargeKind
from subscription_mgmt.engine.contracts import Contract, Status, check_running, is_in_trial
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.periods import Period, first_end_on_or_after
from subscription_mgmt.engine.proration import prorated


def earliest_end(contract: Contract, today: date) -> date:
	"""The first day no longer served if the customer wants to leave: the trial's end, or the end of the current
	period, or of the one in which the commitment runs out."""
	if is_in_trial(contract, today):
		assert contract.trial_until is not None
		return contract.trial_until
	end = contract.period_on(max(today, contract.anchor or today)).end
	if contract.commitment_until is not None and contract.anchor is not None:
		return max(end, first_end_on_or_after(contract.anchor, contract.interval, contract.commitment_until))
	return end


def renewal_switched(contract: Contract, renew: bool, today: date) -> Contract:
	"""Tacit renewal off (the contract ends at `earliest_end`, or on the day agreed if that comes first) or on
	again, at any time before it has ended.

	Seed fr: "la tacite reconduction vous est activée par défaut. Vous pouvez la supprimer à tout moment."
	"""
	check_running(contract, today)
	if renew:
		return replace(contract, auto_renew=True, ends_on=None)
	end = earliest_end(contract, today)
	return replace(contract, auto_renew=False, ends_on=min(end, contract.ends_on or end))


def cancelled_now(contract: Contract, plan: Plan, charged: Iterable[Charge], today: date) -> Outcome:
	"""The contract cancelled today, with a credit for each unused day if the plan is refundable.

	`charged`: the contract's charges so far. Raises DomainError `committed` within a commitment, which begins when
	the trial is over.
	"""
	check_running(contract, today)
	committed = contract.commitment_until is not None and today < contract.commitment_until
	if committed and not is_in_trial(contract, today):
		raise DomainError("committed", contract=contract.name, until=contract.commitment_until)
	over = replace(
		contract.moved("cancelled"), ends_on=today, next_billing=None, auto_renew=False, planned=None
	)
	credits = unused_credits(charged, today, contract) if plan.refundable else ()
	return Outcome(over, tuple(credits))


def cancelled_draft(contract: Contract) -> Contract:
	"""A contract that never began needs no more than its status."""
	return contract.moved("cancelled") if contract.status is Status.DRAFT else contract


def unused_credits(charged: Iterable[Charge], today: date, contract: Contract | None = None) -> list[Charge]:
	"""A negative charge for the days from `today` on of every plan and pack charge not credited before.

	`contract`: theirs, as it was charged. What was charged before its anchor was credited when the anchor moved, or
	given up. Left out: every charge counts, each for a whole period.
	"""
	charged = list(charged)
	credited = {charge.reverses for charge in charged if charge.reverses}
	since = contract.anchor if contract is not None else None
	return [
		_credit(charge, charge.period, today, contract)
		for charge in charged
		if charge.kind in (ChargeKind.PLAN, ChargeKind.PACK)
		and charge.period is not None
		and charge.period.end > today
		and (since is None or charge.period.start >= since)
		and charge.key not in credited
		and charge.amount > 0
	]


def _credit(charge: Charge, period: Period, today: date, contract: Contract | None) -> Charge:
	unused = Period(max(today, period.start), period.end)
	price, whole = _price_of_whole(charge, period, contract)
	return replace(
		charge,
		key=f"{charge.key}|credit",
		kind=ChargeKind.CREDIT,
		amount=-prorated(price, unused, whole, charge.decimals),
		charged_on=today,
		period=unused,
		reverses=charge.key,
	)


def _price_of_whole(charge: Charge, period: Period, contract: Contract | None) -> tuple[Decimal, Period]:
	"""The price whose share by day was charged, and of which period: a share of a rounded share may be a cent off."""
	if contract is not None and contract.anchor is not None:
		price, whole = charge.rate * charge.quantity, contract.period_on(period.start)
		if period.end <= whole.end and prorated(price, period, whole, charge.decimals) == charge.amount:
			return price, whole
	return charge.amount, period
