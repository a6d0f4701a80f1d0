"""What can happen to a contract? Stories drawn at random, lived through by the services in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from subscription_mgmt.engine.charges import Charge, ChargeKind
from subscription_mgmt.engine.contracts import Contract, PackLine
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.periods import Interval, period_containing
from subscription_mgmt.engine.prices import Price
from subscription_mgmt.services.activate import activate
from subscription_mgmt.services.add_pack import add_pack
from subscription_mgmt.services.bill import bill
from subscription_mgmt.services.remove_pack import remove_pack
from subscription_mgmt.services.set_renewal import set_renewal
from tests.builders import MONTHLY, a_draft, a_one_off, a_pack, a_plan, day, month_ends, price, some_ports

RAISED = "2024-08-15"
SOLD = [("Users", None), ("Seats", "CRM"), ("Seats", "Sales"), ("Training", None)]
# What a story may ask for and not get; anything else that is refused fails the test.
ORDINARY = {"contract_over", "pack_not_on_contract", "fewer_packs"}


def raised(first: str, later: str) -> tuple[Price, ...]:
	"""A list that changes on RAISED, in the middle of most periods."""
	return tuple(
		price(str(Decimal(monthly) * interval.months), interval, since)
		for interval in Interval
		for monthly, since in ((first, None), (later, RAISED))
	)


PACKS = (
	a_pack(prices=raised("9.99", "11.11")),
	a_pack(name="Seats", per_module=True, prices=raised("3.33", "2.22")),
	a_one_off(),
)


@dataclass(frozen=True)
class Step:
	"""`verb` is done `days` after the step before; only billing may also go back in time."""

	verb: str
	days: int
	pack: tuple[str, str | None] = ("Users", None)
	quantity: int | None = None
	renew: bool = True


@dataclass(frozen=True)
class Story:
	"""A contract as it is drawn up, the days until someone activates it, and what happens to it then."""

	draft: Contract
	trial_days: int
	commitment_months: int
	late: int
	steps: tuple[Step, ...]


waits = st.one_of(st.integers(0, 45), st.sampled_from([0, 29, 31, 92, 184, 366]))
quantities = st.integers(1, 5)
steps = st.one_of(
	st.builds(Step, st.just("bill"), st.one_of(waits, st.integers(-500, 0))),
	st.builds(Step, st.just("add"), waits, st.sampled_from(SOLD), quantities),
	st.builds(Step, st.just("remove"), waits, st.sampled_from(SOLD), st.none() | quantities),
	st.builds(Step, st.just("renew"), waits, renew=st.booleans()),
)


@st.composite
def stories(draw: st.DrawFn, agreed_ends: bool = True) -> Story:
	start = draw(st.one_of(month_ends, st.dates(date(2023, 12, 1), date(2024, 12, 31))))
	lines = draw(st.lists(st.tuples(st.sampled_from(SOLD), quantities), max_size=4))
	agreed_days = (
		draw(st.one_of(st.none(), st.none(), st.none(), st.integers(1, 900))) if agreed_ends else None
	)
	draft = a_draft(
		str(start),
		interval=draw(st.sampled_from([MONTHLY, MONTHLY, *Interval])),
		agreed_price=draw(st.sampled_from([None, None, Decimal("66.66"), Decimal(0)])),
		ends_on=agreed_days and start + timedelta(days=agreed_days),
		auto_renew=draw(st.sampled_from([True] * 5 + [False])),
		packs=tuple(PackLine(pack, number, start, module) for (pack, module), number in lines),
	)
	late = draw(st.integers(-20, 70))
	return Story(
		draft=draft,
		trial_days=draw(st.sampled_from([0, 0, 1, 14, 30])),
		commitment_months=draw(st.sampled_from([0, 0, 3, 12])),
		late=min(late, agreed_days - 1) if agreed_days else late,
		steps=tuple(draw(st.lists(steps, min_size=2, max_size=14))),
	)


class Life:
	"""The memory adapters, today, and `held`: (pack, from when, how many more or fewer), kept by hand."""

	def __init__(self, story: Story, refundable: bool = False) -> None:
		plan = a_plan(
			prices=raised("19.99", "24.95"),
			trial_days=story.trial_days,
			commitment_months=story.commitment_months,
			refundable=refundable,
		)
		self.today = story.draft.start + timedelta(days=story.late)
		self.ports = some_ports(story.draft, plans=(plan,), packs=PACKS)
		lines = story.draft.packs
		self.held = [((line.pack, line.module), line.starts_on, line.quantity) for line in lines]

	@property
	def contract(self) -> Contract:
		return self.ports.contracts.get("C1")

	@property
	def charges(self) -> Sequence[Charge]:
		return self.ports.ledger.charges_of("C1")

	def activate(self) -> None:
		activate("C1", self.today, self.ports)

	def bill(self, on: date | None = None) -> None:
		bill("C1", on or self.today, self.ports)

	def live(self, steps: Sequence[Step], nightly: bool = True, before_changes: bool = False) -> None:
		"""Each step on its day; `nightly`: billing as told; `before_changes`: billing before each as well."""
		for step in steps:
			on = self.today + timedelta(days=step.days)
			self.today = max(self.today, on)
			if before_changes:
				self.bill()
			if step.verb != "bill":
				self._change(step)
			elif nightly:
				self.bill(on)
		self.bill()

	def _change(self, step: Step) -> None:
		try:
			getattr(self, f"_{step.verb}")(step, *step.pack)
		except DomainError as refusal:
			assert refusal.code in ORDINARY, refusal

	def _add(self, step: Step, pack: str, module: str | None) -> None:
		assert step.quantity
		add_pack("C1", pack, step.quantity, module, self.today, self.ports)
		self.held.append((step.pack, self.today, step.quantity))

	def _remove(self, step: Step, pack: str, module: str | None) -> None:
		leaving = step.quantity or sum(number for held, _, number in self.held if held == step.pack)
		remove_pack("C1", pack, step.quantity, module, self.today, self.ports)
		self.held.append((step.pack, self._end_of_period(), -leaving))

	def _renew(self, step: Step, *_: object) -> None:
		set_renewal("C1", step.renew, self.today, self.ports)

	def _end_of_period(self) -> date:
		contract = self.contract
		assert contract.anchor
		if contract.trial_until and self.today < contract.trial_until:
			return self.today
		return period_containing(contract.anchor, contract.interval, max(self.today, contract.anchor)).end

	def state(self) -> tuple:
		"""Everything that is stored, to compare with what is stored later."""
		ledger = self.ports.ledger
		return self.contract, self.charges, list(ledger.invoices), dict(ledger.credit)


def lived(story: Story, **habits: bool) -> Life:
	life = Life(story)
	life.activate()
	life.live(story.steps, **habits)
	return life


def by_key(charges: Sequence[Charge]) -> dict[str, Charge]:
	"""The charges whatever the night they were written in."""
	return {charge.key: replace(charge, charged_on=day("2000-01-01")) for charge in charges}


def of_kind(charges: Sequence[Charge], kind: ChargeKind) -> list[Charge]:
	return [charge for charge in charges if charge.kind is kind]
