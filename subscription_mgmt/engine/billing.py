"""What does a contract owe by a day, and where does it stand afterwards?

The question is which periods are due, never whether one begins today: after an outage every missed period is charged
once, in advance, at the price that holds when it begins.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from subscription_mgmt.engine.catalogue import Pack, Plan
from subscription_mgmt.engine.charges import Charge, ChargeKind, charge_key
from subscription_mgmt.engine.contracts import BILLED, RUNNING, Contract, PackLine, Status
from subscription_mgmt.engine.money import rounded
from subscription_mgmt.engine.periods import Period, periods_from
from subscription_mgmt.engine.prices import price_on
from subscription_mgmt.engine.proration import prorated


@dataclass(frozen=True)
class Outcome:
	"""The contract as it is afterwards, and what it owes more than before."""

	contract: Contract
	charges: tuple[Charge, ...] = ()


def bring_up_to(contract: Contract, plan: Plan, packs: Mapping[str, Pack], today: date) -> Outcome:
	"""Everything that falls due by `today`: trial over, periods charged, term over.

	`packs` maps the names of the contract's packs. Raises DomainError `no_price` where the price list has a gap.
	"""
	if contract.status not in RUNNING:
		return Outcome(contract)
	contract = _end_trial(contract, today)
	charges: list[Charge] = []
	for whole, part in _periods_due(contract, today):
		charges.append(_plan_charge(contract, plan, whole, part, today))
		charges.extend(_pack_charges(contract, packs, whole, part, today))
		contract = _charged_until(contract, part)
	return Outcome(_end_term(contract, today), tuple(charges))


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


def _plan_charge(contract: Contract, plan: Plan, whole: Period, part: Period, today: date) -> Charge:
	price = plan_price(contract, plan, whole)
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
	quantities: dict[tuple[str, str | None], int] = {}
	for line in contract.packs:
		if _is_due(line, part):
			quantities[line.pack, line.module] = quantities.get((line.pack, line.module), 0) + line.quantity
	for (name, module), quantity in quantities.items():
		price = pack_price(contract, packs[name], whole.start)
		charge = pack_charge(contract, name, module, quantity, price, today, start=part.start)
		amount = prorated(price * quantity, part, whole, contract.decimals)
		yield replace(charge, amount=amount, period=part)


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


def _is_due(line: PackLine, part: Period) -> bool:
	already = line.billed_until is not None and line.billed_until > part.start
	return line.runs_on(part.start) and not already


def _charged_until(contract: Contract, part: Period) -> Contract:
	packs = tuple(
		replace(line, billed_until=part.end) if _is_due(line, part) else line for line in contract.packs
	)
	return replace(contract, packs=packs, next_billing=part.end)


def _end_term(contract: Contract, today: date) -> Contract:
	if contract.ends_on is not None and contract.ends_on <= today:
		return replace(contract.moved("term_over"), next_billing=None)
	return contract
