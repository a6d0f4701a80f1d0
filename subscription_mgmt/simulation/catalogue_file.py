"""What does a file say of a vendor's catalogue and policies? (`shared/SCENARIOS.md`, Input)

The same sections serve `simulate` and `import-catalogue`.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from pydantic import Field, model_validator

from subscription_mgmt.engine.backup_schedule import BackupPolicy, check_backup
from subscription_mgmt.engine.catalogue import (
	Aggregate,
	Excess,
	Pack,
	PackKind,
	Plan,
	PlanKind,
	Quota,
	ServiceModule,
	check_pack,
	check_plan,
)
from subscription_mgmt.engine.periods import Interval
from subscription_mgmt.engine.policies import DunningPolicy, check_dunning
from subscription_mgmt.engine.prices import Price
from subscription_mgmt.simulation.fields import (
	Amount,
	Clock,
	Count,
	Currency,
	Day,
	Days,
	Duration,
	Every,
	FileModel,
	Months,
	Name,
	Quantity,
	Zone,
)
from subscription_mgmt.simulation.support_file import CalendarEntry, SlaEntry, TopicEntry

Prices = dict[Every, Amount]


class DunningEntry(FileModel):
	remind_days: list[Days] = []
	restrict_after_days: Days | None = None
	delete_after_restriction_days: Days | None = None
	deletion_notice_days: list[Days] = []


class BackupEntry(FileModel):
	at: list[Clock] = []
	every: Duration | None = None
	keep_daily: Count = 7
	keep_weekly: Count = 4
	keep_monthly: Count = 12
	drill_every_days: Days | None = None
	restore_within: Duration | None = None

	@model_validator(mode="after")
	def is_scheduled(self) -> "BackupEntry":
		if bool(self.at) == (self.every is not None):
			raise ValueError("needs either at (times of day) or every (a duration)")
		return self


class ModuleEntry(FileModel):
	functions: list[Name] = []
	needs_online: list[Name] = []
	covers: list[Name] = []


class QuotaEntry(FileModel):
	included: Amount = Decimal(0)
	per_module: bool = False
	aggregate: Aggregate = Aggregate.LAST
	excess: Excess = Excess.BLOCK
	price: Amount | None = None


# Of a plan, what the engine knows in a form of its own, or not at all: how far it is reached is measured elsewhere.
OTHERWISE_READ = ("price", "prices", "prices_from", "quotas", "availability")


class PlanEntry(FileModel):
	kind: PlanKind
	tier: Count = 0
	price: Amount | None = None
	prices: Prices = {}
	prices_from: dict[Day, Prices] = {}
	modules: list[Name] = []
	functions: list[Name] = []
	quotas: dict[Name, QuotaEntry] = {}
	dunning: Name | None = None
	backup: Name | None = None
	sla: Name | None = None
	commitment_months: Months = 0
	notice_days: Days = 0
	trial_days: Days = 0
	refundable: bool = False
	updates_months: Months = 0
	availability: Amount | None = Field(default=None, gt=0, le=100)  # percent of each month, promised


class PackEntry(FileModel):
	kind: PackKind
	metric: Name | None = None
	quantity: Amount = Decimal(1)
	per_module: bool = False
	needs_contract: bool = True
	price: Amount | None = None
	prices: Prices = {}
	prices_from: dict[Day, Prices] = {}
	credits: Count = 0
	minutes: Count = 0
	sessions: Count = 1
	sla: Name | None = None

	@model_validator(mode="after")
	def is_priced_one_way(self) -> "PackEntry":
		if self.price is not None and (self.prices or self.prices_from):
			raise ValueError("has price (sold once) and prices (recurring); keep one of them")
		return self


class LoyaltyEntry(FileModel):
	"""One point for every `spend_per_point` of an invoice's total with tax."""

	first: Day = Field(alias="from")
	spend_per_point: Amount = Field(gt=0)
	point_value: Amount = Field(gt=0)
	valid_days: Quantity
	enrol: bool = True


