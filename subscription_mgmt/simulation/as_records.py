"""Which records of a site does a catalogue file amount to? None refers to a later one."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from subscription_mgmt.engine.closures import Closure
from subscription_mgmt.engine.periods import Interval
from subscription_mgmt.engine.prices import ONCE
from subscription_mgmt.simulation.catalogue_file import (
	BackupEntry,
	CatalogueFile,
	DunningEntry,
	LoyaltyEntry,
	ModuleEntry,
	PackEntry,
	PlanEntry,
	Prices,
	QuotaEntry,
)
from subscription_mgmt.simulation.support_catalogue import closure_of
from subscription_mgmt.simulation.support_file import (
	WEEKDAYS,
	CalendarEntry,
	SlaEntry,
	TopicEntry,
	weekdays_of,
)
from subscription_mgmt.simulation.yaml_file import FileError

FULL_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOUR = timedelta(hours=1)


class Record(NamedTuple):
	"""`values`: what the file says, by field; a list of rows for a table."""

	doctype: str
	name: str
	values: dict[str, object]


def records_of(offer: CatalogueFile) -> Iterator[Record]:
	"""Raises FileError where the file says something that a record cannot hold."""
	for name, calendar in offer.calendars.items():
		yield from _calendar(name, calendar, offer.timezone)
	for name, dunning in offer.dunning_policies.items():
		yield Record("Dunning Policy", name, _dunning(name, dunning))
	for name, backup in offer.backup_policies.items():
		yield Record("Backup Policy", name, _backup(name, backup))
	for name, sla in offer.sla_policies.items():
		yield Record("SLA Policy", name, _sla(name, sla))
	for name, module in _modules(offer).items():
		yield Record("Service Module", name, _module(name, module))
	for name, pack in offer.packs.items():
		yield Record("Pack", name, _pack(name, pack, offer.currency))
	for name, plan in offer.plans.items():
		yield Record("Plan", name, _plan(name, plan, offer.currency))
	for name, topic in offer.topics.items():
		yield Record("Support Topic", name, _topic(name, topic, offer.packs))
	for name, loyalty in offer.loyalty_programs.items():
		yield Record("Loyalty Program", name, _loyalty(name, loyalty))


def _calendar(name: str, entry: CalendarEntry, timezone: str) -> Iterator[Record]:
	values: dict[str, object] = {
		"calendar_name": name,
		"always_open": entry.always,
		"time_zone": entry.timezone or timezone,
		"windows": [
			{"weekday": FULL_WEEKDAYS[WEEKDAYS.index(day)], "start": f"{start}:00", "end": f"{end}:00"}
			for days, windows in entry.hours.items()
			for day in weekdays_of(days)
			for start, end in windows
		],
		"closures": [_closure(closure_of(closure)) for closure in entry.closures],
	}
	if entry.holidays:
		holidays = f"{name}: holidays"
		yield Record("Holiday List", holidays, _holiday_list(holidays, entry.holidays))
		values["holiday_list"] = holidays
	yield Record("Service Calendar", name, values)


def _closure(closure: Closure) -> dict[str, object]:
	return {
		"first_day": closure.first,
		"last_day": closure.last,
		"whole_days": closure.is_whole,
		"start": _clock(closure.start),
		"end": _clock(closure.end),
		"reason": closure.reason,
	}


def _clock(minute: int) -> str:
	return f"{minute // 60:02}:{minute % 60:02}:00"


def _holiday_list(name: str, days: list[date]) -> dict[str, object]:
	days = sorted(set(days))
	return {
		"holiday_list_name": name,
		"from_date": date(days[0].year, 1, 1),
		"to_date": date(days[-1].year, 12, 31),
		"holidays": [{"holiday_date": day, "description": "Holiday"} for day in days],
	}


def _dunning(name: str, entry: DunningEntry) -> dict[str, object]:
	if entry.restrict_after_days == 0:
		raise FileError(
			f"dunning_policies.{name}.restrict_after_days: 0 means never on a site; give 1, or leave it out"
		)
	return {
		"policy_name": name,
		"remind_days": _days(entry.remind_days),
		"restrict_after_days": entry.restrict_after_days or 0,
		"delete_after_restriction_days": entry.delete_after_restriction_days or 0,
		"deletion_notice_days": _days(entry.deletion_notice_days),
	}


def _days(days: list[int]) -> list[dict[str, object]]:
	return [{"day": day} for day in days]


def _backup(name: str, entry: BackupEntry) -> dict[str, object]:
	if entry.every is not None and (entry.every % HOUR or not entry.every):
		raise FileError(f"backup_policies.{name}.every: a site backs up every so many whole hours, like 6h")
	return {
		"policy_name": name,
		"times": [{"at": at.isoformat()} for at in entry.at],
		"every_hours": entry.every // HOUR if entry.every else 0,
		"keep_daily": entry.keep_daily,
		"keep_weekly": entry.keep_weekly,
		"keep_monthly": entry.keep_monthly,
		"drill_every_days": entry.drill_every_days or 0,
		"restore_within_minutes": _minutes(entry.restore_within),
	}


def _sla(name: str, entry: SlaEntry) -> dict[str, object]:
	values: dict[str, object] = {
		"policy_name": name,
		"service_calendar": entry.calendar,
		"targets": [
			{
				"severity": str(severity),
				"response_minutes": _minutes(entry.response.get(severity)),
				"resolution_minutes": _minutes(entry.resolution.get(severity)),
			}
			for severity in sorted({*entry.response, *entry.resolution})
		],
		"channels": _channels(entry),
		"languages": [{"language": language} for language in entry.languages],
		"daily_answer": entry.daily_answer,
		"hour_cap_minutes": _minutes(entry.hour_cap),
		"beyond_cap": entry.beyond_cap,
		"uses_credits": entry.credits is not None,
	}
	if entry.credits is not None:
		values["minimum_query"] = entry.credits.query
		values["minimum_intervention"] = entry.credits.intervention
		values["credit_block"] = entry.credits.block
		values["low_balance"] = entry.credits.low_balance
		values["update_credits"] = entry.credits.update
		values["expire_months"] = entry.credits.expire_months
	return values


def _channels(entry: SlaEntry) -> list[dict[str, object]]:
	own = entry.calendars_by_channel
	return [{"channel": channel, "service_calendar": own.get(channel)} for channel in entry.channels]


def _modules(offer: CatalogueFile) -> Mapping[str, ModuleEntry]:
	"""Those the file lists; where it lists none, those its plans name."""
	named = {module: ModuleEntry() for plan in offer.plans.values() for module in plan.modules}
	return offer.modules or named


def _module(name: str, entry: ModuleEntry) -> dict[str, object]:
	return {
		"module_name": name,
		"functions": [
			{"function": function, "needs_online": function in entry.needs_online}
			for function in dict.fromkeys([*entry.functions, *entry.needs_online])
		],
		**({"covers": "\n".join(entry.covers)} if entry.covers else {}),
	}


def _pack(name: str, entry: PackEntry, currency: str) -> dict[str, object]:
	return {
		"pack_name": name,
		"kind": entry.kind.value,
		"needs_contract": entry.needs_contract,
		"one_off": entry.price is not None,
		"per_module": entry.per_module,
		"metric": entry.metric,
		"quantity": float(entry.quantity),
		"credits": entry.credits,
		"minutes": entry.minutes,
		"sessions": entry.sessions,
		"sla_policy": entry.sla,
		"prices": _prices(entry.price, entry.prices, entry.prices_from, currency),
	}


def _plan(name: str, entry: PlanEntry, currency: str) -> dict[str, object]:
	return {
		"plan_name": name,
		"kind": entry.kind.value,
		"tier": entry.tier,
		"prices": _prices(entry.price, entry.prices, entry.prices_from, currency),
		"modules": [{"service_module": module} for module in entry.modules],
		"functions": [{"function": function} for function in entry.functions],
		"quotas": [_quota(metric, quota, currency) for metric, quota in entry.quotas.items()],
		"commitment_months": entry.commitment_months,
		"notice_days": entry.notice_days,
		"trial_days": entry.trial_days,
		"refundable": entry.refundable,
		"updates_months": entry.updates_months,
		"dunning_policy": entry.dunning,
		"backup_policy": entry.backup,
		"sla_policy": entry.sla,
		"availability_promise": float(entry.availability or 0),
	}


def _quota(metric: str, entry: QuotaEntry, currency: str) -> dict[str, object]:
	return {
		"metric": metric,
		"included": float(entry.included),
		"per_module": entry.per_module,
		"aggregate": entry.aggregate.value,
		"excess": entry.excess.value,
		"price": float(entry.price or 0),
		"currency": currency,
	}


def _prices(
	once: Decimal | None, prices: Prices, later: Mapping[date, Prices], currency: str
) -> list[dict[str, object]]:
	rows = [_price(None, once, None, currency)] if once is not None else []
	rows += [_price(interval, amount, None, currency) for interval, amount in prices.items()]
	for day, changed in later.items():
		rows += [_price(interval, amount, day, currency) for interval, amount in changed.items()]
	return rows


def _price(interval: Interval | None, amount: Decimal, day: date | None, currency: str) -> dict[str, object]:
	return {
		"interval": interval.value if interval else ONCE,
		"currency": currency,
		"price": float(amount),
		"valid_from": day,
	}


def _topic(name: str, entry: TopicEntry, packs: Mapping[str, PackEntry]) -> dict[str, object]:
	return {
		"topic_name": name,
		"scope": entry.scope,
		"reason": entry.reason,
		"offer": _offered(entry.offer, packs),
		"flat_credits": entry.flat_credits or 0,
	}


def _offered(offer: str | None, packs: Mapping[str, PackEntry]) -> str | None:
	"""The pack a topic offers: the one named, or the first of the kind named; None when there is none."""
	if offer in packs:
		return offer
	return next((name for name, pack in packs.items() if pack.kind.value == offer), None)


def _loyalty(name: str, entry: LoyaltyEntry) -> dict[str, object]:
	"""ERPNext's own program; it counts the points, on the site alone."""
	tier = {"tier_name": name, "min_spent": 0.0, "collection_factor": float(entry.spend_per_point)}
	return {
		"loyalty_program_name": name,
		"loyalty_program_type": "Single Tier Program",
		"from_date": entry.first,
		"auto_opt_in": entry.enrol,
		"collection_rules": [tier],
		"conversion_factor": float(entry.point_value),
		"expiry_duration": entry.valid_days,
	}


def _minutes(duration: timedelta | None) -> int:
	return int(duration.total_seconds() // 60) if duration else 0
