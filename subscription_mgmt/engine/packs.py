"""What does adding a pack to a contract cost, and when does a removed one stop?"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from subscription_mgmt.engine.billing import Outcome, pack_charge, pack_price
from subscription_mgmt.engine.catalogue import Pack
from subscription_mgmt.engine.charges import Charge
from subscription_mgmt.engine.contracts import Contract, PackLine, Status, check_running, is_in_trial
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.periods import Period
from subscription_mgmt.engine.proration import prorated


def check_addable(pack: Pack, quantity: int, module: str | None) -> None:
	"""Refuse a quantity of nothing, and a pack sold per module without one (or the other way round).

	Seed fr: "Le pack utilisateurs supplémentaires doit être souscrit par module."
	"""
	if quantity <= 0:
		raise DomainError("quantity_not_positive", what=pack.name, quantity=quantity)
	if pack.per_module and not module:
		raise DomainError("pack_needs_module", pack=pack.name)
	if module and not pack.per_module:
		raise DomainError("pack_not_per_module", pack=pack.name, module=module)


def pack_added(contract: Contract, pack: Pack, quantity: int, module: str | None, today: date) -> Outcome:
	"""The pack on the contract from today, at today's price by day to the period's end, from where it renews with it.

	A one-off pack is charged whole, once. Nothing recurring is charged in a trial: the first period will.
	"""
	check_running(contract, today)
	if contract.status is Status.SUSPENDED:
		raise DomainError("suspended_pays_first", contract=contract.name)
	check_addable(pack, quantity, module)
	line = PackLine(pack.name, quantity, starts_on=today, module=module)
	contract = replace(contract, changes=contract.changes + 1)
	price = pack_price(contract, pack, today)
	check_renews(contract, pack)
	if pack.one_off:
		return _with(contract, one_off(line), _charge(contract, line, price, today))
	if contract.anchor is None or today < contract.anchor:
		return _with(contract, line)
	whole = contract.period_on(today)
	charge = _charge(contract, line, price, today)
	part = Period(today, whole.end if contract.ends_on is None else min(whole.end, contract.ends_on))
	amount = prorated(charge.rate * quantity, part, whole, contract.decimals)
	return _with(contract, replace(line, billed_until=part.end), replace(charge, amount=amount, period=part))


def check_renews(contract: Contract, pack: Pack) -> None:
	"""Refuse what could not be billed any more after a planned change of interval. Raises DomainError `no_price`."""
	if contract.planned is not None and not pack.one_off:
		pack_price(replace(contract, interval=contract.planned.interval), pack, contract.planned.on)


def one_off(line: PackLine) -> PackLine:
	return replace(line, ends_on=line.starts_on, billed_until=line.starts_on)


def _with(contract: Contract, line: PackLine, *charges: Charge) -> Outcome:
	return Outcome(replace(contract, packs=(*contract.packs, line)), charges)


def _charge(contract: Contract, line: PackLine, price: Decimal, today: date) -> Charge:
	return pack_charge(contract, line.pack, line.module, line.quantity, price, today, contract.changes)


def pack_removed(
	contract: Contract, pack: str, quantity: int | None, module: str | None, today: date
) -> Contract:
	"""`quantity` packs fewer (None: all of them) from the end of the period that is paid for.

	Takes from the lines added last. Raises DomainError `pack_not_on_contract` or `fewer_packs`.
	"""
	check_running(contract, today)
	end = end_of_paid(contract, today)
	running = [
		line
		for line in contract.packs
		if line.pack == pack and line.module == module and line.ends_on is None
	]
	held = sum(line.quantity for line in running)
	if not held:
		raise DomainError("pack_not_on_contract", contract=contract.name, pack=pack, module=module or "-")
	remaining = held if quantity is None else quantity
	if remaining <= 0:
		raise DomainError("quantity_not_positive", what=pack, quantity=remaining)
	if remaining > held:
		raise DomainError("fewer_packs", contract=contract.name, pack=pack, held=held, asked=remaining)
	lines: list[PackLine] = []
	for line in reversed(contract.packs):
		taken = min(line.quantity, remaining) if line in running else 0
		remaining -= taken
		if taken:
			lines.append(replace(line, quantity=taken, ends_on=end))
		if line.quantity > taken:
			lines.append(replace(line, quantity=line.quantity - taken))
	return replace(contract, packs=tuple(reversed(lines)))


def end_of_paid(contract: Contract, today: date) -> date:
	"""The first day that is not paid for; today, in a trial."""
	if is_in_trial(contract, today):
		return today
	return contract.period_on(max(today, contract.anchor or today)).end
