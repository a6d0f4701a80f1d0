"""What becomes of contracts and their data as days pass? The memory adapters with a clock, jobs and a book.

The book is kept from what passes through the ports, so that the rules are not checked by themselves.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal

from subscription_mgmt.adapters.memory import (
	MemoryCatalogue,
	MemoryContracts,
	MemoryCustomers,
	MemoryLedger,
	MemoryLicences,
)
from subscription_mgmt.adapters.memory_hosting import MemoryHosting
from subscription_mgmt.adapters.memory_usage import MemoryUsage
from subscription_mgmt.adapters.memory_users import MemoryUsers
from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.catalogue import Plan, PlanKind
from subscription_mgmt.engine.charges import Charge, ChargeKind
from subscription_mgmt.engine.contracts import Contract, Status
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.invoicing import Invoice
from subscription_mgmt.engine.periods import Interval
from subscription_mgmt.engine.policies import DunningPolicy
from subscription_mgmt.services.activate import activate
from subscription_mgmt.services.bill import bill
from subscription_mgmt.services.look_after import look_after
from subscription_mgmt.services.ports import Ports
from subscription_mgmt.services.settle import settle
from tests.builders import MONTHLY, a_draft, a_one_off, a_pack, a_plan, day, price, prices

STANDARD = DunningPolicy("Standard", (1, 5), 10, 30, (15, 7, 1))
LENIENT = DunningPolicy("Lenient", (3,), 20, 60, (30, 2))
GRACE = {"Ben": 7}


def sold(name: str, monthly: str, tier: int, **more: object) -> Plan:
	fields = {"name": name, "prices": prices(monthly), "tier": tier, "dunning": "Standard", "notice_days": 20}
	return a_plan(**{**fields, **more})


PLANS = (
	sold("Basic", "30.00", 1, refundable=True),
	sold("Pro", "70.00", 2, refundable=True, dunning="Lenient"),
	sold("Firm", "40.00", 1),
	sold("By Month", "35.00", 1, prices=(price("35.00"),)),
	sold("Committed", "90.00", 3, commitment_months=3),
	sold("Trial", "20.00", 1, trial_days=14),
	sold("Patient", "25.00", 1, dunning=None),
	sold("Respaldo", "5.00", 0, kind=PlanKind.READ_ONLY),
)
PACKS = (a_pack(prices=prices("3.33")), a_pack(name="By Month", prices=(price("4.00"),)), a_one_off())


@dataclass
class Book:
	"""`happened`: everything told to the journal and sent to customers, as (day, contract, what, figure)."""

	today: date
	happened: list[tuple[date, str, str, object]] = field(default_factory=list)
	deleted: list[Contract] = field(default_factory=list)
	credit: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

	def note(self, contract: Contract, what: str, figure: object = None) -> None:
		self.happened.append((self.today, contract.name, what, figure))

	def status_changed(self, before: Contract, after: Contract) -> None:
		self.note(after, "status", after.status)

	def access_changed(self, contract: Contract, mode: Mode) -> None:
		self.note(contract, "access", mode)

	def invoiced(self, invoice: Invoice) -> None:
		self.happened.append((self.today, invoice.contract or "", "invoice", invoice.total))

	def deletion_waits(self, contract: Contract, reasons: Sequence[str]) -> None:
		self.note(contract, "waits", tuple(reasons))

	def data_deleted(self, contract: Contract) -> None:
		self.deleted.append(contract)
		self.note(contract, "deleted", contract.instance)

	def noted(self, contract: Contract, code: str, **figures: object) -> None:
		self.note(contract, code)

	def send(self, contract: Contract, kind: str, **figures: object) -> None:
		self.note(contract, f"told {kind}", figures.get("days"))

	def were_delivered(self, contract: Contract, kind: str) -> bool:
		return True

	def credit_changed(self, customer: str, contract: str | None, change: Decimal, balance: Decimal) -> None:
		assert balance >= 0
		self.credit[contract or customer] += change

	def of(self, contract: str, *whats: str) -> list[tuple[date, str, object]]:
		"""(day, what, figure) of what happened to a contract."""
		return [
			(on, what, figure)
			for on, name, what, figure in self.happened
			if name == contract and what in whats
		]


class World:
	"""`runs`: for each instance, the days on which a run found it restricted, since it last became so."""

	def __init__(self, start: date, policies: Sequence[DunningPolicy] = (STANDARD, LENIENT)) -> None:
		self.book = Book(start)
		self.contracts, self.runs = MemoryContracts(), defaultdict(list)
		self.ledger = MemoryLedger(on_credit=self.book.credit_changed)
		self.hosting = MemoryHosting(lambda: self.now)
		self.ports = Ports(
			contracts=self.contracts,
			catalogue=MemoryCatalogue(
				{plan.name: plan for plan in PLANS},
				{pack.name: pack for pack in PACKS},
				{policy.name: policy for policy in policies},
			),
			customers=MemoryCustomers(grace=GRACE),
			ledger=self.ledger,
			hosting=self.hosting,
			notices=self.book,
			journal=self.book,
			licences=MemoryLicences(self.contracts),
			usage=MemoryUsage(),
			users=MemoryUsers(),
		)

	@property
	def today(self) -> date:
		return self.book.today

	@property
	def now(self) -> datetime:
		return datetime.combine(self.today, time(0, 5), timezone.utc)

	def __getitem__(self, name: str) -> Contract:
		return self.contracts.get(name)

	def mode(self, instance: str) -> Mode | None:
		return self.hosting.mode(instance)

	def subscribe(
		self,
		name: str = "C1",
		plan: str = "Basic",
		interval: Interval = MONTHLY,
		instance: str | None = "ana",
		customer: str = "Ana",
		renew: bool = True,
	) -> None:
		draft = a_draft(
			str(self.today),
			name=name,
			plan=plan,
			interval=interval,
			customer=customer,
			instance=instance,
			auto_renew=renew,
		)
		self.contracts.add(draft)
		try:
			activate(name, self.today, self.ports)
		except DomainError:
			self.contracts.remove(name)
			raise

	def pay(self, name: str = "C1") -> Decimal:
		amount = self.ledger.pay(name)
		settle(name, self.today, self.ports)
		return amount

	def nights(self, count: int = 1, until: str | None = None) -> None:
		"""Days pass, each with its jobs; `until` a day, that one included."""
		for _ in range((day(until) - self.today).days if until else count):
			self.book.today += timedelta(days=1)
			self.run_jobs()

	def outage(self, count: int) -> None:
		"""Days pass, and no job runs."""
		self.book.today += timedelta(days=count)

	def run_jobs(self) -> None:
		for instance, mode in self.hosting.modes.items():
			if mode is not Mode.RESTRICTED:
				self.runs[instance].clear()
			elif self.today not in self.runs[instance]:
				self.runs[instance].append(self.today)
		for name in list(self.contracts.due(self.today)):
			bill(name, self.today, self.ports)
		for name in self.contracts.living():
			look_after(name, self.today, self.ports)

	def backups_fail(self, instance: str, days: int) -> None:
		self.hosting.backups_fail(instance, self.now, self.now + timedelta(days=days))

	def served_by(self, instance: str) -> Sequence[Contract]:
		return self.contracts.on_instance(instance)

	def charges(self, name: str = "C1") -> Sequence[Charge]:
		return self.ledger.charges_of(name)

	def amounts(self, name: str = "C1") -> list[str]:
		return [str(charge.amount) for charge in self.charges(name)]

	def statuses(self, name: str = "C1") -> list[Status]:
		return [status for _, _, status in self.book.of(name, "status")]

	def state(self) -> tuple:
		"""Everything that is stored, to compare with what is stored later."""
		charges = {name: tuple(self.ledger.charges_of(name)) for name in self.contracts.all}
		ledger = self.ledger
		paid = [(record.invoice, record.paid) for record in ledger.invoices]
		return dict(self.contracts.all), charges, paid, dict(ledger.credit), dict(self.hosting.modes)


def plan_days(charges: Sequence[Charge], given_up: frozenset[str] = frozenset()) -> dict[date, int]:
	"""How often each day is charged for the plan: a credit takes back the days it gives back."""
	plans = {charge.key for charge in charges if charge.kind is ChargeKind.PLAN} - given_up
	days: dict[date, int] = defaultdict(int)
	for charge in charges:
		if charge.key in plans:
			sign = 1
		elif charge.reverses in plans:
			sign = -1
		else:
			continue
		for on in _days(charge):
			days[on] += sign
	return days


def _days(charge: Charge) -> Iterator[date]:
	assert charge.period is not None
	return (charge.period.start + timedelta(days=n) for n in range(charge.period.days))
