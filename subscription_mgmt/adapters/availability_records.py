"""What is known of how far instances could be reached, and what was promised? A few queries for all of them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import frappe
from frappe.utils import get_system_timezone

from subscription_mgmt.adapters.moments import moment_of, stored
from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.availability import Outage, Span
from subscription_mgmt.engine.charges import ChargeKind
from subscription_mgmt.engine.contracts import Status
from subscription_mgmt.engine.periods import Period
from subscription_mgmt.engine.probing import SET_UP_WITHIN, UNSEEN_AFTER

SERVED = tuple(
	status.value for status in Status if status not in (Status.DRAFT, Status.ENDED, Status.CANCELLED)
)


@dataclass(frozen=True)
class Hosted:
	"""An instance, since when and until when it exists, and since when and until when the probe has seen it."""

	name: str
	customer: str
	zone: ZoneInfo
	since: datetime
	until: datetime | None
	first_reached: datetime | None
	seen: datetime | None


@dataclass(frozen=True)
class Promise:
	"""A share of each month, in percent, promised by a plan that was charged for the period."""

	period: Period
	percent: Decimal


def hosted(filters: Mapping[str, object]) -> list[Hosted]:
	"""Those that the user may see, by name."""
	fields = ["name", "customer", "actual_mode", "creation", "confirmed_at"]
	rows = frappe.get_list("Hosted Instance", filters, fields, order_by="name", limit=0)
	names = [row.name for row in rows]
	zones, probes = zones_of(names), _probes(names)
	return [
		Hosted(
			name=row.name,
			customer=row.customer,
			zone=zones[row.name],
			since=moment_of(row.creation),
			until=moment_of(row.confirmed_at) if row.actual_mode == Mode.DELETED.value else None,
			first_reached=moment_of(probes[row.name].first_reached_at) if row.name in probes else None,
			seen=moment_of(probes[row.name].seen_at) if row.name in probes else None,
		)
		for row in rows
	]


def zones_of(instances: Collection[str]) -> dict[str, ZoneInfo]:
	"""In which zone the days and months of each count: that of its latest contract, else the site's."""
	rows = frappe.get_all(
		"Subscription Contract",
		{"instance": ["in", list(instances)], "status": ["!=", Status.DRAFT.value]},
		["instance", "time_zone"],
		order_by="creation",
	)
	known = {row.instance: row.time_zone for row in rows if row.time_zone}
	own = get_system_timezone()
	return {name: ZoneInfo(known.get(name) or own) for name in instances}


def outages_between(instances: Collection[str], span: Span, now: datetime) -> dict[str, list[Outage]]:
	"""Those that count and touch the span, by instance; one that goes on has lasted until `now`."""
	outage = frappe.qb.DocType("Outage")
	rows = (
		frappe.qb.from_(outage)
		.select(outage.hosted_instance, outage.started_at, outage.ended_at, outage.planned)
		.where(outage.hosted_instance.isin(list(instances)) & (outage.not_counted == 0))
		.where(outage.started_at < stored(span[1]))
		.where(outage.ended_at.isnull() | (outage.ended_at > stored(span[0])))
		.run(as_dict=True)
	)
	found: dict[str, list[Outage]] = defaultdict(list)
	for row in rows:
		start, end = moment_of(row.started_at), moment_of(row.ended_at) or now
		if start < end:
			found[row.hosted_instance].append(Outage(start, end, bool(row.planned)))
	return found


def unseen_of(instances: Sequence[Hosted], span: Span, now: datetime) -> dict[str, list[Span]]:
	"""When nobody looked, by instance: in gaps, since it was last seen, and before it was first reached, unless it was
	reached so soon that it was being set up."""
	gap = frappe.qb.DocType("Probe Gap")
	rows = (
		frappe.qb.from_(gap)
		.select(gap.hosted_instance, gap.started_at, gap.ended_at)
		.where(gap.started_at < stored(span[1]))
		.where(gap.ended_at.isnull() | (gap.ended_at > stored(span[0])))
		.run(as_dict=True)
	)
	gaps: dict[str | None, list[Span]] = defaultdict(list)
	for row in rows:
		gaps[row.hosted_instance or None].append((moment_of(row.started_at), moment_of(row.ended_at) or now))
	return {each.name: _unseen(each, [*gaps[None], *gaps[each.name]], now) for each in instances}


def promises_of(instances: Collection[str], period: Period) -> dict[str, list[Promise]]:
	"""What the plans promised that were charged for days of the period, by instance."""
	charge, contract = frappe.qb.DocType("Contract Charge"), frappe.qb.DocType("Subscription Contract")
	plan = frappe.qb.DocType("Plan")
	rows = (
		frappe.qb.from_(charge)
		.join(contract)
		.on(contract.name == charge.subscription_contract)
		.join(plan)
		.on(plan.name == charge.what)
		.select(contract.instance, charge.period_start, charge.period_end, plan.availability_promise)
		.where(charge.kind == ChargeKind.PLAN.value)
		.where(contract.instance.isin(list(instances)) & (plan.availability_promise > 0))
		.where((charge.period_start < period.end) & (charge.period_end > period.start))
		.run(as_dict=True)
	)
	found: dict[str, list[Promise]] = defaultdict(list)
	for row in rows:
		percent = Decimal(str(row.availability_promise))
		found[row.instance].append(Promise(Period(row.period_start, row.period_end), percent))
	return found


def current_promises(instances: Collection[str]) -> dict[str, Decimal]:
	"""The highest promise of the contracts that serve each now, for who is not charged by periods."""
	contract, plan = frappe.qb.DocType("Subscription Contract"), frappe.qb.DocType("Plan")
	rows = (
		frappe.qb.from_(contract)
		.join(plan)
		.on(plan.name == contract.plan)
		.select(contract.instance, plan.availability_promise)
		.where(contract.instance.isin(list(instances)) & contract.status.isin(SERVED))
		.where(plan.availability_promise > 0)
		.orderby(plan.availability_promise)
		.run()
	)
	return {instance: Decimal(str(percent)) for instance, percent in rows}


def _probes(names: Collection[str]) -> dict[str, Mapping]:
	fields = ["name", "first_reached_at", "seen_at"]
	return {row.name: row for row in frappe.get_all("Instance Probe", {"name": ["in", list(names)]}, fields)}


def _unseen(each: Hosted, gaps: Sequence[Span], now: datetime) -> list[Span]:
	end = each.until or now
	was_set_up = each.first_reached is not None and each.first_reached - each.since <= SET_UP_WITHIN
	begin = each.first_reached if was_set_up else each.since
	unseen = [*gaps, (each.since, each.first_reached or end)]
	if each.seen is not None and end - each.seen > UNSEEN_AFTER:
		unseen.append((each.seen, end))
	cut = ((max(start, begin), min(until, end)) for start, until in unseen)
	return [(start, until) for start, until in cut if start < until]
