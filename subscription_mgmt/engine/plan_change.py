"""What does another plan or interval cost, and when does it take effect? (DESIGN §2, Plan change)"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from subscription_mgmt.engine.billing import (
	Outcome,
	bring_up_to,
	committed_until,
	plan_charge,
	plan_price,
)
from subscription_mgmt.engine.catalogue import Pack, Plan, PlanKind
from subscription_mgmt.engine.charges import Charge, ChargeKind, of_generation
from subscription_mgmt.engine.contracts import Contract, PlannedChange, Status, check_running
from subscription_mgmt.engine.ending import earliest_end, unused_credits
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.periods import Interval, Period, nth_period, period_containing

NOW, PERIOD_END = "now", "period_end"


def is_upgrade(contract: Contract, old: Plan, new: Plan, interval: Interval, today: date) -> bool:
	"""Leaving a read-only plan; a higher tier; on the same tier another interval, or a price not lower."""
	if _is_read_only(new) is not _is_read_only(old):
		return _is_read_only(old)
	if new.tier != old.tier:
		return new.tier > old.tier
	if interval is not contract.interval:
		return True
	period = nth_period(today, interval, 0)
	return plan_price(_on(contract, new, interval), new, period) >= plan_price(contract, old, period)


def takes_effect(
	contract: Contract, old: Plan, new: Plan, interval: Interval, when: str | None, today: date
) -> str:
	"""NOW or PERIOD_END, where `when` does not say. While nothing is served, no period goes on to wait for.

	A read-only plan bought in arrears is bought instead of paying (DESIGN §2), so it does not wait either.
	"""
	if _needs_read_only(contract, today):
		return NOW
	if when is not None:
		return when
	instead_of_paying = contract.status is Status.PAST_DUE and _is_read_only(new)
	return NOW if instead_of_paying or is_upgrade(contract, old, new, interval, today) else PERIOD_END


def check_change(contract: Contract, old: Plan, new: Plan, interval: Interval, today: date) -> None:
	"""Refuse a change that makes no sense. Raises DomainError."""
	if new.kind is PlanKind.LICENCE:
		raise DomainError("licence_is_bought", plan=new.name)
	if contract.data_deleted_on is not None:
		raise DomainError("data_is_deleted", contract=contract.name, day=contract.data_deleted_on)
	if contract.status is Status.DRAFT:
		raise DomainError("contract_not_active", contract=contract.name)
	if _needs_read_only(contract, today):
		suspended = contract.status is Status.SUSPENDED
		# Whoever does not pay the read-only plan that he bought instead of paying cannot do so again.
		again = suspended and _is_read_only(old) and contract.debts_from is not None
		if not _is_read_only(new) or again:
			code = "suspended_pays_first" if suspended else "contract_over"
			raise DomainError(code, contract=contract.name, status=contract.status.value)
	elif new.name == old.name and interval is contract.interval:
		raise DomainError("same_plan", contract=contract.name, plan=new.name)
	_check_packs_fit(contract, new, today)
	plan_price(_on(contract, new, interval), new, nth_period(today, interval, 0))


def changed_now(
	contract: Contract,
	old: Plan,
	new: Plan,
	interval: Interval,
	packs: Mapping[str, Pack],
	charged: Iterable[Charge],
	today: date,
) -> Outcome:
	"""The contract on the new plan from today: a credit for what is unused, a charge for what comes instead.

	`charged`: the contract's charges so far, all that is due by today among them. Within a period that goes on,
	both are shares by day of that period; another interval begins a new period, with a new anchor, today.
	"""
	check_change(contract, old, new, interval, today)
	if _needs_read_only(contract, today):
		return _bought_read_only(contract, new, interval, packs, today)
	upgrade = is_upgrade(contract, old, new, interval, today)
	changed = _on(contract, new, interval)
	if contract.anchor is None or today < contract.anchor:
		begins = contract.anchor or today
		changed = replace(changed, commitment_until=committed_until(None, new, begins))
		return Outcome(_without_packs(changed, today) if _is_read_only(new) else changed)
	if not upgrade and contract.commitment_until is not None and today < contract.commitment_until:
		raise DomainError("committed", contract=contract.name, until=contract.commitment_until)
	changed = replace(changed, commitment_until=committed_until(contract.commitment_until, new, today))
	if _is_read_only(new) and contract.status is Status.PAST_DUE:
		changed = _sheltered(changed, today)
	if interval is not contract.interval:
		return _new_period(contract, changed, new, packs, charged, today)
	return _same_period(contract, changed, old, new, charged, today, upgrade)


def planned(contract: Contract, old: Plan, new: Plan, interval: Interval, today: date) -> Contract:
	"""The change noted for the end of the period that is paid for, or of the commitment.

	Where the contract was to end then, because its renewal is off, it goes on for one period of the new plan.
	"""
	check_change(contract, old, new, interval, today)
	check_running(contract, today)
	on = earliest_end(contract, today)
	ends_on = contract.ends_on
	if ends_on == on and not contract.auto_renew:
		anchor = contract.anchor if interval is contract.interval and contract.anchor else on
		ends_on = period_containing(anchor, interval, on).end
	if ends_on is not None and ends_on <= on:
		raise DomainError("ends_before_change", contract=contract.name, ends=ends_on, day=on)
	return replace(contract, planned=PlannedChange(new.name, interval, on), ends_on=ends_on)


def _same_period(
	contract: Contract,
	changed: Contract,
	old: Plan,
	new: Plan,
	charged: Iterable[Charge],
	today: date,
	upgrade: bool,
) -> Outcome:
	if _is_read_only(new):
		changed = _without_packs(changed, today)
	if not upgrade and not old.refundable:
		# What is paid for stays paid: no credit, and no charge for the plan before the next period.
		return Outcome(changed)
	credited = (ChargeKind.PLAN, ChargeKind.PACK) if _is_read_only(new) else (ChargeKind.PLAN,)
	left = (charge for charge in charged if charge.kind in credited or charge.reverses)
	credits = unused_credits(left, today, contract)
	whole = contract.period_on(today)
	end = whole.end if contract.ends_on is None else min(whole.end, contract.ends_on)
	price = plan_price(changed, new, Period(today, end))
	charge = plan_charge(changed, new, whole, Period(today, end), today, price)
	return Outcome(changed, (*credits, of_generation(charge, changed.changes)))


def _new_period(
	contract: Contract,
	changed: Contract,
	new: Plan,
	packs: Mapping[str, Pack],
	charged: Iterable[Charge],
	today: date,
) -> Outcome:
	"""Where the contract was to end with its period, because its renewal is off, it ends with the new one."""
	if _is_read_only(new):
		changed = _without_packs(changed, today)
	credits = unused_credits(charged, today, contract)
	begun = _beginning(changed, today)
	if not contract.auto_renew and contract.ends_on == earliest_end(contract, today):
		begun = replace(begun, ends_on=earliest_end(begun, today))
	due = bring_up_to(begun, new, packs, today)
	charges = (of_generation(charge, changed.changes) for charge in due.charges)
	return Outcome(due.contract, (*credits, *charges))


def _bought_read_only(
	contract: Contract, new: Plan, interval: Interval, packs: Mapping[str, Pack], today: date
) -> Outcome:
	"""Seed bo: "puede contratar el servicio de Respaldo". Older debts remain owed, but no longer restrict."""
	revived = replace(
		_sheltered(_without_packs(_on(contract, new, interval), today), today),
		auto_renew=True,
		ends_on=None,
		trial_until=None,
		commitment_until=None,
	)
	due = bring_up_to(_beginning(revived, today), new, packs, today)
	charges = tuple(of_generation(charge, revived.changes) for charge in due.charges)
	return Outcome(due.contract, charges)


def _sheltered(contract: Contract, today: date) -> Contract:
	bought = contract.moved("read_only_bought")
	return replace(bought, debts_from=today, arrears_since=None, reminded=0)


def _needs_read_only(contract: Contract, today: date) -> bool:
	over = contract.ends_on is not None and contract.ends_on <= today
	return over or contract.status in (Status.SUSPENDED, Status.ENDED, Status.CANCELLED)


def _is_read_only(plan: Plan) -> bool:
	return plan.kind is PlanKind.READ_ONLY


def _on(contract: Contract, new: Plan, interval: Interval) -> Contract:
	"""A price agreed for another plan or interval says nothing about this one. Debts from before a read-only
	plan count again when it is left."""
	return replace(
		contract,
		plan=new.name,
		interval=interval,
		agreed_price=None,
		planned=None,
		changes=contract.changes + 1,
		debts_from=contract.debts_from if _is_read_only(new) else None,
	)


def _beginning(contract: Contract, today: date) -> Contract:
	"""The period that went on ends today: packs removed at its end are gone, the others charged anew."""
	packs = tuple(
		line
		if not line.runs_on(today)
		else replace(line, billed_until=None)
		if line.ends_on is None
		else replace(line, ends_on=today)
		for line in contract.packs
	)
	return replace(contract, anchor=today, next_billing=today, packs=packs)


def _without_packs(contract: Contract, today: date) -> Contract:
	packs = tuple(
		replace(line, ends_on=max(today, line.starts_on))
		if line.runs_on(today) or line.starts_on > today
		else line
		for line in contract.packs
	)
	return replace(contract, packs=packs)


def _check_packs_fit(contract: Contract, new: Plan, today: date) -> None:
	if not new.modules or _is_read_only(new):
		return
	for line in contract.packs:
		if line.module and line.ends_on is None and line.module not in new.modules:
			raise DomainError("module_not_in_plan", plan=new.name, pack=line.pack, module=line.module)
