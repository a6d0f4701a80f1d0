"""Is there an order of payments, outages, cancellations, changes and holds that loses data or money?"""

from collections import Counter
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
	RuleBasedStateMachine,
	initialize,
	invariant,
	rule,
	run_state_machine_as_test,
)

from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.charges import total
from subscription_mgmt.engine.contracts import BILLED, OVER, Contract, Status
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.money import ZERO
from subscription_mgmt.engine.periods import Interval
from subscription_mgmt.services.add_pack import add_pack
from subscription_mgmt.services.cancel import cancel_at_period_end, cancel_now
from subscription_mgmt.services.change_plan import change_plan, decided_change
from subscription_mgmt.services.hold import hold, release
from subscription_mgmt.services.remove_pack import remove_pack
from subscription_mgmt.services.set_renewal import set_renewal
from subscription_mgmt.services.settle import settle
from tests.builders import MONTHLY, day, month_ends
from tests.services.living import LENIENT, PLANS, STANDARD, World, plan_days

NAMES = ("C1", "C1", "C2", "C3")
INSTANCES = ("ana", "ben")
POLICY = {"Standard": STANDARD, "Lenient": LENIENT}
DUNNING = {plan.name: POLICY.get(plan.dunning or "") for plan in PLANS}
READ_ONLY = "Respaldo"
# What may be asked for and not be had. Anything else that is refused is a mistake.
ORDINARY = {
	*(
		"contract_over",
		"committed",
		"same_plan",
		"suspended_pays_first",
		"data_is_deleted",
		"instance_deleted",
	),
	*("pack_not_on_contract", "fewer_packs", "ends_before_change", "no_price"),
}
EXAMPLES = 500
seen: Counter[str] = Counter()

names, instances, plans = st.sampled_from(NAMES), st.sampled_from(INSTANCES), st.sampled_from(PLANS)
some_intervals = st.sampled_from([None, None, MONTHLY, Interval.QUARTERLY, Interval.YEARLY])


