"""How do Plan and Pack records become what the engine knows?"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import frappe
from frappe.model.document import Document
from frappe.utils import getdate

from subscription_mgmt.engine.catalogue import (
	Aggregate,
	Excess,
	Pack,
	PackKind,
	Plan,
	PlanKind,
	Quota,
	ServiceModule,
)
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.periods import Interval
from subscription_mgmt.engine.policies import DunningPolicy
from subscription_mgmt.engine.prices import ONCE, Price


class CatalogueRecords:
	"""Implements `ports.Catalogue`. Keeps what it has read: one instance serves one request or batch."""

	def __init__(self) -> None:
		self._plans: dict[str, Plan] = {}
		self._packs: dict[str, Pack] = {}
		self._modules: Mapping[str, ServiceModule] | None = None

	def plan(self, name: str) -> Plan:
		if name not in self._plans:
			self._plans[name] = plan_of(_record("Plan", name, "unknown_plan"))
		return self._plans[name]

	def modules(self) -> Mapping[str, ServiceModule]:
		if self._modules is None:
			self._modules = _modules()
		return self._modules

	def packs(self, names: Iterable[str]) -> Mapping[str, Pack]:
		return {name: self._pack(name) for name in names}

	def dunning(self, name: str) -> DunningPolicy:
		return dunning_of(frappe.get_cached_doc("Dunning Policy", name))

	def _pack(self, name: str) -> Pack:
		if name not in self._packs:
			self._packs[name] = pack_of(_record("Pack", name, "unknown_pack"))
		return self._packs[name]


def _modules() -> Mapping[str, ServiceModule]:
	modules = frappe.get_all("Service Module", fields=["name", "covers"], limit=0)
	rows = frappe.get_all(
		"Service Function",
		{"parenttype": "Service Module"},
		["parent", "function", "needs_online"],
		order_by="idx",
		limit=0,
	)
	covers = {row.name: _lines(row.covers) for row in modules}
	functions: dict[str, list[Document]] = {name: [] for name in covers}
	for row in rows:
		functions.setdefault(row.parent, []).append(row)
	return {
		name: ServiceModule(
			name,
			tuple(row.function for row in held),
			tuple(row.function for row in held if row.needs_online),
			covers.get(name, ()),
		)
		for name, held in functions.items()
	}


def _lines(text: str | None) -> tuple[str, ...]:
	return tuple(line.strip() for line in (text or "").splitlines() if line.strip())


def _record(doctype: str, name: str, code: str) -> Document:
	try:
		return frappe.get_cached_doc(doctype, name)
	except frappe.DoesNotExistError:
		frappe.clear_last_message()
		raise DomainError(code, **{doctype.lower(): name}) from None


def plan_of(record: Document) -> Plan:
	return Plan(
		name=record.name or record.plan_name,
		kind=PlanKind(record.kind),
		prices=tuple(_price(row) for row in record.prices),
		tier=record.tier or 0,
		modules=tuple(row.service_module for row in record.modules),
		functions=tuple(row.function for row in record.functions),
		quotas=_quotas(record.quotas),
		commitment_months=record.commitment_months or 0,
		notice_days=record.notice_days or 0,
		trial_days=record.trial_days or 0,
		refundable=bool(record.refundable),
		updates_months=record.updates_months or 0,
		dunning=record.dunning_policy,
		backup=record.backup_policy,
		sla=record.sla_policy,
	)


def pack_of(record: Document) -> Pack:
	return Pack(
		name=record.name or record.pack_name,
		kind=PackKind(record.kind),
		prices=tuple(_price(row) for row in record.prices),
		needs_contract=bool(record.needs_contract),
		one_off=bool(record.one_off),
		per_module=bool(record.per_module),
		metric=record.metric,
		quantity=exact(record.quantity),
		credits=record.credits or 0,
		minutes=record.minutes or 0,
		sessions=record.sessions or 0,
		sla=record.sla_policy or None,
	)


def dunning_of(record: Document) -> DunningPolicy:
	"""0 days means never, as the form says."""
	return DunningPolicy(
		name=record.name or record.policy_name,
		remind_days=tuple(row.day for row in record.remind_days),
		restrict_after_days=record.restrict_after_days or None,
		delete_after_restriction_days=record.delete_after_restriction_days or None,
		deletion_notice_days=tuple(row.day for row in record.deletion_notice_days),
	)


def _price(row: Document) -> Price:
	interval = None if row.interval == ONCE else Interval(row.interval)
	return Price(interval, row.currency, exact(row.price), day(row.valid_from))


def _quotas(rows: Iterable[Document]) -> tuple[Quota, ...]:
	"""One for all billed rows that say the same of a metric: each has the price of another currency or day."""
	prices: dict[tuple, list[Price]] = {}
	for row in rows:
		bills = row.excess == Excess.BILL.value
		terms = (row.metric, exact(row.included), row.aggregate, row.excess, bool(row.per_module))
		held = prices.setdefault((*terms, None if bills else row.idx), [])
		if bills:
			held.append(Price(None, row.currency, exact(row.price), day(row.valid_from)))
	return tuple(_quota(*terms, held) for (*terms, _row), held in prices.items())


def _quota(
	metric: str,
	included: Decimal,
	aggregate: str,
	excess: str,
	per_module: bool,
	prices: list[Price],
) -> Quota:
	"""A single price without a currency or day is that of every contract."""
	quota = Quota(metric, included, Aggregate(aggregate), Excess(excess), None, per_module, tuple(prices))
	if len(prices) == 1 and not prices[0].currency and not prices[0].valid_from:
		return replace(quota, price=prices[0].amount, prices=())
	return quota


def exact(value: float | int | str | None) -> Decimal:
	"""A record's float as the decimal a person typed: 0.1 is 0.1."""
	return Decimal(str(value or 0))


def day(value: str | date | None) -> date | None:
	return getdate(value) if value else None
