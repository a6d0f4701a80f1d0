"""What does a file say of a vendor's catalogue and policies? (`shared/SCENARIOS.md`, Input)

The same sections serve `simulate` and `import-catalogue`.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

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
	Window,
	Zone,
)

Prices = dict[Every, Amount]
Weekdays = dict[str, list[Window]]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Severity = Literal[1, 2, 3, 4]


class CalendarEntry(FileModel):
	timezone: Zone | None = None
	hours: Weekdays = {}
	holidays: list[Day] = []
	always: bool = False

	@model_validator(mode="after")
	def has_a_working_hour(self) -> "CalendarEntry":
		if not self.always and not any(self.hours.values()):
			raise ValueError("has no working hour; give hours, or always: true")
		for days in self.hours:
			weekdays_of(days)
		return self


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


class CreditRules(FileModel):
	query: Count = 15
	intervention: Count = 45
	block: int = Field(default=15, ge=1)
	update: Count = 120
	low_balance: Count = 0
	expire_months: Months = 0


class SlaEntry(FileModel):
	calendar: Name
	response: dict[Severity, Duration] = {}
	resolution: dict[Severity, Duration] = {}
	hour_cap: Duration | None = None
	beyond_cap: Literal["decline", "credits"] = "decline"
	channels: list[Name] = []
	credits: CreditRules | None = None


class TopicEntry(FileModel):
	scope: Literal["Included", "Excluded", "By Quote", "Community"]
	reason: str | None = None
	offer: Name | None = None
	flat_credits: Count | None = None


class ModuleEntry(FileModel):
	functions: list[Name] = []
	needs_online: list[Name] = []


class QuotaEntry(FileModel):
	included: Amount = Decimal(0)
	per_module: bool = False
	aggregate: Aggregate = Aggregate.LAST
	excess: Excess = Excess.BLOCK
	price: Amount | None = None


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

	@model_validator(mode="after")
	def is_priced_one_way(self) -> "PackEntry":
		if self.price is not None and (self.prices or self.prices_from):
			raise ValueError("has price (sold once) and prices (recurring); keep one of them")
		return self


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
			name: ServiceModule(name, tuple(entry.functions), tuple(entry.needs_online))
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


def weekdays_of(days: str) -> list[str]:
	"""Weekdays a key like `mon-fri`, `sat` or `mon,wed` names. Raises ValueError."""
	named: list[str] = []
	for part in days.split(","):
		first, _, last = part.strip().partition("-")
		last = last or first
		if first not in WEEKDAYS or last not in WEEKDAYS or WEEKDAYS.index(first) > WEEKDAYS.index(last):
			raise ValueError(f"hours: {days} names no weekdays; write mon-fri or sat")
		named.extend(WEEKDAYS[WEEKDAYS.index(first) : WEEKDAYS.index(last) + 1])
	return named


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
	quotas = tuple(Quota(metric, **quota.model_dump()) for metric, quota in entry.quotas.items())
	plan = Plan(
		name=name,
		prices=_prices(currency, entry.price, entry.prices, entry.prices_from),
		quotas=quotas,
		modules=tuple(entry.modules),
		functions=tuple(entry.functions),
		**entry.model_dump(exclude={"price", "prices", "prices_from", "quotas", "modules", "functions"}),
	)
	check_plan(plan)
	return plan


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
