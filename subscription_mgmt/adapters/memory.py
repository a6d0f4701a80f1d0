"""Where do records live when there is no site? In dictionaries: for simulation and tests.

Same promises as the records of a site: a charge's key is unique, a saved contract is found when it is due.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from subscription_mgmt.engine.catalogue import Pack, Plan, ServiceModule
from subscription_mgmt.engine.charges import Charge
from subscription_mgmt.engine.contracts import RUNNING, Contract, Status
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.invoicing import Invoice, due_on, settle
from subscription_mgmt.engine.licences import Licence
from subscription_mgmt.engine.money import ZERO
from subscription_mgmt.engine.policies import DunningPolicy


class MemoryContracts:
	"""`on_save(before, after)` hears of every change."""

	def __init__(self, on_save: Callable[[Contract, Contract], None] = lambda before, after: None) -> None:
		self._on_save = on_save
		self.all: dict[str, Contract] = {}
		self.parked: dict[str, str] = {}
		self._due: list[tuple[date, str]] = []
		self._on_instance: dict[str, list[str]] = defaultdict(list)

	def add(self, contract: Contract) -> None:
		if contract.name in self.all:
			raise DomainError("contract_exists", contract=contract.name)
		self.all[contract.name] = contract
		if contract.instance:
			self._on_instance[contract.instance].append(contract.name)

	def get(self, name: str) -> Contract:
		if name not in self.all:
			raise DomainError("unknown_contract", contract=name)
		return self.all[name]

	def save(self, before: Contract, after: Contract) -> None:
		self.all[after.name] = after
		self._on_save(before, after)
		if after.status in RUNNING:
			for day in _days_due(after) - _days_due(before) - {None}:
				heapq.heappush(self._due, (day, after.name))

	def remove(self, name: str) -> None:
		contract = self.all.pop(name)
		if contract.instance:
			self._on_instance[contract.instance].remove(name)

	def living(self) -> list[str]:
		"""Names of the contracts a daily run has to look at: running ones, and restricted ones with their data."""
		return [
			contract.name
			for contract in self.all.values()
			if contract.status in RUNNING or contract.restriction is not None
		]

	def on_instance(self, instance: str) -> Sequence[Contract]:
		names = self._on_instance.get(instance, ())
		found = (self.all[name] for name in names if name in self.all)
		return [contract for contract in found if contract.status is not Status.DRAFT]

	def due(self, today: date) -> Iterator[str]:
		"""Names of contracts with something due by `today`, each once, the longest due first."""
		seen: set[str] = set()
		while self._due and self._due[0][0] <= today:
			_, name = heapq.heappop(self._due)
			if name not in seen and name in self.all and name not in self.parked:
				seen.add(name)
				yield name


def _days_due(contract: Contract) -> set[date | None]:
	return {contract.next_billing, contract.ends_on, contract.next_usage_billing}


class MemoryCatalogue:
	def __init__(
		self,
		plans: Mapping[str, Plan],
		packs: Mapping[str, Pack],
		dunning: Mapping[str, DunningPolicy] | None = None,
		modules: Mapping[str, ServiceModule] | None = None,
	) -> None:
		self._modules = modules or {}
		self._plans, self._packs, self._dunning = plans, packs, dunning or {}

	def modules(self) -> Mapping[str, ServiceModule]:
		return self._modules

	def dunning(self, name: str) -> DunningPolicy:
		return self._dunning[name]

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
	def __init__(self, disabled: Iterable[str] = (), grace: Mapping[str, int] | None = None) -> None:
		self._disabled, self._grace = frozenset(disabled), grace or {}

	def is_disabled(self, name: str) -> bool:
		return name in self._disabled

	def grace_days(self, name: str) -> int:
		return self._grace.get(name, 0)


@dataclass
class MemoryInvoice:
	invoice: Invoice
	paid: Decimal = ZERO

	@property
	def open(self) -> Decimal:
		return self.invoice.total - self.paid


@dataclass
class MemoryLedger:
	"""Charges, invoices and payments.

	`on_credit(customer, contract, change, balance)` hears of every change of a credit. `covered`: charges that
	nobody has to pay, because a credit did.
	"""

	payment_days: int = 0
	on_credit: Callable[[str, str | None, Decimal, Decimal], None] = lambda *change: None
	invoices: list[MemoryInvoice] = field(default_factory=list)
	credit: dict[tuple[str, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
	covered: list[Sequence[Charge]] = field(default_factory=list)
	_charges: dict[str, list[Charge]] = field(default_factory=lambda: defaultdict(list))
	_keys: set[str] = field(default_factory=set)
	_pending: dict[str, list[Charge]] = field(default_factory=lambda: defaultdict(list))
	_of: dict[str, list[MemoryInvoice]] = field(default_factory=lambda: defaultdict(list))
	_unpaid: dict[str, list[MemoryInvoice]] = field(default_factory=lambda: defaultdict(list))
	_sold_to: dict[str, list[MemoryInvoice]] = field(default_factory=lambda: defaultdict(list))

	def charges_of(self, contract: str) -> Sequence[Charge]:
		return tuple(self._charges[contract])

	def add(self, contract: Contract, charges: Sequence[Charge]) -> None:
		self._take_keys(charges)
		self._charges[contract.name].extend(charges)
		self._pending[contract.name].extend(charges)

	def _take_keys(self, charges: Sequence[Charge]) -> None:
		for charge in charges:
			if charge.key in self._keys:
				raise DomainError("charged_before", key=charge.key)
			self._keys.add(charge.key)

	def waiting(self, contract: str) -> Sequence[Charge]:
		return tuple(self._pending.get(contract, ()))

	def invoice(self, contract: Contract, today: date) -> Sequence[Invoice]:
		charges = self._pending.pop(contract.name, [])
		return self._settled(contract.name, charges, today) if charges else ()

	def sell(self, charges: Sequence[Charge], today: date) -> Sequence[Invoice]:
		self._take_keys(charges)
		for charge in charges:
			if charge.contract is not None:
				self._charges[charge.contract].append(charge)
		return self._settled(None, charges, today)

	def _settled(self, contract: str | None, charges: Sequence[Charge], today: date) -> Sequence[Invoice]:
		customer, currency = charges[0].customer, charges[0].currency
		account = (customer, currency)
		settled = settle(charges, self.credit[account], today)
		if settled.credit_change:
			self.credit[account] += settled.credit_change
			self.on_credit(customer, contract, settled.credit_change, self.credit[account])
		if not settled.lines:
			self.covered.append(charges)
			return ()
		invoice = Invoice(
			customer=customer,
			contract=contract,
			currency=currency,
			date=today,
			due_on=due_on(today, self.payment_days),
			lines=settled.lines,
			name=f"INV-{len(self.invoices) + 1:05d}",
		)
		self.invoices.append(MemoryInvoice(invoice))
		if invoice.total <= 0:
			self.covered.append(invoice.lines)
		(self._sold_to[customer] if contract is None else self._of[contract]).append(self.invoices[-1])
		if contract is not None:
			self._unpaid[contract].append(self.invoices[-1])
		return (invoice,)

	def invoices_of(self, contract: str) -> list[MemoryInvoice]:
		return self._of[contract]

	def oldest_due(self, contract: Contract) -> date | None:
		since = contract.debts_from
		unpaid = self._unpaid[contract.name] = [
			record for record in self._unpaid[contract.name] if record.open > 0
		]
		due = (record.invoice.due_on for record in unpaid if since is None or record.invoice.date >= since)
		return min(due, default=None)

	def paid(self, contract: str) -> Decimal:
		return sum((record.paid for record in self._of[contract]), ZERO)

	def pay(self, contract: str) -> Decimal:
		"""Pay all that is open on the contract; the amount, zero when nothing is."""
		return _paid(self._of[contract])

	def take_back(self, contract: str) -> None:
		"""The contract's payments were cancelled: all of its invoices are open again."""
		for record in self._of[contract]:
			record.paid = ZERO
		self._unpaid[contract] = list(self._of[contract])

	def sales_to(self, customer: str) -> list[MemoryInvoice]:
		return self._sold_to[customer]

	def pay_sales(self, customer: str) -> Decimal:
		"""Pay all that is open of what the customer bought without a contract; the amount."""
		return _paid(self._sold_to[customer])


