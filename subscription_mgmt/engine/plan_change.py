"""What does going over to another plan or interval cost, and when does it take effect? (DESIGN §2, Plan change)"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from subscription_mgmt.engine.billing import Outcome, bring_up_to, plan_charge, plan_price
from subscription_mgmt.engine.catalogue import Pack, Plan, PlanKind
from subscription_mgmt.engine.charges import Charge, ChargeKind, of_generation
from subscription_mgmt.engine.contracts import (
	Contract,
	PlannedChange,
	Status,
	check_running,
	is_in_trial,
)
from subscription_mgmt.engine.ending import earliest_end, unused_credits
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.periods import Interval, Period, add_months, nth_period

NOW, PERIOD_END = "now", "period_end"


def is_upgrade(contract: Contract, old: Plan, new: Plan, interval: Interval, today: date) -> bool:
	"""A higher tier; on the same tier another interval, or a price that is not lower."""
	if new.tier != old.tier:
		return new.tier > old.tier
	if interval is not contract.interval:
		return True
	period = nth_period(today, interval, 0)
	return plan_price(_on(contract, new, interval), new, period) >= plan_price(contract, old, period)


def check_change(contract: Contract, old: Plan, new: Plan, interval: Interval, today: date) -> None:
	"""Refuse a change that makes no sense. Raises DomainError."""
	if new.kind is PlanKind.LICENCE:
		raise DomainError("licence_is_bought", plan=new.name)
	if contract.data_deleted_on is not None:
		raise DomainError("data_is_deleted", contract=contract.name, day=contract.data_deleted_on)
	if contract.status is Status.DRAFT:
		raise DomainError("contract_not_active", contract=contract.name)
	if _needs_read_only(contract, today):
		if new.kind is not PlanKind.READ_ONLY:
			code = "suspended_pays_first" if contract.status is Status.SUSPENDED else "contract_over"
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
	"""The contract on the new plan from today, with a credit for what is unused and a charge for what is used instead.

	`charged`: the contract's charges so far, everything due by today among them. Within a period that goes on, both
	are shares by day of that period; another interval begins a new period, with a new anchor, today.
	"""
	check_change(contract, old, new, interval, today)
	if _needs_read_only(contract, today):
		return _bought_read_only(contract, new, interval, packs, today)
	upgrade = is_upgrade(contract, old, new, interval, today)
	if not upgrade and contract.commitment_until is not None and today < contract.commitment_until:
		raise DomainError("committed", contract=contract.name, until=contract.commitment_until)
	changed = _committed(_on(contract, new, interval), new, today)
	if is_in_trial(contract, today) or contract.anchor is None or today < contract.anchor:
		return Outcome(_without_packs(changed, today) if _is_read_only(new) else changed)
	if interval is not contract.interval:
		return _new_period(changed, new, packs, charged, today)
	return _same_period(contract, changed, old, new, charged, today, upgrade)


def planned(contract: Contract, old: Plan, new: Plan, interval: Interval, today: date) -> Contract:
	"""The change noted for the end of the period that is paid for, or of the commitment."""
	check_change(contract, old, new, interval, today)
	check_running(contract, today)
	return replace(contract, planned=PlannedChange(new.name, interval, earliest_end(contract, today)))


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
	credits = unused_credits((charge for charge in charged if charge.kind in credited or charge.reverses), today)
	whole = contract.period_on(today)
	end = whole.end if contract.ends_on is None else min(whole.end, contract.ends_on)
	charge = plan_charge(changed, new, whole, Period(today, end), today)
	return Outcome(changed, (*credits, of_generation(charge, changed.changes)))


def _new_period(
	changed: Contract, new: Plan, packs: Mapping[str, Pack], charged: Iterable[Charge], today: date
) -> Outcome:
	if _is_read_only(new):
		changed = _without_packs(changed, today)
	begun = _beginning(changed, today)
	due = bring_up_to(begun, new, packs, today)
	charges = (of_generation(charge, changed.changes) for charge in due.charges)
	return Outcome(due.contract, (*unused_credits(charged, today), *charges))


def _bought_read_only(
	contract: Contract, new: Plan, interval: Interval, packs: Mapping[str, Pack], today: date
) -> Outcome:
	"""Seed bo: "puede contratar el servicio de Respaldo". Debts from before remain owed, but no longer restrict."""
	revived = replace(
		_without_packs(_on(contract, new, interval), today).moved("read_only_bought"),
		auto_renew=True,
		ends_on=None,
		trial_until=None,
		commitment_until=None,
		debts_from=today,
		arrears_since=None,
		reminded=0,
	)
	due = bring_up_to(_beginning(revived, today), new, packs, today)
	charges = tuple(of_generation(charge, revived.changes) for charge in due.charges)
	return Outcome(due.contract, charges)


def _needs_read_only(contract: Contract, today: date) -> bool:
	over = contract.ends_on is not None and contract.ends_on <= today
	return over or contract.status in (Status.SUSPENDED, Status.ENDED, Status.CANCELLED)


def _is_read_only(plan: Plan) -> bool:
	return plan.kind is PlanKind.READ_ONLY


def _on(contract: Contract, new: Plan, interval: Interval) -> Contract:
	"""A price agreed for another plan or interval says nothing about this one."""
	return replace(
		contract,
		plan=new.name,
		interval=interval,
		agreed_price=None,
		planned=None,
		changes=contract.changes + 1,
	)


def _committed(contract: Contract, new: Plan, today: date) -> Contract:
	if not new.commitment_months:
		return contract
	until = add_months(max(today, contract.anchor or today), new.commitment_months)
	return replace(contract, commitment_until=max(until, contract.commitment_until or until))


def _beginning(contract: Contract, today: date) -> Contract:
	packs = tuple(
		replace(line, billed_until=None) if line.runs_on(today) else line for line in contract.packs
	)
	return replace(contract, anchor=today, next_billing=today, packs=packs)


def _without_packs(contract: Contract, today: date) -> Contract:
	packs = tuple(
		replace(line, ends_on=max(today, line.starts_on)) if line.runs_on(today) or line.starts_on > today else line
		for line in contract.packs
	)
	return replace(contract, packs=packs)


def _check_packs_fit(contract: Contract, new: Plan, today: date) -> None:
	if not new.modules or _is_read_only(new):
		return
	for line in contract.packs:
		if line.module and line.ends_on is None and line.module not in new.modules:
			raise DomainError("module_not_in_plan", plan=new.name, pack=line.pack, module=line.module)
