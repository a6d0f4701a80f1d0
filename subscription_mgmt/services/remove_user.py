"""Remove a registered user: from that moment he is not counted any more."""

from datetime import datetime

from subscription_mgmt.engine.users import named, removed
from subscription_mgmt.services.contract_users import Standing, gather_users, keep
from subscription_mgmt.services.ports import Ports


def remove_user(name: str, login: str, now: datetime, ports: Ports) -> Standing:
	before = gather_users(name, now, ports)
	user = named(before.users, login)
	after = keep(before, removed(before.users, login), now, ports)
	ports.journal.noted(before.contract, "user_removed", user=user.login)
	return after
