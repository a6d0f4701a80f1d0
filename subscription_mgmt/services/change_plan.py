"""Take a contract over to another plan or interval, now or at period end; the preview is the result."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from subscription_mgmt.engine.billing import Outcome, bring_up_to
from subscription_mgmt.engine.catalogue import Pack, Plan
from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.engine.fitting import check_fits
from subscription_mgmt.engine.overage import month_of
from subscription_mgmt.engine.periods import Interval
from subscription_mgmt.engine.plan_change import PERIOD_END, changed_now, check_change, planned, takes_effect
from subscription_mgmt.services.activate import check_customer
from subscription_mgmt.services.applying import apply, due, gather
from subscription_mgmt.services.bill_usage import with_usage
from subscription_mgmt.services.ports import Ports


def change_plan(
	name: str, plan: str, interval: Interval | None, when: str | None, today: date, ports: Ports
) -> None:
	"""`interval` None: as before. `when` None: upgrades now, downgrades at period end."""
	contract = ports.contracts.get(name)
	check_customer(contract, ports)
	outcome = decided_change(contract, plan, interval, when, today, ports)
	apply(contract, outcome, today, ports)
	ahead = outcome.contract.planned
	if ahead is not None and ahead != contract.planned:
		ports.journal.noted(contract, "plan_change_planned", before=contract.plan, after=plan, day=ahead.on)
	else:
		ports.journal.noted(contract, "plan_changed", before=contract.plan, after=plan)


def decided_change(
	contract: Contract, plan: str, interval: Interval | None, when: str | None, today: date, ports: Ports
) -> Outcome:
	"""What the change would be, with exactly the lines it would create; nothing is stored."""
	old, packs = gather(contract, ports)
	missed = due(contract, old, packs, today, ports)
	contract = missed.contract
	old, new = ports.catalogue.plan(contract.plan), ports.catalogue.plan(plan)
	interval = interval or contract.interval
	check_change(contract, old, new, interval, today)
	_check_use_fits(contract, new, packs, today, ports)
	if takes_effect(contract, old, new, interval, when, today) == PERIOD_END:
		ahead = planned(contract, old, new, interval, today)
		_check_can_be_billed(ahead, old, packs, new)
		return replace(missed, contract=ahead)
	charged = (*ports.ledger.charges_of(contract.name), *missed.charges)
	changed = changed_now(contract, old, new, interval, packs, charged, today)
	changed = with_usage(contract, changed, today, ports)
	return replace(changed, charges=(*missed.charges, *changed.charges))


def _check_use_fits(
	contract: Contract, new: Plan, packs: Mapping[str, Pack], today: date, ports: Ports
) -> None:
	"""Nothing is asked of a contract that was never metered."""
	if contract.usage_from is not None:
		records = ports.usage.since(contract.name, month_of(contract, today).start)
		check_fits(contract, new, packs, records, today)


def _check_can_be_billed(ahead: Contract, old: Plan, packs: Mapping[str, Pack], new: Plan) -> None:
	"""A price that is missing is missed when the change is ordered, not the night it takes effect."""
	assert ahead.planned is not None
	bring_up_to(ahead, old, packs, ahead.planned.on, new)
