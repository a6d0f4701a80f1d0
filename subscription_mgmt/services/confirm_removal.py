"""The customer says that the temporary user of an intervention is gone."""

from datetime import datetime

from subscription_mgmt.engine.access_grants import removed
from subscription_mgmt.services.support_ports import SupportPorts


def confirm_removal(name: str, now: datetime, ports: SupportPorts) -> None:
	grant = ports.grants.get(name)
	ports.grants.save(grant, removed(grant, now))
