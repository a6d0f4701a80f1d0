"""What is a licence, what does its sale cost, and what may change about it afterwards?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum

from subscription_mgmt.engine.catalogue import Pack, Plan, PlanKind, ServiceModule
from subscription_mgmt.engine.charges import Charge, ChargeKind, charge_key
from subscription_mgmt.engine.deployment import Deployment, functions_of, needing_online
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.money import rounded
from subscription_mgmt.engine.periods import Interval, add_months
from subscription_mgmt.engine.prices import price_on


class LicenceStatus(Enum):
	DRAFT = "Draft"
	ISSUED = "Issued"
	REVOKED = "Revoked"


LICENCE_MOVES: dict[tuple[LicenceStatus, str], LicenceStatus] = {
	(LicenceStatus.DRAFT, "sold"): LicenceStatus.ISSUED,
	(LicenceStatus.ISSUED, "revoked"): LicenceStatus.REVOKED,
}


@dataclass(frozen=True)
class Licence:
	"""A plan of kind Licence, bought once by a customer.

	`functions`: all that were bought; `online_only`: those of them that are lost on a Local licence.
	`updates_until`: first day whose updates are not included. `converted_from`: the subscription it replaces.
	`changes`: how often it was changed; the generation of the charges a change makes (the sale's is 0).
	"""

	name: str
	customer: str
	plan: str
	currency: str
	deployment: Deployment = Deployment.ONLINE
	decimals: int = 2
	status: LicenceStatus = LicenceStatus.DRAFT
	modules: tuple[str, ...] = ()
	functions: tuple[str, ...] = ()
	online_only: tuple[str, ...] = ()
	updates_until: date | None = None
	sold_on: date | None = None
	converted_from: str | None = None
	hosting_plan: str | None = None
	hosting_every: Interval | None = None
	hosting_contract: str | None = None
	instance: str | None = None
	revoked_on: date | None = None
	revocation_reason: str | None = None
	changes: int = 0

	@property
	def working(self) -> tuple[str, ...]:
		"""The functions that can be used where the licence is deployed."""
		if self.deployment is Deployment.ONLINE:
			return self.functions
		return tuple(function for function in self.functions if function not in self.online_only)

	def moved(self, event: str) -> "Licence":
		"""The licence after `event`. Raises DomainError `licence_move_refused` if there is no such."""
		after = LICENCE_MOVES.get((self.status, event))
		if after is None:
			raise DomainError(
				"licence_move_refused", licence=self.name, status=self.status.value, event=event
			)
		return replace(self, status=after)


@dataclass(frozen=True)
class Sale:
	"""The licence as it is afterwards, and what is owed for it."""

	licence: Licence
	charges: tuple[Charge, ...] = ()


def sold(licence: Licence, plan: Plan, modules: Mapping[str, ServiceModule], today: date) -> Sale:
	"""A Draft licence, sold: charged once, with the plan's modules and functions, and updates for a while.

	Seed bo: "El Pago único por la compra del sistema." Raises DomainError: `licence_move_refused`,
	`not_a_licence`, `no_price`.
	"""
	issued = licence.moved("sold")
	if plan.kind is not PlanKind.LICENCE:
		raise DomainError("not_a_licence", plan=plan.name, kind=plan.kind.value)
	price = price_on(plan.name, plan.prices, None, licence.currency, today)
	charge = _charge(licence, ChargeKind.LICENCE, plan.name, price, None, today)
	issued = replace(issued, sold_on=today, updates_until=add_months(today, plan.updates_months))
	return Sale(_holding(issued, plan.modules, plan.functions, modules), (charge,))


def deployed(licence: Licence, deployment: Deployment, modules: Mapping[str, ServiceModule]) -> Licence:
	"""The licence Online or Local: what needs to be online is lost when it goes and back when it returns."""
	check_issued(licence)
	if licence.deployment is deployment:
		raise DomainError("deployed_there", licence=licence.name, deployment=deployment.value)
	online_only = needing_online(licence.functions, licence.modules, modules)
	return replace(licence, deployment=deployment, online_only=online_only, changes=licence.changes + 1)


def modules_added(
	licence: Licence,
	names: Sequence[str],
	pack: Pack | None,
	modules: Mapping[str, ServiceModule],
	today: date,
) -> Sale:
	"""More modules and their functions; `pack` prices them, each if it is sold per module (None: free).

	Seed bo: "Puede contratar módulos de Recursos Humanos, Activos Fijos."
	"""
	check_issued(licence)
	_check_modules(licence, names, modules)
	licence = replace(licence, changes=licence.changes + 1)
	charges = tuple(_pack_charges(licence, pack, names, today)) if pack else ()
	return Sale(_holding(licence, names, (), modules), charges)


def updates_renewed(licence: Licence, months: int, pack: Pack | None, today: date) -> Sale:
	"""`months` more of updates, from the day they end, or from today if that is over; `pack` prices them.

	Seed bo: "Contando con actualización según la contratación."
	"""
	check_issued(licence)
	if months <= 0:
		raise DomainError("quantity_not_positive", what=licence.name, quantity=months)
	licence = replace(licence, changes=licence.changes + 1)
	charges = tuple(_pack_charges(licence, pack, (), today)) if pack else ()
	until = add_months(max(today, licence.updates_until or today), months)
	return Sale(replace(licence, updates_until=until), charges)


def revoked(licence: Licence, reason: str, today: date) -> Licence:
	"""For good: who buys again gets another licence."""
	if not reason.strip():
		raise DomainError("revocation_needs_reason", licence=licence.name)
	return replace(licence.moved("revoked"), revoked_on=today, revocation_reason=reason.strip())


def check_issued(licence: Licence) -> None:
	if licence.status is LicenceStatus.DRAFT:
		raise DomainError("licence_not_sold", licence=licence.name)
	if licence.status is LicenceStatus.REVOKED:
		raise DomainError("licence_revoked", licence=licence.name)


def _check_modules(licence: Licence, names: Sequence[str], modules: Mapping[str, ServiceModule]) -> None:
	if not names:
		raise DomainError("no_modules", licence=licence.name)
	for name in names:
		if name not in modules:
			raise DomainError("unknown_module", module=name)
		if name in licence.modules or list(names).count(name) > 1:
			raise DomainError("module_on_licence", licence=licence.name, module=name)


def _holding(
	licence: Licence, names: Iterable[str], functions: Iterable[str], modules: Mapping[str, ServiceModule]
) -> Licence:
	"""The licence with these modules, their functions and these functions more, each once."""
	names = tuple(names)
	own = tuple(dict.fromkeys((*licence.modules, *names)))
	of_modules = (function for name in names if name in modules for function in functions_of(modules[name]))
	held = tuple(dict.fromkeys((*licence.functions, *functions, *of_modules)))
	return replace(licence, modules=own, functions=held, online_only=needing_online(held, own, modules))


def _pack_charges(licence: Licence, pack: Pack, names: Iterable[str], today: date) -> Iterable[Charge]:
	if not pack.one_off:
		raise DomainError("pack_recurs", pack=pack.name)
	price = price_on(pack.name, pack.prices, None, licence.currency, today)
	for module in names if pack.per_module else (None,):
		yield _charge(licence, ChargeKind.PACK, pack.name, price, module, today)


def _charge(
	licence: Licence, kind: ChargeKind, what: str, price: Decimal, module: str | None, today: date
) -> Charge:
	named = f"{kind.value}:{what}/{module}" if module else f"{kind.value}:{what}"
	return Charge(
		key=charge_key(licence.name, named, today, licence.changes),
		contract=None,
		customer=licence.customer,
		kind=kind,
		what=what,
		quantity=Decimal(1),
		rate=price,
		amount=rounded(price, licence.decimals),
		currency=licence.currency,
		charged_on=today,
		decimals=licence.decimals,
		module=module,
		licence=licence.name,
	)
