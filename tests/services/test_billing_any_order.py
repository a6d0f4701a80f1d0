"""Is each period charged exactly once, however often, in whatever order and after whatever outages?"""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from subscription_mgmt.engine.charges import ChargeKind, total
from subscription_mgmt.engine.contracts import RUNNING, Status
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.money import ZERO
from subscription_mgmt.engine.proration import prorated
from subscription_mgmt.services.cancel import cancel_now
from tests.builders import CENT, a_draft
from tests.services.stories import SOLD, Life, Story, by_key, lived, of_kind, stories

TO = 200


def end_of_billing(life: Life) -> date:
	"""The first day the contract has not been charged for, the anchor if it never was."""
	contract = life.contract
	assert contract.anchor
	return contract.next_billing or max(contract.anchor, contract.ends_on or contract.anchor)


@settings(max_examples=TO)
@given(stories())
def test_the_plans_charges_tile_the_contracts_life(story: Story):
	life = lived(story)
	contract = life.contract
	parts = [charge.period for charge in of_kind(life.charges, ChargeKind.PLAN)]
	edges = [contract.anchor, *(part.end for part in parts)]
	assert [part.start for part in parts] == edges[:-1]
	assert edges[-1] == end_of_billing(life)
	if contract.status in RUNNING:
		assert contract.next_billing > life.today or contract.status is Status.TRIALLING
	else:
		assert contract.ends_on <= life.today


@settings(max_examples=TO)
@given(stories())
def test_every_charge_lies_within_one_period_and_costs_its_share_of_days(story: Story):
	life = lived(story)
	for charge in life.charges:
		if charge.period is None:
			assert charge.amount == charge.rate * charge.quantity
			continue
		whole = life.contract.period_on(charge.period.start)
		assert charge.amount == prorated(charge.rate * charge.quantity, charge.period, whole)


@settings(max_examples=TO)
@given(stories())
def test_each_pack_is_charged_for_every_day_it_is_held_and_for_no_other(story: Story):
	life = lived(story)
	# A pack may be charged ahead of the plan to the period's end; that night, both are charged up to it.
	life.bill(life.contract.period_on(max(life.today, life.contract.anchor)).end)
	charges = of_kind(life.charges, ChargeKind.PACK)
	periodic = [charge for charge in charges if charge.period]
	begin, end = life.contract.anchor, end_of_billing(life)
	assert all(begin <= charge.period.start and charge.period.end <= end for charge in periodic)
	changes = {since for _, since, _ in life.held}
	edges = {begin, end, *changes, *(c.period.start for c in periodic), *(c.period.end for c in periodic)}
	for on in sorted(edge for edge in edges if begin <= edge < end):
		for pack in SOLD[:3]:
			charged = [c.quantity for c in periodic if (c.what, c.module) == pack and on in c.period]
			held = [quantity for held, since, quantity in life.held if held == pack and since <= on]
			assert sum(charged) == sum(held), (on, pack)


@settings(max_examples=TO)
@given(stories())
def test_a_one_off_pack_is_charged_once_for_each_time_it_is_bought(story: Story):
	life = lived(story)
	bought = [quantity for held, _, quantity in life.held if held[0] == "Training"]
	charged = [charge.quantity for charge in life.charges if charge.what == "Training"]
	assert charged == bought


@settings(max_examples=TO)
@given(stories(agreed_ends=False))
def test_the_nights_on_which_billing_ran_do_not_change_what_is_owed(story: Story):
	"""No agreed ends: one lifted within its period leaves one charge, or two if billing ran before."""
	as_told = lived(story)
	assert len(by_key(as_told.charges)) == len(as_told.charges)
	for habits in ({"nightly": False}, {"before_changes": True}):
		other = lived(story, **habits)
		assert by_key(other.charges) == by_key(as_told.charges)
		assert other.contract == as_told.contract


