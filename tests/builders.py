"""Which plans, packs and contracts do the tests speak of? Small ones, that say only what matters."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import strategies as st

from subscription_mgmt.adapters.memory import (
	MemoryCatalogue,
	MemoryContracts,
	MemoryCustomers,
	MemoryLedger,
	MemoryLicences,
)
from subscription_mgmt.adapters.memory_users import MemoryUsers
from subscription_mgmt.engine.catalogue import Pack, PackKind, Plan, PlanKind, ServiceModule
from subscription_mgmt.engine.charges import Charge, ChargeKind
from subscription_mgmt.engine.contracts import Contract, Status
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.invoicing import Invoice
from subscription_mgmt.engine.periods import Interval, Period
from subscription_mgmt.engine.prices import Price
from subscription_mgmt.services.ports import Ports

MONTHLY, QUARTERLY, HALF_YEARLY, YEARLY = Interval
CENT = Decimal("0.01")


def day(text: str) -> date:
	return date.fromisoformat(text)


def period(start: str, end: str) -> Period:
	return Period(day(start), day(end))


def money(text: str) -> Decimal:
	return Decimal(text)


@contextmanager
def refused(code: str, **figures: object) -> Iterator[None]:
	"""The block is refused with this code, and with at least these figures."""
	with pytest.raises(DomainError) as refusal:
		yield
	assert refusal.value.code == code
	assert {name: refusal.value.context.get(name) for name in figures} == figures


def price(
	amount: str, interval: Interval | None = MONTHLY, since: str | None = None, currency: str = "USD"
) -> Price:
	return Price(interval, currency, Decimal(amount), day(since) if since else None)


def prices(monthly: str) -> tuple[Price, ...]:
	"""A price for every interval, that of a month times its months."""
	return tuple(price(str(Decimal(monthly) * interval.months), interval) for interval in Interval)


def a_plan(**changes: Any) -> Plan:
	return Plan(**{"name": "Basic", "kind": PlanKind.SUBSCRIPTION, "prices": prices("100.00"), **changes})


def a_pack(**changes: Any) -> Pack:
	return Pack(**{"name": "Users", "kind": PackKind.USERS, "prices": prices("10.00"), **changes})


def a_one_off(**changes: Any) -> Pack:
	fields = {
		"name": "Training",
		"kind": PackKind.TRAINING,
		"prices": (price("80.00", None),),
		"one_off": True,
	}
	return a_pack(**{**fields, **changes})


def a_draft(start: str = "2026-01-01", **changes: Any) -> Contract:
	fields = {"name": "C1", "customer": "Ana", "plan": "Basic", "interval": MONTHLY, "currency": "USD"}
	return Contract(**{**fields, "start": day(start), **changes})


def a_contract(anchor: str = "2026-01-01", **changes: Any) -> Contract:
	"""Active since its anchor, with nothing charged yet."""
	begun = {"status": Status.ACTIVE, "anchor": day(anchor), "next_billing": day(anchor)}
	return a_draft(anchor, **{**begun, **changes})


def a_trial(start: str = "2026-01-01", until: str = "2026-01-15", **changes: Any) -> Contract:
	begun = {"status": Status.TRIALLING, "anchor": day(until), "next_billing": day(until)}
	return a_draft(start, **{**begun, "trial_until": day(until), **changes})


def a_charge(amount: str = "100.00", **changes: Any) -> Charge:
	fields = {
		"key": "C1|plan:Basic|2026-01-01|0",
		"contract": "C1",
		"customer": "Ana",
		"kind": ChargeKind.PLAN,
		"what": "Basic",
		"quantity": Decimal(1),
		"rate": Decimal(amount),
		"amount": Decimal(amount),
		"currency": "USD",
		"charged_on": day("2026-01-01"),
		"period": period("2026-01-01", "2026-02-01"),
	}
	return Charge(**{**fields, **changes})


@dataclass
class MemoryJournal:
	"""Remembers what it was told."""

	moves: list[tuple[Status, Status]] = field(default_factory=list)
	invoices: list[Invoice] = field(default_factory=list)
	notes: list[tuple[str, dict[str, object]]] = field(default_factory=list)

	def status_changed(self, before: Contract, after: Contract) -> None:
		self.moves.append((before.status, after.status))

	def invoiced(self, invoice: Invoice) -> None:
		self.invoices.append(invoice)

	def noted(self, contract: Contract, code: str, **figures: object) -> None:
		self.notes.append((code, figures))


class Untouched:
	"""A port that contracts without an instance and an arrear have no business with: any use of it fails."""

	def __init__(self, name: str) -> None:
		self._name = name

	def __getattr__(self, verb: str) -> Any:
		raise AssertionError(f"{self._name}.{verb} was used")


def some_ports(
	*contracts: Contract,
	plans: tuple[Plan, ...] = (),
	packs: tuple[Pack, ...] = (),
	disabled: tuple[str, ...] = (),
	modules: tuple[ServiceModule, ...] = (),
) -> Ports:
	"""The memory adapters with these records; the usual plan and packs where none are named."""
	known = {
		"contracts": MemoryContracts(),
		"catalogue": MemoryCatalogue(
			{plan.name: plan for plan in plans or (a_plan(),)},
			{pack.name: pack for pack in packs or (a_pack(), a_one_off())},
			modules={module.name: module for module in modules},
		),
		"customers": MemoryCustomers(disabled),
		"ledger": MemoryLedger(),
		"journal": MemoryJournal(),
		"users": MemoryUsers(),
	}
	known["licences"] = MemoryLicences(known["contracts"])
	ports = Ports(**{port.name: known.get(port.name) or Untouched(port.name) for port in fields(Ports)})
	for contract in contracts:
		ports.contracts.add(contract)
	return ports


def periods_of(charges: Any) -> list[tuple[str, str]]:
	"""(start, end) of the charges' periods as text, for tables."""
	return [(str(charge.period.start), str(charge.period.end)) for charge in charges]


def amounts_of(charges: Any) -> list[str]:
	return [str(charge.amount) for charge in charges]


intervals = st.sampled_from(Interval)
days = st.dates(date(2019, 1, 1), date(2033, 12, 31))
# Month ends and leap days are where periods go wrong: draw them as often as all other days together.
month_ends = st.sampled_from(
	[
		day(text)
		for text in ("2023-12-31", "2024-01-29", "2024-01-30", "2024-01-31", "2024-02-29", "2025-08-31")
	]
)
anchors = st.one_of(month_ends, days)
cents = st.integers(0, 10_000_00).map(lambda number: Decimal(number) * CENT)


def parts_of(whole: Period, cuts: list[int]) -> list[Period]:
	"""`whole` cut after each of these numbers of days (taken modulo its length)."""
	days_in = sorted({cut % whole.days for cut in cuts} - {0})
	edges = [whole.start, *(whole.start + timedelta(days=number) for number in days_in), whole.end]
	return [Period(start, end) for start, end in pairwise(edges)]
