"""Where do records live when there is no site? In dictionaries: for simulation and tests.

Same promises as the records of a site: a charge's key is unique, a saved contract is found when it is due.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from subscription_mgmt.engine.catalogue import Pack, Plan
from subscription_mgmt.engine.charges import Charge
from subscription_mgmt.engine.contracts import RUNNING, Contract
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.invoicing import Invoice, due_on, settle
from subscription_mgmt.engine.money import ZERO


class MemoryContracts:
	def __init__(self) -> None:
		self.all: dict[str, Contract] = {}
		self.parked: dict[str, str] = {}
		self._due: list[tuple[date, str]] = []

	def add(self, contract: Contract) -> None:
		if contract.name in self.all:
			raise DomainError("contract_exists", contract=contract.name)
		self.all[contract.name] = contract

	def get(self, name: str) -> Contract:
		if name not in self.all:
			raise DomainError("unknown_contract", contract=name)
		return self.all[name]

	def save(self, before: Contract, after: Contract) -> None:
		self.all[after.name] = after
		if after.status in RUNNING:
			for day in {after.next_billing, after.ends_on} - {before.next_billing, before.ends_on, None}:
				heapq.heappush(self._due, (day, after.name))

	def remove(self, name: str) -> None:
		del self.all[name]

	def due(self, today: date) -> Iterator[str]:
		"""Names of contracts with something due by `today`, each once, the longest due first."""
		seen: set[str] = set()
		while self._due and self._due[0][0] <= today:
			_, name = heapq.heappop(self._due)
			if name not in seen and name in self.all and name not in self.parked:
				seen.add(name)
				yield name


class MemoryCatalogue:
	def __init__(self, plans: Mapping[str, Plan], packs: Mapping[str, Pack]) -> None:
		self._plans, self._packs = plans, packs

	def plan(self, name: str) -> Plan:
		if name not in self._plans:
			raise DomainError("unknown_plan", plan=name)
		return self._plans[name]

	def packs(self, names: Iterable[str]) -> Mapping[str, Pack]:
		found = {}
		for name in names:
			if name not in self._packs:
				raise DomainError("unknown_pack", pack=name)
			found[name] = self._packs[name]
		return found


class MemoryCustomers:
	def __init__(self, disabled: Iterable[str] = ()) -> None:
		self._disabled = frozenset(disabled)

	def is_disabled(self, name: str) -> bool:
		return name in self._disabled


@dataclass
class MemoryInvoice:
	invoice: Invoice
	paid: Decimal = ZERO

	@property
	def open(self) -> Decimal:
		return self.invoice.total - self.paid


@dataclass
class MemoryLedger:
	"""Charges, invoices and payments. `on_credit(contract, change, balance)` hears of every change of a credit."""

	payment_days: int = 0
	on_credit: Callable[[Contract, Decimal, Decimal], None] = lambda contract, change, balance: None
	invoices: list[MemoryInvoice] = field(default_factory=list)
	credit: dict[tuple[str, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
	_charges: dict[str, list[Charge]] = field(default_factory=lambda: defaultdict(list))
	_keys: set[str] = field(default_factory=set)
	_pending: dict[str, list[Charge]] = field(default_factory=lambda: defaultdict(list))
	_of: dict[str, list[MemoryInvoice]] = field(default_factory=lambda: defaultdict(list))

	def charges_of(self, contract: str) -> Sequence[Charge]:
		return tuple(self._charges[contract])

	def add(self, contract: Contract, charges: Sequence[Charge]) -> None:
		for charge in charges:
			if charge.key in self._keys:
				raise DomainError("charged_before", key=charge.key)
			self._keys.add(charge.key)
		self._charges[contract.name].extend(charges)
		self._pending[contract.name].extend(charges)

	def invoice(self, contract: Contract, today: date) -> Sequence[Invoice]:
		charges = self._pending.pop(contract.name, [])
		if not charges:
			return ()
		account = (contract.customer, contract.currency)
		settled = settle(charges, self.credit[account], today)
		if settled.credit_change:
			self.credit[account] += settled.credit_change
			self.on_credit(contract, settled.credit_change, self.credit[account])
		if not settled.lines:
			return ()
		invoice = Invoice(
			customer=contract.customer,
			contract=contract.name,
			currency=contract.currency,
			date=today,
			due_on=due_on(today, self.payment_days),
			lines=settled.lines,
			name=f"INV-{len(self.invoices) + 1:05d}",
		)
		self.invoices.append(MemoryInvoice(invoice))
		self._of[contract.name].append(self.invoices[-1])
		return (invoice,)

	def invoices_of(self, contract: str) -> list[MemoryInvoice]:
		return self._of[contract]

	def pay(self, contract: str) -> Decimal:
		"""Pay all that is open; the amount, zero when nothing is."""
		amount = ZERO
		for record in self._of[contract]:
			amount += record.open
			record.paid += record.open
		return amount
