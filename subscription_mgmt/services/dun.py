"""Remind, mark Past Due, suspend: one contract's daily step while its invoices stay unpaid."""

from datetime import date

from subscription_mgmt.engine.billing import Outcome
from subscription_mgmt.engine.contracts import BILLED
from subscription_mgmt.engine.dunning import dunned
from subscription_mgmt.services.applying import apply
from subscription_mgmt.services.ports import Ports


def dun(name: str, today: date, ports: Ports) -> None:
	contract = ports.contracts.get(name)
	if contract.status not in BILLED:
		return
	plan = ports.catalogue.plan(contract.plan)
	policy = ports.catalogue.dunning(plan.dunning) if plan.dunning else None
	grace = ports.customers.grace_days(contract.customer)
	step = dunned(contract, ports.ledger.oldest_due(contract), policy, today, grace)
	for kind, days in step.notices:
		ports.notices.send(contract, kind, days=days)
	apply(contract, Outcome(step.contract), today, ports)
