"""Start a Draft contract and bill what is due at once."""

from datetime import date

from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.starting import started
from subscription_mgmt.services.applying import apply, billed_up_to, gather
from subscription_mgmt.services.ports import Ports


def activate(name: str, today: date, ports: Ports) -> None:
	contract = ports.contracts.get(name)
	check_customer(contract, ports)
	_check_instance(contract, ports)
	plan, packs = gather(contract, ports)
	outcome = started(contract, plan, packs, today)
	apply(contract, billed_up_to(outcome, plan, packs, today, ports), today, ports)


def check_customer(contract: Contract, ports: Ports) -> None:
	if ports.customers.is_disabled(contract.customer):
		raise DomainError("customer_disabled", customer=contract.customer)


def _check_instance(contract: Contract, ports: Ports) -> None:
	"""Nobody is billed for a system that is gone."""
	if contract.instance and ports.hosting.mode(contract.instance) is Mode.DELETED:
		raise DomainError("instance_deleted", instance=contract.instance)
