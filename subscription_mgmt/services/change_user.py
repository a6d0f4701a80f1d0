"""Change a registered user: his rights per module, his name, whether he is let in, who is the administrator."""

from dataclasses import replace
from datetime import datetime

from subscription_mgmt.engine.contracts import Status
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.users import changed, named, opens
from subscription_mgmt.services.contract_users import Standing, gather_users, keep
from subscription_mgmt.services.ports import Ports


def change_user(name: str, login: str, changes: dict[str, object], now: datetime, ports: Ports) -> Standing:
	"""`changes`: fields of a ContractUser but the login. A suspended contract takes rights away only."""
	before = gather_users(name, now, ports)
	user = named(before.users, login)
	other = replace(user, **changes)
	more = set(opens(other, before.plan)) - set(opens(user, before.plan))
	if more and before.contract.status is Status.SUSPENDED:
		raise DomainError("suspended_pays_first", contract=name)
	if other == user:
		return before
	after = keep(before, changed(before.users, other, before.plan), now, ports)
	rights_before, rights = opens(user, before.plan), opens(other, before.plan)
	ports.journal.noted(
		before.contract,
		"user_changed",
		user=user.login,
		before=", ".join(rights_before) or "-",
		after=", ".join(rights) or "-",
	)
	return after
