"""Is what the preview shows exactly what billing then creates?"""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subscription_mgmt.engine.charges import Charge
from subscription_mgmt.engine.contracts import PackLine, Status
from subscription_mgmt.services.activate import activate
from subscription_mgmt.services.bill import bill
from subscription_mgmt.services.preview import preview
from tests.builders import a_contract, a_draft, a_plan, a_trial, amounts_of, day, refused, some_ports
from tests.services.stories import Life, Story, stories

Shown = list[tuple[date, tuple[Charge, ...]]]


def shown(life: Life, count: int) -> Shown:
	return preview(life.contract, life.today, count, life.ports)


def created(life: Life, days: list[date], count: int) -> Shown:
	"""What billing charges when it runs on these days; on the day before each it finds nothing."""
	nights: Shown = []
	for on in days:
		before = len(life.charges)
		if on > life.today:
			life.bill(on - timedelta(days=1))
		assert len(life.charges) == before, "something was due before the day shown"
		life.bill(on)
		nights.append((on, tuple(life.charges[before:])))
	return nights[:count]


@settings(max_examples=150)
@given(stories(), st.integers(1, 6), st.integers(0, 200))
def test_a_running_contracts_next_invoices_are_those_shown(story: Story, count: int, outage: int):
	life = Life(story)
	life.activate()
	life.live(story.steps)
	life.today += timedelta(days=outage)
	promised = shown(life, count)
	assert len(promised) == count or _ends(life, promised)
	assert created(life, [on for on, _ in promised], count) == promised


@settings(max_examples=150)
@given(stories(), st.integers(1, 6))
def test_a_drafts_first_invoices_are_those_shown(story: Story, count: int):
	life = Life(story)
	promised = shown(life, count)
	assert life.contract == story.draft
	life.activate()
	at_once = [(life.today, tuple(life.charges))] if life.charges else []
	later = created(life, [on for on, _ in promised[len(at_once) :]], count)
	assert at_once + later == promised


def _ends(life: Life, promised: Shown) -> bool:
	"""Fewer invoices than asked for are shown only when the contract is over by then."""
	last = promised[-1][0] if promised else life.today
	ends_on = life.contract.ends_on
	return ends_on is not None and life.contract.period_on(max(last, life.contract.anchor)).end >= ends_on


def test_a_trial_shows_its_first_invoice_on_the_day_it_is_over():
	ports = some_ports(a_trial(until="2026-01-15", packs=(PackLine("Users", 1, day("2026-01-01")),)))
	((on, charges),) = preview(ports.contracts.get("C1"), day("2026-01-03"), 1, ports)
	assert (on, amounts_of(charges)) == (day("2026-01-15"), ["100.00", "10.00"])


def test_missed_periods_are_shown_on_one_invoice_today():
	ports = some_ports(a_contract())
	(first, second) = preview(ports.contracts.get("C1"), day("2026-03-10"), 2, ports)
	assert (first[0], len(first[1])) == (day("2026-03-10"), 3)
	assert (second[0], len(second[1])) == (day("2026-04-01"), 1)


def test_a_contract_that_ends_shows_no_invoice_after_its_end():
	ports = some_ports(a_contract(ends_on=day("2026-03-01")))
	shown_days = [on for on, _ in preview(ports.contracts.get("C1"), day("2026-01-01"), 9, ports)]
	assert shown_days == [day("2026-01-01"), day("2026-02-01")]


@pytest.mark.parametrize("status", [Status.SUSPENDED, Status.ENDED, Status.CANCELLED])
def test_a_contract_that_is_not_billed_shows_nothing(status: Status):
	ports = some_ports(a_contract(status=status))
	assert preview(ports.contracts.get("C1"), day("2026-06-01"), 3, ports) == []


def test_a_preview_stores_nothing():
	ports = some_ports(a_draft())
	preview(ports.contracts.get("C1"), day("2026-01-01"), 3, ports)
	assert ports.contracts.get("C1") == a_draft()
	assert (ports.ledger.charges_of("C1"), ports.journal.invoices, ports.journal.moves) == ((), [], [])


def test_a_preview_of_a_draft_is_refused_as_its_activation_would_be():
	ports = some_ports(a_draft(ends_on=day("2026-01-01")), plans=(a_plan(),))
	with refused("end_before_start"):
		preview(ports.contracts.get("C1"), day("2026-01-01"), 1, ports)
	with refused("end_before_start"):
		activate("C1", day("2026-01-01"), ports)


def test_an_invoice_that_was_made_is_not_shown_again():
	ports = some_ports(a_contract())
	bill("C1", day("2026-01-01"), ports)
	(following,) = preview(ports.contracts.get("C1"), day("2026-01-01"), 1, ports)
	assert following[0] == day("2026-02-01")
