"""What becomes of a contract when a pack is to be added only when it renews, or taken off at once?

`engine/packs.py` holds the usual way: added at once, taken off when the period that is paid for ends.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from subscription_mgmt.engine.billing import Outcome, pack_charge, pack_price
from subscription_mgmt.engine.catalogue import Pack, Plan
from subscription_mgmt.engine.charges import Charge, ChargeKind
from subscription_mgmt.engine.contracts import Contract, PackLine, Status, check_running
from subscription_mgmt.engine.ending import unused_credits
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.packs import check_addable, check_renews, end_of_paid
from subscription_mgmt.engine.periods import Period
from subscription_mgmt.engine.proration import prorated


def pack_planned(contract: Contract, pack: Pack, quantity: int, module: str | None, today: date) -> Contract:
	"""The contract with the pack from the end of the period that is paid for; billed with the one that follows.

	Raises DomainError `sold_once` for a one-off pack, `pack_after_end` when the contract does not go on, `no_price`.
	"""
	check_running(contract, today)
	check_addable(pack, quantity, module)
	if pack.one_off:
		raise DomainError("sold_once", pack=pack.name)
	begins = end_of_paid(contract, today)
	if contract.ends_on is not None and contract.ends_on <= begins:
		raise DomainError("pack_after_end", contract=contract.name, pack=pack.name, end=contract.ends_on)
	pack_price(contract, pack, begins)
	check_renews(contract, pack)
	line = PackLine(pack.name, quantity, starts_on=begins, module=module)
	return replace(contract, packs=(*contract.packs, line))


def pack_dropped(
	contract: Contract,
	plan: Plan,
	pack: Pack,
	quantity: int | None,
	module: str | None,
	charged: Iterable[Charge],
	today: date,
) -> Outcome:
	"""`quantity` packs fewer (None: all of them) from today on. `charged`: the contract's charges so far.

	A refundable plan credits the unused days of what was charged for all packs of the kind, and charges those that stay
	for the same days; another one gives nothing back.
	"""
	check_running(contract, today)
	if contract.status is Status.SUSPENDED:
		raise DomainError("suspended_pays_first", contract=contract.name)
	of_kind = [line for line in contract.packs if (line.pack, line.module) == (pack.name, module)]
	running = [line for line in of_kind if line.runs_on(today)]
	held = sum(line.quantity for line in running)
	if not held:
		raise DomainError(
			"pack_not_on_contract", contract=contract.name, pack=pack.name, module=module or "-"
		)
	dropped = held if quantity is None else quantity
	if dropped <= 0:
		raise DomainError("quantity_not_positive", what=pack.name, quantity=dropped)
	if dropped > held:
		raise DomainError("fewer_packs", contract=contract.name, pack=pack.name, held=held, asked=dropped)
	after = replace(
		contract, packs=_without(contract.packs, running, dropped, today), changes=contract.changes + 1
	)
	charges = _given_back(after, pack, module, held - dropped, charged, today) if plan.refundable else ()
	return Outcome(after, tuple(charges))


def _without(
	packs: Sequence[PackLine], running: Sequence[PackLine], dropped: int, today: date
) -> tuple[PackLine, ...]:
	"""Taken from the lines added last."""
	lines: list[PackLine] = []
	for line in reversed(packs):
		taken = min(line.quantity, dropped) if line in running else 0
		dropped -= taken
		if taken:
			lines.append(replace(line, quantity=taken, ends_on=today))
		if line.quantity > taken:
			lines.append(replace(line, quantity=line.quantity - taken))
	return tuple(reversed(lines))


def _given_back(
	contract: Contract, pack: Pack, module: str | None, remaining: int, charged: Iterable[Charge], today: date
) -> list[Charge]:
	of_kind = [
		charge
		for charge in charged
		if (charge.what, charge.module) == (pack.name, module)
		and charge.kind in (ChargeKind.PACK, ChargeKind.CREDIT)
	]
	credits = unused_credits(of_kind, today, contract)
	if not credits or not remaining:
		return credits
	whole = contract.period_on(today)
	part = Period(today, whole.end if contract.ends_on is None else min(whole.end, contract.ends_on))
	price = pack_price(contract, pack, whole.start)
	charge = pack_charge(contract, pack.name, module, remaining, price, today, contract.changes, start=today)
	amount = prorated(price * remaining, part, whole, contract.decimals)
	return [*credits, replace(charge, amount=amount, period=part)]