def _paid(records: Iterable[MemoryInvoice]) -> Decimal:
	amount = ZERO
	for record in records:
		amount += record.open
		record.paid += record.open
	return amount


class MemoryLicences:
	"""`on_change(licence)` hears of every change."""

	def __init__(
		self, contracts: MemoryContracts, on_change: Callable[[Licence], None] = lambda licence: None
	) -> None:
		self.all: dict[str, Licence] = {}
		self._contracts, self._on_change = contracts, on_change

	def add(self, licence: Licence) -> None:
		if licence.name in self.all:
			raise DomainError("licence_exists", licence=licence.name)
		self.all[licence.name] = licence

	def remove(self, name: str) -> None:
		del self.all[name]

	def get(self, name: str) -> Licence:
		if name not in self.all:
			raise DomainError("unknown_licence", licence=name)
		return self.all[name]

	def save(self, before: Licence, after: Licence) -> None:
		self.all[after.name] = after

	def converted_to(self, contract: str) -> str | None:
		sold = (licence for licence in self.all.values() if licence.sold_on is not None)
		return next((licence.name for licence in sold if licence.converted_from == contract), None)

	def open_hosting(self, licence: Licence, hosting: Contract) -> str:
		self._contracts.add(hosting)
		return hosting.name

	def noted(self, licence: Licence, code: str, **figures: object) -> None:
		self._on_change(licence)
