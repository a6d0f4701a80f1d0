"""May data whose deletion was ordered really go? Asked once more, right before it does."""

from collections.abc import Mapping
from decimal import Decimal

from subscription_mgmt.engine.access import Mode, mode_of
from subscription_mgmt.engine.deletion import REASONS
from subscription_mgmt.services.ports import Ports


def reasons_against_drop(instance: str, paid: Mapping[str, Decimal], ports: Ports) -> tuple[str, ...]:
	"""Empty when nothing has changed since the order. `paid`: what was paid on each contract by then. The contracts are
	locked until the caller commits."""
	serving = [ports.contracts.get(each.name) for each in ports.contracts.on_instance(instance)]
	granted = mode_of((each, ports.catalogue.plan(each.plan).kind) for each in serving)
	missing = {
		"unpaid_check": any(ports.ledger.paid(each.name) != paid.get(each.name) for each in serving),
		"hold": any(each.on_hold for each in serving)
		or not all(ports.hosting.is_released(each) for each in serving),
		"restriction": granted is not Mode.RESTRICTED,
	}
	return tuple(reason for reason in REASONS if missing.get(reason))
