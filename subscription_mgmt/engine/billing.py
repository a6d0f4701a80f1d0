"""What does a contract owe by a day, and where does it stand afterwards?

The question is which periods are due, never whether one begins today: after an outage every missed period is charged
once, in advance, at the price that holds when it begins.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from subscription_mgmt.engine.catalogue import Pack, Plan, PlanKind
from subscription_mgmt.engine.charges import Charge, ChargeKind, charge_key
from subscription_mgmt.engine.contracts import BILLED, RUNNING, Contract, PackLine, Status
from subscription_mgmt.engine.money import rounded
from subscription_mgmt.engine.periods import Period, add_months, periods_from
from subscription_mgmt.engine.prices import price_on
from subscription_mgmt.engine.proration import prorated


@dataclass(frozen=True)
class Outcome:
	"""The contract as it is afterwards, and what it owes more than before."""

	contract: Contract
	charges: tuple[Charge, ...] = ()


def bring_up_to(
	contract: Contract, plan: Plan, packs: Mapping[str, Pack], today: date, planned: Plan | None = None
) -> Outcome:
	"""Everything that falls due by `today`: trial over, periods charged, a planned change taken, term over.

	`packs` maps the names of the contract's packs; `planned` is the plan of its planned change. Raises DomainError
	`no_price` where the price list has a gap.
	"""
	if contract.status not in RUNNING:
		return Outcome(contract)
	contract = _end_trial(contract, today)
	before: tuple[Charge, ...] = ()
	if _takes_change(contract, planned, today):
		assert contract.planned is not None and planned is not None
		contract, before = _charge_periods(
			contract, plan, packs, contract.planned.on - date.resolution, today
		)
		contract, plan = change_taken(contract, planned), planned
	contract, charges = _charge_periods(contract, plan, packs, today, today)
	return Outcome(_end_term(contract, today), (*before, *charges))


def _charge_periods(
	contract: Contract, plan: Plan, packs: Mapping[str, Pack], until: date, today: date
) -> tuple[Contract, tuple[Charge, ...]]:
	"""Charge, today, every period that begins by `until`."""
	charges: list[Charge] = []
	for whole, part in _periods_due(contract, until):
		charges.append(plan_charge(contract, plan, whole, part, today))
		charges.extend(_pack_charges(contract, packs, whole, part, today))
		contract = _charged_until(contract, part)
	return contract, tuple(charges)


def _takes_change(contract: Contract, planned: Plan | None, today: date) -> bool:
	if contract.planned is None or planned is None or contract.planned.on > today:
		return False
	ends_before = contract.ends_on is not None and contract.ends_on <= contract.planned.on
	return contract.status in BILLED and not ends_before


def change_taken(contract: Contract, plan: Plan) -> Contract:
	"""The contract on its planned plan and interval. A read-only plan needs no packs."""
	change = contract.planned
	assert change is not None
	packs = contract.packs
	in_trial = contract.trial_until is not None and change.on <= contract.trial_until
	if plan.kind is PlanKind.READ_ONLY:
		packs = tuple(replace(line, ends_on=change.on) if line.runs_on(change.on) else line for line in packs)
	return replace(
		contract,
		plan=plan.name,
		interval=change.interval,
		anchor=contract.anchor if change.interval is contract.interval else change.on,
		agreed_price=None,
		packs=packs,
		planned=None,
		changes=contract.changes + 1,
		commitment_until=committed_until(None if in_trial else contract.commitment_until, plan, change.on),
		debts_from=contract.debts_from if plan.kind is PlanKind.READ_ONLY else None,
	)


def committed_until(until: date | None, plan: Plan, begins: date) -> date | None:
	"""The end of the commitment once `plan` begins; one made before, `until`, still holds."""
	if not plan.commitment_months:
		return until
	end = add_months(begins, plan.commitment_months)
	return end if until is None else max(end, until)


def _end_trial(contract: Contract, today: date) -> Contract:
	over = contract.trial_until is not None and contract.trial_until <= today
	ends_with_it = contract.ends_on is not None and contract.ends_on == contract.trial_until
	if contract.status is Status.TRIALLING and over and not ends_with_it:
		return contract.moved("trial_over")
	return contract


def _periods_due(contract: Contract, today: date) -> Iterator[tuple[Period, Period]]:
	"""(whole period, the part of it to charge): a part where charging begins late or the contract ends early."""
	if contract.status not in BILLED or contract.next_billing is None or contract.anchor is None:
		return
	first, end = contract.next_billing, contract.ends_on
	for whole in periods_from(contract.anchor, contract.interval, first):
		start = max(whole.start, first)
		if start > today or (end is not None and start >= end):
			return
		yield whole, Period(start, whole.end if end is None else min(whole.end, end))


def plan_price(contract: Contract, plan: Plan, period: Period) -> Decimal:
	"""The price of a whole period: the one agreed, else the list's on the day the term began.

	A commitment fixes the price: a list that changes within it takes effect when it is over (DESIGN §2, Renewal).
	"""
	if contract.agreed_price is not None:
		return contract.agreed_price
	committed = contract.commitment_until is not None and period.start < contract.commitment_until
	day = contract.anchor if committed and contract.anchor else period.start
	return price_on(plan.name, plan.prices, contract.interval, contract.currency, day)


def pack_price(contract: Contract, pack: Pack, day: date) -> Decimal:
	"""The price of one pack for a whole period of the contract (or once, for a one-off pack)."""
	interval = None if pack.one_off else contract.interval
	return price_on(pack.name, pack.prices, interval, contract.currency, day)


def plan_charge(
	contract: Contract, plan: Plan, whole: Period, part: Period, today: date, price: Decimal | None = None
) -> Charge:
	"""`part` of the plan's period `whole`; `price`: of the whole one, if not the one that holds for it."""
	price = plan_price(contract, plan, whole) if price is None else price
	return Charge(
		key=charge_key(contract.name, f"plan:{plan.name}", part.start),
		contract=contract.name,
		customer=contract.customer,
		kind=ChargeKind.PLAN,
		what=plan.name,
		quantity=Decimal(1),
		rate=price,
		amount=prorated(price, part, whole, contract.decimals),
		currency=contract.currency,
		charged_on=today,
		decimals=contract.decimals,
		period=part,
	)


