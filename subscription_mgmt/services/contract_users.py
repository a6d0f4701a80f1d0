"""What do the verbs of a contract's users share: gathering them, counting them, keeping what changed?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from subscription_mgmt.engine.catalogue import Pack, Plan
from subscription_mgmt.engine.contracts import Contract, check_running
from subscription_mgmt.engine.money import ZERO
from subscription_mgmt.engine.overage import month_of
from subscription_mgmt.engine.usage import UsageRecord
from subscription_mgmt.engine.users import USERS, ContractUser, Seats, check_let_in, records_of, seats
from subscription_mgmt.services.applying import gather
from subscription_mgmt.services.ports import Ports
from subscription_mgmt.services.record_usage import record_usage


@dataclass(frozen=True)
class Standing:
	"""A contract's users, and how they stand to its quotas today."""

	contract: Contract
	plan: Plan
	packs: Mapping[str, Pack]
	users: tuple[ContractUser, ...]
	seats: Sequence[Seats]


def gather_users(name: str, now: datetime, ports: Ports) -> Standing:
	"""Raises DomainError when the contract is a draft or over."""
	contract = ports.contracts.get(name)
	check_running(contract, now.date())
	return standing_of(contract, now, ports)


def standing_of(contract: Contract, now: datetime, ports: Ports) -> Standing:
	plan, packs = gather(contract, ports)
	users = tuple(ports.users.of(contract.name))
	return Standing(contract, plan, packs, users, seats(users, contract, plan, packs, now.date()))


def with_users(before: Standing, users: tuple[ContractUser, ...], now: datetime) -> Standing:
	"""As it would be with these users."""
	counted = seats(users, before.contract, before.plan, before.packs, now.date())
	return replace(before, users=users, seats=counted)


def keep(before: Standing, users: tuple[ContractUser, ...], now: datetime, ports: Ports) -> Standing:
	"""Store what changed and count it at once: a declared user is metered from that moment (seed fr: "Une déclaration
	d'un utilisateur autre que l'administrateur [...] sera facturé en consommation"). Raises DomainError
	`users_beyond_quota`."""
	if users == before.users:
		return before
	after = with_users(before, users, now)
	check_let_in(before.seats, after.seats)
	ports.users.save(before.contract, before.users, users)
	known = ports.usage.since(before.contract.name, month_of(before.contract, now.date()).start)
	template = UsageRecord("", USERS, now, ZERO)
	# Of two changes of one moment, the later one has the later key and holds.
	changed = min(user.login for user in {*before.users} ^ {*users})
	stamp = f"{now.isoformat()} {len(known):06d} {changed}"
	records = records_of(before.seats, after.seats, known, stamp, template)
	if records:
		intake = record_usage(before.contract.name, records, now, ports)
		for _, refusal in intake.refused:
			raise refusal
	return after
