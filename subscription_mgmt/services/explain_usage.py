"""Which days, users and modules are behind a figure of usage, and what will the running month come to?"""

from collections.abc import Iterable
from datetime import date, timedelta

from subscription_mgmt.engine.charges import Charge
from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.engine.outlook import Outlook, outlooks
from subscription_mgmt.engine.overage import Overage, month_of, overages
from subscription_mgmt.engine.periods import Period
from subscription_mgmt.services.bill_usage import terms_of
from subscription_mgmt.services.ports import Ports


def explain_charge(charge: Charge, ports: Ports) -> Overage | None:
	"""The overage that a usage charge bills, day by day, as the records tell it now; None where nothing is measured.

	Late records may have changed it since: then the next bill has the difference.
	"""
	return next((figure for _charge, figure in explain_charges([charge], ports)), None)


def explain_charges(charges: Iterable[Charge], ports: Ports) -> list[tuple[Charge, Overage]]:
	"""Each charge that bills usage, with its overage. A month of one contract is looked up once."""
	months: dict[tuple[str, Period], list[Overage]] = {}
	found = []
	for charge in charges:
		if charge.contract is None or charge.period is None:
			continue
		month = charge.contract, charge.period
		if month not in months:
			months[month] = _overages(ports.contracts.get(charge.contract), charge.period, ports)
		what = charge.what, charge.module
		found += [(charge, each) for each in months[month] if (each.metric, each.module) == what]
	return found


def running_month(name: str, today: date, ports: Ports) -> list[Overage]:
	"""What would be billed if the running month ended tonight at today's levels."""
	contract = ports.contracts.get(name)
	return _overages(contract, Period(month_of(contract, today).start, today + timedelta(days=1)), ports)


def outlook(name: str, today: date, ports: Ports) -> list[Outlook]:
	"""How far each quota is used today, and what the running month would be billed for at this pace."""
	contract = ports.contracts.get(name)
	month = month_of(contract, today)
	terms = terms_of(contract, ports.ledger.charges_of(name), ports)
	return outlooks(terms, ports.usage.since(name, month.start), month, today)


def _overages(contract: Contract, month: Period, ports: Ports) -> list[Overage]:
	terms = terms_of(contract, ports.ledger.charges_of(contract.name), ports)
	return overages(terms, ports.usage.since(contract.name, month.start), month)
