"""Where does everything stand when a scenario is over? (`shared/SCENARIOS.md`, Output)"""

from collections.abc import Iterable
from datetime import date

from subscription_mgmt.engine.money import ZERO
from subscription_mgmt.simulation.verbs import World


def summary(world: World, customers: Iterable[str], until: date) -> dict:
	"""`{"contracts": {name: {status, invoiced, paid}}, "customers": {name: {credits}}, "instances": {name: {mode,
	backups: {made, failed, kept}, availability: {month: percent}}}}`, when the day `until` is over."""
	contracts = {}
	for name, contract in world.contracts.all.items():
		invoices = world.ledger.invoices_of(name)
		contracts[name] = {
			"status": contract.status.value,
			"invoiced": world.timeline.money(sum((record.invoice.total for record in invoices), ZERO)),
			"paid": world.timeline.money(sum((record.paid for record in invoices), ZERO)),
		}
	balances = world.support.credits.balances
	return {
		"contracts": contracts,
		"customers": {name: {"credits": balances.get(name, 0)} for name in (*customers, *balances)},
		"instances": {
			name: {
				"mode": mode.value,
				"backups": world.backups.counts(name, world.timeline.moment),
				"availability": world.backups.availability(name, until),
			}
			for name, mode in world.hosting.modes.items()
		},
	}
