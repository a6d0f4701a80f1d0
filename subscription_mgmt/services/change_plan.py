"""Take a contract over to another plan or interval, now or at the end of its period; the preview is the result."""

from dataclasses import replace
from datetime import date

from subscription_mgmt.engine.billing import Outcome
from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.engine.periods import Interval
from subscription_mgmt.engine.plan_change import NOW, PERIOD_END, changed_now, check_change, is_upgrade, planned
from subscription_mgmt.services.activate import check_customer
from subscription_mgmt.services.applying import apply, due, gather
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
	when = when or (NOW if is_upgrade(contract, old, new, interval, today) else PERIOD_END)
	if when == PERIOD_END and contract.next_billing is not None:
		return replace(missed, contract=planned(contract, old, new, interval, today))
	charged = (*ports.ledger.charges_of(contract.name), *missed.charges)
	changed = changed_now(contract, old, new, interval, packs, charged, today)
	return replace(changed, charges=(*missed.charges, *changed.charges))
