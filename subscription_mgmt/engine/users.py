"""Who may use what a contract gives access to, and how many users does that make in each module?

Seed fr, Accès/Utilisateurs and Accès/Profils: users are registered, then given rights per module. "Tous les
utilisateurs en dehors de l'utilisateur administrateur [...] sont des utilisateurs supplémentaires", counted "pour
chaque module auquel il aura accès".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from subscription_mgmt.engine.catalogue import Excess, Pack, PackKind, Plan, Quota
from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.money import ZERO
from subscription_mgmt.engine.quotas import METRICS, allowed_on, quota_of
from subscription_mgmt.engine.usage import UsageRecord, shortened

USERS = METRICS[PackKind.USERS]
MOST_CHARACTERS = 140


@dataclass(frozen=True)
class ContractUser:
	"""`login`: by which the system knows him, an e-mail address mostly. `modules`: those he was given rights for; the
	administrator has them for all, whatever is written here."""

	login: str
	full_name: str = ""
	modules: tuple[str, ...] = ()
	is_administrator: bool = False
	enabled: bool = True


@dataclass(frozen=True)
class Seats:
	"""How the users of a module (None: of everything) stand to the quota: `names` counted, `allowed` today, at
	`price` a month for each beyond it; `price` None: nobody is let in beyond it."""

	module: str | None
	names: tuple[str, ...]
	allowed: Decimal
	price: Decimal | None

	@property
	def extra(self) -> Decimal:
		return max(ZERO, len(self.names) - self.allowed)


def registered(users: Sequence[ContractUser], new: ContractUser, plan: Plan) -> tuple[ContractUser, ...]:
	"""The users with a new one, who is the administrator when there is none yet."""
	new = replace(new, login=_login(new.login))
	if any(user.login == new.login for user in users):
		raise DomainError("user_registered_before", user=new.login)
	_check_modules(new, plan)
	first = not any(user.is_administrator for user in users)
	return _with(users, replace(new, is_administrator=new.is_administrator or first), plan)


def changed(users: Sequence[ContractUser], user: ContractUser, plan: Plan) -> tuple[ContractUser, ...]:
	"""The users with other rights, name or state of one of them. Who is made administrator takes over from the one
	before, who keeps the rights that were written for himself."""
	before = named(users, user.login)
	if before.is_administrator and not (user.is_administrator and user.enabled):
		raise DomainError("administrator_stays", user=before.login)
	_check_modules(user, plan)
	return _with([each for each in users if each.login != before.login], user, plan)


def removed(users: Sequence[ContractUser], login: str) -> tuple[ContractUser, ...]:
	user = named(users, login)
	if user.is_administrator:
		raise DomainError("administrator_stays", user=user.login)
	return tuple(each for each in users if each is not user)


def named(users: Iterable[ContractUser], login: str) -> ContractUser:
	"""Raises DomainError `user_not_registered`."""
	for user in users:
		if user.login == _login(login):
			return user
	raise DomainError("user_not_registered", user=login)


def _login(login: str) -> str:
	login = login.strip().lower()
	if not login or len(login) > MOST_CHARACTERS or "\n" in login:
		raise DomainError("user_without_login")
	return login


def _check_modules(user: ContractUser, plan: Plan) -> None:
	for module in user.modules:
		if plan.modules and module not in plan.modules:
			raise DomainError("module_not_metered", plan=plan.name, module=module)


def _with(users: Iterable[ContractUser], new: ContractUser, plan: Plan) -> tuple[ContractUser, ...]:
	if new.is_administrator:
		users = [replace(user, is_administrator=False) for user in users]
	return tuple(sorted([*users, new], key=lambda user: user.login))


def opens(user: ContractUser, plan: Plan) -> tuple[str, ...]:
	"""The modules he can open."""
	if not user.enabled:
		return ()
	if user.is_administrator and plan.modules:
		return plan.modules
	return tuple(module for module in user.modules if not plan.modules or module in plan.modules)


def counted(users: Iterable[ContractUser], plan: Plan, quota: Quota) -> Mapping[str | None, tuple[str, ...]]:
	"""The logins counted in each module of the plan, the administrator's among them; under None, where users are not
	counted per module."""
	users = list(users)
	if not quota.per_module:
		return {None: tuple(user.login for user in users if user.enabled)}
	names: dict[str | None, list[str]] = {module: [] for module in plan.modules}
	for user in users:
		for module in opens(user, plan):
			names.setdefault(module, []).append(user.login)
	return {module: tuple(logins) for module, logins in names.items()}


def seats(
	users: Iterable[ContractUser], contract: Contract, plan: Plan, packs: Mapping[str, Pack], today: date
) -> list[Seats]:
	"""How the users stand to the quota, module by module; nothing where the plan does not count users."""
	quota = quota_of(plan, packs, USERS)
	if quota is None:
		return []
	price = quota.price_in(contract.currency, today) if quota.excess is Excess.BILL else None
	return [
		Seats(module, names, allowed_on(today, quota, contract, packs, module), price)
		for module, names in counted(users, plan, quota).items()
	]


def check_let_in(before: Sequence[Seats], after: Sequence[Seats]) -> None:
	"""Refuse one user more where nobody is let in beyond the quota. Raises DomainError `users_beyond_quota`, or
	`users_beyond_quota_in_all` where users are not counted per module."""
	extra_before = {each.module: each.extra for each in before}
	for each in after:
		if each.price is None and each.extra > extra_before.get(each.module, ZERO):
			figures = {"users": len(each.names), "allowed": f"{each.allowed.normalize():f}"}
			if each.module is None:
				raise DomainError("users_beyond_quota_in_all", **figures)
			raise DomainError("users_beyond_quota", module=each.module, **figures)


def records_of(
	before: Sequence[Seats],
	after: Sequence[Seats],
	known: Iterable[UsageRecord],
	stamp: str,
	template: UsageRecord,
) -> list[UsageRecord]:
	"""The usage that a change of the registered users makes: one record for each module whose users are others now.

	Whoever a meter found in the system without his being registered still counts. `known`: what was measured so far;
	`stamp`: makes the keys unique; `template` says when.
	"""
	last = {}
	for record in sorted(known, key=lambda record: (record.at, record.key)):
		if record.metric == USERS:
			last[record.module] = record
	names_before = {each.module: each.names for each in before}
	found = []
	for each in after:
		was = names_before.get(each.module, ())
		if set(was) == set(each.names):
			continue
		names, value = _in_system(last.get(each.module), was, each.names)
		key = shortened(f"registered {stamp} {each.module or ''}".strip())
		found.append(replace(template, key=key, module=each.module, value=value, subjects=names))
	return found


def _in_system(
	measured: UsageRecord | None, was: Sequence[str], now: Sequence[str]
) -> tuple[tuple[str, ...], Decimal]:
	strangers = set(measured.subjects) - set(was) if measured else set()
	names = tuple(sorted(strangers | set(now)))
	unnamed = measured.value if measured and not measured.subjects else ZERO
	return names, max(Decimal(len(names)), unnamed)
