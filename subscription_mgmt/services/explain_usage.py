"""Which days, users and modules are behind a figure of usage, and what does the running month come to so far?"""

from datetime import date, timedelta

from subscription_mgmt.engine.charges import Charge
from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.engine.overage import Overage, month_of, overages
from subscription_mgmt.engine.periods import Period
from subscription_mgmt.services.bill_usage import terms_of
from subscription_mgmt.services.ports import Ports


def explain_charge(charge: Charge, ports: Ports) -> Overage | None:
	"""The overage that a usage charge bills, day by day, as the records tell it now; None where nothing is measured.

	Late records may have changed it since: then the next bill has the difference.
	"""
	if charge.contract is None or charge.period is None:
		return None
	found = _overages(ports.contracts.get(charge.contract), charge.period, ports)
	return next((each for each in found if (each.metric, each.module) == (charge.what, charge.module)), None)


def running_month(name: str, today: date, ports: Ports) -> list[Overage]:
	"""What would be billed if the running month ended tonight at today's levels."""
	contract = ports.contracts.get(name)
	return _overages(contract, Period(month_of(contract, today).start, today + timedelta(days=1)), ports)


def _overages(contract: Contract, month: Period, ports: Ports) -> list[Overage]:
	terms = terms_of(contract, ports.ledger.charges_of(contract.name), ports)
	return overages(terms, ports.usage.since(contract.name, month.start), month)
