"""How does a decision of the engine become fact? The same way for every verb."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from subscription_mgmt.engine.billing import Outcome, bring_up_to
from subscription_mgmt.engine.catalogue import Pack, Plan
from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.services.bill_usage import with_usage
from subscription_mgmt.services.following import follow
from subscription_mgmt.services.ports import Ports


def gather(contract: Contract, ports: Ports, *also: str) -> tuple[Plan, Mapping[str, Pack]]:
	"""The contract's plan and its packs, and the packs named `also`."""
	names = {line.pack for line in contract.packs} | set(also)
	return ports.catalogue.plan(contract.plan), ports.catalogue.packs(names) if names else {}


def due(contract: Contract, plan: Plan, packs: Mapping[str, Pack], today: date, ports: Ports) -> Outcome:
	"""Everything due by `today`: what recurs, and what was used beyond the quota."""
	return with_usage(contract, recurring(contract, plan, packs, today, ports), today, ports)


def recurring(
	contract: Contract, plan: Plan, packs: Mapping[str, Pack], today: date, ports: Ports
) -> Outcome:
	"""What falls due by `today` whatever is used, a planned change of plan taken on its day."""
	planned = ports.catalogue.plan(contract.planned.plan) if contract.planned else None
	return bring_up_to(contract, plan, packs, today, planned)


def billed_up_to(
	outcome: Outcome, plan: Plan, packs: Mapping[str, Pack], today: date, ports: Ports
) -> Outcome:
	"""`outcome`, and everything else that is due by `today`, so that both come on one invoice."""
	following = due(outcome.contract, plan, packs, today, ports)
	return replace(following, charges=(*outcome.charges, *following.charges))


def apply(before: Contract, outcome: Outcome, today: date, ports: Ports) -> None:
	"""Store the contract and its charges, invoice what is charged, tell the journal. Never commits."""
	after = outcome.contract
	if after != before:
		ports.contracts.save(before, after)
	if after.status is not before.status:
		ports.journal.status_changed(before, after)
	if (after.status, after.plan) != (before.status, before.plan):
		follow(after, today, ports)
	if before.usage_from is not None and after.usage_from != before.usage_from:
		ports.usage.billed(after.name, after.usage_from)
	if outcome.charges:
		ports.ledger.add(after, outcome.charges)
	for invoice in ports.ledger.invoice(after, today):
		ports.journal.invoiced(invoice)
