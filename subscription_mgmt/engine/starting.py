"""How does a contract begin: trial, anchor, commitment, first day to charge?"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from subscription_mgmt.engine.billing import Outcome, pack_price, plan_price
from subscription_mgmt.engine.catalogue import Pack, Plan, PlanKind
from subscription_mgmt.engine.charges import Charge
from subscription_mgmt.engine.contracts import Contract, PackLine, Status, check_dates
from subscription_mgmt.engine.ending import renewal_switched
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.packs import check_addable, pack_added
from subscription_mgmt.engine.periods import add_months, nth_period


def started(contract: Contract, plan: Plan, packs: Mapping[str, Pack], today: date) -> Outcome:
	"""A Draft contract, activated: Trialling when the plan has trial days, else Active; its one-off packs charged.

	Periods are counted from the day the trial is over; `engine.billing` charges them. Raises DomainError:
	`already_active`, `licence_is_bought`, `end_before_start`, `no_price`, and what `packs.check_addable` refuses.
	"""
	if contract.status is not Status.DRAFT:
		raise DomainError("already_active", contract=contract.name, status=contract.status.value)
	if plan.kind is PlanKind.LICENCE:
		raise DomainError("licence_is_bought", plan=plan.name)
	check_dates(contract)
	lines, contract = contract.packs, replace(contract, packs=())
	anchor = contract.start + timedelta(days=plan.trial_days)
	begun = replace(
		contract,
		anchor=anchor,
		next_billing=anchor,
		trial_until=anchor if plan.trial_days else None,
		commitment_until=add_months(anchor, plan.commitment_months) if plan.commitment_months else None,
	).moved("trial_started" if plan.trial_days else "activated")
	plan_price(begun, plan, nth_period(anchor, begun.interval, 0))
	charges: list[Charge] = []
	for line in lines:
		begun, charged = _with_pack(begun, packs[line.pack], line, today)
		charges.extend(charged)
	if not begun.auto_renew and begun.ends_on is None:
		# One term is what was ordered, after the trial if there is one.
		begun = renewal_switched(begun, False, anchor)
	return Outcome(begun, tuple(charges))


def _with_pack(
	contract: Contract, pack: Pack, line: PackLine, today: date
) -> tuple[Contract, tuple[Charge, ...]]:
	if pack.one_off:
		outcome = pack_added(contract, pack, line.quantity, line.module, today)
		return outcome.contract, outcome.charges
	check_addable(pack, line.quantity, line.module)
	pack_price(contract, pack, contract.anchor or contract.start)
	line = replace(line, starts_on=contract.start, ends_on=None, billed_until=None)
	return replace(contract, packs=(*contract.packs, line)), ()
