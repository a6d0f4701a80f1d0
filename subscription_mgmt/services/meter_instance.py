"""Take in what a customer's system says about itself on a day: users by module, companies, e-mails, storage."""

from collections.abc import Sequence
from datetime import datetime

from subscription_mgmt.engine.contracts import check_running
from subscription_mgmt.engine.metering import Metered, metered
from subscription_mgmt.engine.systems import Reading
from subscription_mgmt.services.applying import gather
from subscription_mgmt.services.ports import Ports
from subscription_mgmt.services.record_usage import Intake, record_usage


def meter_instance(
	name: str, readings: Sequence[Reading], now: datetime, ports: Ports
) -> tuple[Metered, Intake]:
	"""`now`: local time of the contract. Measured again on a day, only what is new of that day counts."""
	contract = ports.contracts.get(name)
	check_running(contract, now.date())
	plan, packs = gather(contract, ports)
	users = ports.users.of(name)
	found = metered(contract, plan, packs, ports.catalogue.modules(), users, readings, now)
	known = ports.usage.known(name, {record.key for record in found.records})
	new = [record for record in found.records if record.key not in known]
	return found, record_usage(name, new, now, ports)