def _pack_charges(
	contract: Contract, packs: Mapping[str, Pack], whole: Period, part: Period, today: date
) -> Iterator[Charge]:
	"""One charge per pack and module, however many lines the pack came in."""
	quantities: dict[tuple[str, str | None, date], int] = {}
	for line in contract.packs:
		if (first := _due_from(line, part)) is not None:
			what = (line.pack, line.module, first)
			quantities[what] = quantities.get(what, 0) + line.quantity
	for (name, module, first), quantity in quantities.items():
		price = pack_price(contract, packs[name], whole.start)
		charge = pack_charge(contract, name, module, quantity, price, today, start=first)
		days = Period(first, part.end)
		amount = prorated(price * quantity, days, whole, contract.decimals)
		yield replace(charge, amount=amount, period=days)


def pack_charge(
	contract: Contract,
	pack: str,
	module: str | None,
	quantity: int,
	price: Decimal,
	today: date,
	generation: int = 0,
	start: date | None = None,
) -> Charge:
	"""`quantity` packs at `price` each, whole; the caller gives it a period, and the share of it where it is a part."""
	return Charge(
		key=charge_key(contract.name, f"pack:{pack}/{module or ''}", start or today, generation),
		contract=contract.name,
		customer=contract.customer,
		kind=ChargeKind.PACK,
		what=pack,
		quantity=Decimal(quantity),
		rate=price,
		amount=rounded(price * quantity, contract.decimals),
		currency=contract.currency,
		charged_on=today,
		decimals=contract.decimals,
		module=module,
	)


def _due_from(line: PackLine, part: Period) -> date | None:
	"""The first day of `part` that the pack runs and is not charged for; None when there is none.

	Within the part where the pack was charged up to an end that has been lifted since.
	"""
	first = max(part.start, line.billed_until or part.start)
	return first if first < part.end and line.runs_on(first) else None


def _charged_until(contract: Contract, part: Period) -> Contract:
	packs = tuple(
		replace(line, billed_until=part.end) if _due_from(line, part) else line for line in contract.packs
	)
	return replace(contract, packs=packs, next_billing=part.end)


def _end_term(contract: Contract, today: date) -> Contract:
	if contract.ends_on is not None and contract.ends_on <= today:
		return replace(contract.moved("term_over"), next_billing=None)
	return contract