class Lifecycle(RuleBasedStateMachine):
	def __init__(self) -> None:
		super().__init__()
		self.world = World(day("2024-01-31"))
		self.held: set[str] = set()
		self.paid: set[str] = set()  # since the restriction, and no person has looked at it
		self.failing: dict[str, object] = {}
		self.given_up: set[str] = set()
		self.erased_on: dict[str, tuple] = {}

	@initialize(
		start=month_ends, instance=instances, every=st.sampled_from([MONTHLY, MONTHLY, Interval.YEARLY])
	)
	def begin(self, start, instance, every):
		self.world = World(start)
		self.world.subscribe("C1", "Basic", every, instance)

	@rule(name=names, plan=plans, every=st.sampled_from(Interval), instance=instances, renew=st.booleans())
	def subscribe(self, name, plan, every, instance, renew):
		if name not in self.world.contracts.all:
			customer = {"ana": "Ana", "ben": "Ben"}[instance]
			self._try(lambda: self.world.subscribe(name, plan.name, every, instance, customer, renew))

	@rule(count=st.one_of(st.integers(1, 12), st.sampled_from([11, 29, 30, 31])))
	def nights(self, count):
		for _ in range(count):
			self._night()

	@rule(days=st.sampled_from([1, 5, 29, 31, 60]))
	def outage(self, days):
		self.world.outage(days)
		seen["outage"] += 1
		self._night()

	@rule(name=names)
	def twice_in_a_day(self, name):
		before = self.world.state()
		self.world.run_jobs()
		self._look_for_deletions()
		self.world.run_jobs()
		if self.world.state() != before:
			seen["jobs did something after an event"] += 1

	@rule(name=names)
	def pay(self, name):
		if name not in self.world.contracts.all:
			return
		world, before = self.world, self.world[name]
		was_open = any(record.open > 0 for record in world.ledger.invoices_of(name))
		world.pay(name)
		after = world[name]
		if was_open and world.mode(after.instance) is Mode.RESTRICTED:
			self.paid.add(name)
		if before.status in OVER:
			assert after == before, "a payment changed a contract that is over"
			seen["paid when over"] += was_open
		else:
			assert after.status not in (Status.SUSPENDED, Status.PAST_DUE)
			if after.status in BILLED and after.instance:
				wanted = Mode.READ_ONLY if after.plan == READ_ONLY else Mode.FULL
				assert world.mode(after.instance) in (wanted, Mode.FULL)
		seen["resumed"] += before.status is Status.SUSPENDED and after.status is Status.ACTIVE

	@rule(name=names)
	def payments_are_taken_back(self, name):
		if name not in self.world.contracts.all:
			return
		world, before = self.world, self.world[name]
		world.ledger.take_back(name)
		settle(name, world.today, world.ports)
		self.paid.discard(name)
		if before.status in OVER or before.status is Status.SUSPENDED:
			assert world[name].status in (before.status, Status.ACTIVE)
		seen["taken back"] += 1

	@rule(name=names, now=st.booleans())
	def cancel(self, name, now):
		if name in self.world.contracts.all:
			verb = cancel_now if now else cancel_at_period_end
			self._try(lambda: verb(name, self.world.today, self.world.ports))

	@rule(name=names, renew=st.booleans())
	def renewal(self, name, renew):
		if name in self.world.contracts.all:
			self._try(lambda: set_renewal(name, renew, self.world.today, self.world.ports))

	@rule(
		name=names, plan=plans, every=some_intervals, when=st.sampled_from([None, None, "now", "period_end"])
	)
	def change(self, name, plan, every, when):
		if name in self.world.contracts.all:
			self._try(lambda: self._change(name, plan.name, every, when))

	@rule(name=names)
	def go_over_to_read_only(self, name):
		"""The verb that saves data, drawn more often."""
		if name in self.world.contracts.all:
			self._try(lambda: self._change(name, READ_ONLY, None, None))

	@rule(name=names, pack=st.sampled_from(["Users", "By Month", "Training"]), quantity=st.integers(1, 3))
	def add(self, name, pack, quantity):
		if name in self.world.contracts.all:
			self._try(lambda: add_pack(name, pack, quantity, None, self.world.today, self.world.ports))

	@rule(name=names, quantity=st.none() | st.integers(1, 2))
	def remove(self, name, quantity):
		if name in self.world.contracts.all:
			self._try(lambda: remove_pack(name, "Users", quantity, None, self.world.today, self.world.ports))

	@rule(name=names)
	def hold(self, name):
		if name in self.world.contracts.all:
			hold(name, self.world.ports)
			self.held.add(name)

	@rule(name=names)
	def release(self, name):
		if name in self.world.contracts.all:
			release(name, self.world.ports)
			self.held.discard(name)
			self.paid.discard(name)

	@rule(instance=instances, days=st.sampled_from([1, 10, 45]))
	def backups_fail(self, instance, days):
		self.world.backups_fail(instance, days)
		until = self.world.now + timedelta(days=days)
		self.failing[instance] = max(self.failing.get(instance, until), until)

	def _try(self, verb) -> None:
		before = self.world.state()
		try:
			verb()
		except DomainError as refusal:
			assert refusal.code in ORDINARY, refusal
			assert self.world.state() == before, f"{refusal} left something behind"
			seen[refusal.code] += 1

	def _change(self, name, plan, every, when) -> None:
		world, before = self.world, self.world[name]
		shown = decided_change(before, plan, every, when, world.today, world.ports)
		charged = len(world.charges(name))
		change_plan(name, plan, every, when, world.today, world.ports)
		assert tuple(world.charges(name)[charged:]) == shown.charges, "the preview was not the result"
		after = world[name]
		assert (after.plan, after.status, after.planned, after.ends_on, after.next_billing) == (
			(of := shown.contract).plan,
			of.status,
			of.planned,
			of.ends_on,
			of.next_billing,
		)
		if before.status is Status.SUSPENDED or before.status in OVER or after.anchor != before.anchor:
			# What is not credited of the time before is owed whole, or forfeited.
			credited = {charge.reverses for charge in world.charges(name)}
			old = {charge.key for charge in world.charges(name)[:charged]}
			if before.status not in BILLED or after.status is not before.status:
				self.given_up |= old - credited
		if before.status not in BILLED and after.plan == READ_ONLY and after.planned is None:
			seen["read-only bought"] += 1
		seen["planned" if after.planned else "changed"] += 1

	def _night(self) -> None:
		self.world.book.today += timedelta(days=1)
		self.world.run_jobs()
		self._look_for_deletions()
		for name, contract in self.world.contracts.all.items():
			if contract.status in BILLED:
				days = plan_days(self.world.charges(name), frozenset(self.given_up))
				assert days[self.world.today] == 1, (
					f"{name} is served on a day charged {days[self.world.today]} times"
				)

	def _look_for_deletions(self) -> None:
		world = self.world
		for contract in world.book.deleted:
			self._check_deletion(contract)
			seen["deleted"] += 1
			self.erased_on[contract.instance] = tuple(
				(served.name, len(world.charges(served.name)))
				for served in world.served_by(contract.instance)
			)
		world.book.deleted.clear()
		for instance, mode in world.hosting.modes.items():
			if mode is not Mode.RESTRICTED:
				self.paid -= {served.name for served in world.served_by(instance)}

	def _check_deletion(self, contract: Contract) -> None:
		world, instance = self.world, contract.instance
		assert instance not in self.erased_on, "deleted twice"
		served = world.served_by(instance)
		names_served = {each.name for each in served}
		assert not names_served & self.paid, "deleted although something was paid"
		assert not names_served & self.held, "deleted although held"
		assert self.failing.get(instance, world.now) <= world.now, "deleted without a backup"
		assert all(each.status in OVER for each in served), "deleted although another contract grants access"
		runs = world.runs[instance]
		assert len(runs) >= 30 and runs[-1] == world.today, f"deleted after {len(runs)} days of restriction"
		policy = DUNNING[contract.plan]
		assert policy is not None and len(runs) >= policy.delete_after_restriction_days
		told = [
			days
			for on, _, days in world.book.of(contract.name, "told deletion")
			if runs[0] - timedelta(days=1) <= on < world.today
		]
		for wanted in policy.deletion_notice_days:
			assert any(days <= wanted for days in told), f"deleted without the notice of {wanted} days"
		assert len(told) >= len(policy.deletion_notice_days), "notices were sent in a bunch"

	@invariant()
	def what_is_deleted_stays_deleted_and_costs_nothing(self):
		for instance, charges in self.erased_on.items():
			assert self.world.mode(instance) is Mode.DELETED
			assert charges == tuple((name, len(self.world.charges(name))) for name, _ in charges)

	@invariant()
	def the_mode_is_the_most_that_any_contract_grants(self):
		for instance, mode in self.world.hosting.modes.items():
			served = [each for each in self.world.served_by(instance) if instance not in self.erased_on]
			working = [each for each in served if each.status in BILLED or each.status is Status.TRIALLING]
			full = any(each.plan != READ_ONLY for each in working)
			wanted = Mode.FULL if full else Mode.READ_ONLY if working else Mode.RESTRICTED
			assert mode is (Mode.DELETED if instance in self.erased_on else wanted)
			for each in served:
				assert (each.restriction is not None) is (mode is Mode.RESTRICTED)

	@invariant()
	def charges_are_what_was_invoiced_and_what_was_kept(self):
		world = self.world
		for name in world.contracts.all:
			invoiced = sum((record.invoice.total for record in world.ledger.invoices_of(name)), ZERO)
			assert total(world.charges(name)) == invoiced - world.book.credit[name]
		assert all(credit >= 0 for credit in world.ledger.credit.values())

	def teardown(self):
		for name in self.world.contracts.all:
			days = plan_days(self.world.charges(name), frozenset(self.given_up))
			assert all(count in (0, 1) for count in days.values()), f"{name} is charged twice for a day"


def test_in_no_order_is_data_deleted_early_or_money_lost():
	seen.clear()
	run_state_machine_as_test(
		Lifecycle,
		settings=settings(
			max_examples=EXAMPLES, stateful_step_count=35, suppress_health_check=list(HealthCheck)
		),
	)
	# Guards the test itself: stories in which nothing happens would prove nothing.
	rare = {
		"deleted": 10,
		"resumed": 10,
		"read-only bought": 10,
		"planned": 10,
		"changed": 10,
		"paid when over": 5,
	}
	assert all(seen[what] >= least for what, least in rare.items()), seen
