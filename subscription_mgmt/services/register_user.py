"""Register a user of a contract, with the modules he may open; whom the quota does not hold is metered or refused."""

from datetime import datetime

from subscription_mgmt.engine.contracts import Status
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.users import ContractUser, named, opens, registered
from subscription_mgmt.services.contract_users import Standing, gather_users, keep, with_users
from subscription_mgmt.services.ports import Ports


def register_user(name: str, user: ContractUser, now: datetime, ports: Ports) -> Standing:
	"""`now`: local time of the contract."""
	before = gather_users(name, now, ports)
	if before.contract.status is Status.SUSPENDED:
		raise DomainError("suspended_pays_first", contract=name)
	after = keep(before, registered(before.users, user, before.plan), now, ports)
	new = named(after.users, user.login)
	ports.journal.noted(
		before.contract, "user_added", user=new.login, modules=", ".join(opens(new, before.plan)) or "-"
	)
	return after


def would_register(name: str, user: ContractUser, now: datetime, ports: Ports) -> Standing:
	"""As it would be with the user; nothing is stored. Where he would be refused, it shows what is missing."""
	before = gather_users(name, now, ports)
	return with_users(before, registered(before.users, user, before.plan), now)