class CatalogueFile(FileModel):
	"""The part of a scenario file that is a vendor's offer."""

	name: str
	currency: Currency
	timezone: Zone = "UTC"
	payment_days: Days = 0
	calendars: dict[Name, CalendarEntry] = {}
	dunning_policies: dict[Name, DunningEntry] = {}
	backup_policies: dict[Name, BackupEntry] = {}
	sla_policies: dict[Name, SlaEntry] = {}
	topics: dict[Name, TopicEntry] = {}
	modules: dict[Name, ModuleEntry] = {}
	plans: dict[Name, PlanEntry] = {}
	packs: dict[Name, PackEntry] = {}
	loyalty_programs: dict[Name, LoyaltyEntry] = {}

	def engine_plans(self) -> dict[str, Plan]:
		return {name: plan_of(name, entry, self.currency) for name, entry in self.plans.items()}

	def engine_packs(self) -> dict[str, Pack]:
		return {name: pack_of(name, entry, self.currency) for name, entry in self.packs.items()}

	def engine_dunning_policies(self) -> dict[str, DunningPolicy]:
		return {name: dunning_policy_of(name, entry) for name, entry in self.dunning_policies.items()}

	def engine_backup_policies(self) -> dict[str, BackupPolicy]:
		return {name: backup_policy_of(name, entry) for name, entry in self.backup_policies.items()}

	def engine_modules(self) -> dict[str, ServiceModule]:
		return {
			name: ServiceModule(name, tuple(entry.functions), tuple(entry.needs_online), tuple(entry.covers))
			for name, entry in self.modules.items()
		}


def backup_policy_of(name: str, entry: BackupEntry) -> BackupPolicy:
	"""Raises DomainError when it never, or always, makes backups."""
	policy = BackupPolicy(
		name, tuple(entry.at), entry.every, entry.keep_daily, entry.keep_weekly, entry.keep_monthly
	)
	check_backup(policy)
	return policy


def dunning_policy_of(name: str, entry: DunningEntry) -> DunningPolicy:
	"""Raises DomainError when its figures contradict each other."""
	policy = DunningPolicy(
		name=name,
		remind_days=tuple(entry.remind_days),
		restrict_after_days=entry.restrict_after_days,
		delete_after_restriction_days=entry.delete_after_restriction_days,
		deletion_notice_days=tuple(entry.deletion_notice_days),
	)
	check_dunning(policy)
	return policy


def _prices(
	currency: str, once: Decimal | None, prices: Mapping[Interval, Decimal], later: Mapping[date, Prices]
) -> tuple[Price, ...]:
	listed = [Price(None, currency, once)] if once is not None else []
	listed += [Price(interval, currency, amount) for interval, amount in prices.items()]
	for day, changed in later.items():
		listed += [Price(interval, currency, amount, day) for interval, amount in changed.items()]
	return tuple(listed)


def plan_of(name: str, entry: PlanEntry, currency: str) -> Plan:
	"""Raises DomainError when the plan makes no sense."""
	quotas = tuple(_quota(metric, quota, currency) for metric, quota in entry.quotas.items())
	plan = Plan(
		name=name,
		prices=_prices(currency, entry.price, entry.prices, entry.prices_from),
		quotas=quotas,
		modules=tuple(entry.modules),
		functions=tuple(entry.functions),
		**entry.model_dump(exclude={*OTHERWISE_READ, "modules", "functions"}),
	)
	check_plan(plan)
	return plan


def _quota(metric: str, entry: QuotaEntry, currency: str) -> Quota:
	prices = () if entry.price is None else (Price(None, currency, entry.price),)
	return Quota(metric, prices=prices, **entry.model_dump(exclude={"price"}))


def pack_of(name: str, entry: PackEntry, currency: str) -> Pack:
	"""Raises DomainError when the pack makes no sense."""
	pack = Pack(
		name=name,
		prices=_prices(currency, entry.price, entry.prices, entry.prices_from),
		one_off=entry.price is not None,
		**entry.model_dump(exclude={"price", "prices", "prices_from"}),
	)
	check_pack(pack)
	return pack