@settings(max_examples=TO)
@given(stories(), st.lists(st.integers(0, 2000), max_size=4))
def test_running_again_on_the_same_day_or_on_earlier_ones_changes_nothing(story: Story, back: list[int]):
	life = lived(story)
	before = life.state()
	for days in (0, *back):
		life.bill(life.today - timedelta(days=days))
	assert life.state() == before


@settings(max_examples=TO)
@given(stories())
def test_invoices_add_up_to_the_charges(story: Story):
	life = lived(story)
	invoiced = [line for record in life.ports.ledger.invoices for line in record.invoice.lines]
	assert total(invoiced) == total(life.charges)
	# A night that charges nothing but prices of zero makes no invoice.
	assert {line.key for line in invoiced} >= {charge.key for charge in life.charges if charge.amount}
	assert len({line.key for line in invoiced}) == len(invoiced)


@settings(max_examples=TO)
@given(stories(), st.integers(0, 60))
def test_cancelled_at_last_a_refundable_contract_has_paid_for_the_days_it_had(story: Story, later: int):
	life = Life(story, refundable=True)
	life.activate()
	life.live(story.steps)
	life.today += timedelta(days=later)
	try:
		cancel_now("C1", life.today, life.ports)
	except DomainError as refusal:
		assert refusal.code in {"committed", "contract_over"}
		return
	credits = {charge.reverses: charge.amount for charge in of_kind(life.charges, ChargeKind.CREDIT)}
	assert len(credits) == len(of_kind(life.charges, ChargeKind.CREDIT))
	for charge in life.charges:
		if charge.period and charge.kind is not ChargeKind.CREDIT:
			used = min(max((life.today - charge.period.start).days, 0), charge.period.days)
			kept = charge.amount + credits.get(charge.key, ZERO)
			assert abs(kept - charge.amount * used / charge.period.days) <= CENT / 2
	ledger = life.ports.ledger
	invoiced = sum((record.invoice.total for record in ledger.invoices), ZERO)
	assert invoiced - sum(ledger.credit.values(), ZERO) == total(life.charges)
	before = life.state()
	life.bill(life.today + timedelta(days=500))
	assert life.state() == before


def test_the_stories_drawn_are_worth_telling():
	"""Guards the tests above: stories that all end at once, or are all refused, would prove nothing."""
	seen = {"ended": 0, "running": 0, "long": 0, "parts": 0, "packs": 0, "removed": 0, "trial": 0}

	@settings(max_examples=100)
	@given(stories())
	def look(story: Story) -> None:
		life = lived(story)
		seen["ended"] += life.contract.status is Status.ENDED
		seen["running"] += life.contract.status is Status.ACTIVE
		seen["trial"] += life.contract.trial_until is not None
		seen["long"] += len(of_kind(life.charges, ChargeKind.PLAN)) > 6
		seen["parts"] += any(charge.period and charge.is_part_of_a_period for charge in life.charges)
		seen["packs"] += len(of_kind(life.charges, ChargeKind.PACK)) > 6
		seen["removed"] += any(quantity < 0 for _, _, quantity in life.held)

	look()
	assert min(seen.values()) >= 10, seen


def test_neighbouring_periods_never_share_a_day():
	"""The property above by hand: an anchor on the 31st, two outages, a day in the past."""
	story = Story(a_draft("2024-01-31"), trial_days=0, commitment_months=0, late=0, steps=())
	life = lived(story)
	for on in ("2024-03-05", "2024-02-01", "2024-03-05", "2024-07-31", "2024-01-31"):
		life.bill(date.fromisoformat(on))
	parts = [charge.period for charge in life.charges]
	assert [str(part.start) for part in parts] == [
		"2024-01-31",
		"2024-02-29",
		"2024-03-31",
		"2024-04-30",
		"2024-05-31",
		"2024-06-30",
		"2024-07-31",
	]
	assert all(before.end == after.start for before, after in pairwise(parts))
