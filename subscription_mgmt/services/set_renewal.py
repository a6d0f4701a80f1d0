"""Switch tacit renewal off, so that the contract ends with its term, or on again."""

from datetime import date

from subscription_mgmt.engine.ending import renewal_switched
from subscription_mgmt.services.ports import Ports


def set_renewal(name: str, renew: bool, today: date, ports: Ports) -> None:
	contract = ports.contracts.get(name)
	after = renewal_switched(contract, renew, today)
	ports.contracts.save(contract, after)
	if renew:
		ports.journal.noted(contract, "renewal_on")
	else:
		ports.journal.noted(contract, "renewal_off", day=after.ends_on)
