"""How does a Draft contract begin, and which ones may not?"""

from typing import Any

import pytest

from subscription_mgmt.engine.catalogue import PlanKind
from subscription_mgmt.engine.contracts import PackLine, Status
from subscription_mgmt.engine.starting import started
from tests.builders import (
	MONTHLY,
	YEARLY,
	a_draft,
	a_one_off,
	a_pack,
	a_plan,
	amounts_of,
	day,
	price,
	refused,
)

PACKS = {"Users": a_pack(), "Training": a_one_off(), "Seats": a_pack(name="Seats", per_module=True)}
START = day("2026-01-31")


def test_a_contract_without_trial_is_active_and_counted_from_its_start():
	outcome = started(a_draft("2026-01-31"), a_plan(), {}, START)
	begun = outcome.contract
	assert (begun.status, begun.anchor, begun.next_billing) == (Status.ACTIVE, START, START)
	assert (begun.trial_until, begun.commitment_until, begun.ends_on) == (None, None, None)
	assert outcome.charges == ()


def test_a_trial_moves_the_anchor_behind_it():
	begun = started(a_draft("2026-01-31"), a_plan(trial_days=14), {}, START).contract
	after_trial = day("2026-02-14")
	assert begun.status is Status.TRIALLING
	assert (begun.anchor, begun.next_billing, begun.trial_until) == (after_trial, after_trial, after_trial)


def test_a_commitment_is_counted_from_the_anchor():
	begun = started(a_draft("2026-01-31"), a_plan(trial_days=14, commitment_months=12), {}, START).contract
	assert begun.commitment_until == day("2027-02-14")


def test_a_contract_activated_late_still_begins_on_its_start():
	begun = started(a_draft("2026-01-31"), a_plan(), {}, day("2026-04-10")).contract
	assert (begun.anchor, begun.next_billing) == (START, START)


def test_one_off_packs_are_charged_at_once_and_never_recur():
	draft = a_draft("2026-01-31", packs=(PackLine("Training", 2, START), PackLine("Training", 1, START)))
	outcome = started(draft, a_plan(trial_days=14), PACKS, START)
	assert amounts_of(outcome.charges) == ["160.00", "80.00"]
	assert len({charge.key for charge in outcome.charges}) == 2
	assert all(charge.period is None for charge in outcome.charges)
	assert all(line.ends_on == START for line in outcome.contract.packs)


def test_recurring_packs_start_with_the_contract_and_wait_for_the_first_period():
	entered = PackLine(
		"Users", 3, day("2020-01-01"), ends_on=day("2020-02-01"), billed_until=day("2020-02-01")
	)
	outcome = started(a_draft("2026-01-31", packs=(entered,)), a_plan(), PACKS, day("2026-02-02"))
	assert outcome.contract.packs == (PackLine("Users", 3, START),)
	assert outcome.charges == ()


def test_a_contract_that_does_not_renew_ends_with_its_first_term():
	draft = a_draft("2026-01-31", auto_renew=False)
	assert started(draft, a_plan(), {}, START).contract.ends_on == day("2026-02-28")
	committed = started(draft, a_plan(commitment_months=3), {}, START).contract
	assert committed.ends_on == day("2026-04-30")


def test_a_contract_with_an_agreed_end_keeps_it():
	draft = a_draft("2026-01-31", auto_renew=False, ends_on=day("2026-07-15"))
	assert started(draft, a_plan(), {}, START).contract.ends_on == day("2026-07-15")


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.DRAFT])
def test_a_contract_is_activated_once(status: Status):
	with refused("already_active", contract="C1", status=status.value):
		started(a_draft(status=status), a_plan(), {}, START)


def test_activating_an_activated_contract_again_is_refused():
	begun = started(a_draft("2026-01-31"), a_plan(), {}, START).contract
	with refused("already_active", status="Active"):
		started(begun, a_plan(), {}, START)


@pytest.mark.parametrize(
	("draft", "plan", "code", "figures"),
	[
		({"ends_on": START}, {}, "end_before_start", {"end": START}),
		(
			{},
			{"kind": PlanKind.LICENCE, "prices": (price("900", None),)},
			"licence_is_bought",
			{"plan": "Basic"},
		),
		(
			{"interval": YEARLY},
			{"prices": (price("1"),)},
			"no_price",
			{"owner": "Basic", "interval": "Yearly"},
		),
		({"currency": "EUR"}, {}, "no_price", {"owner": "Basic", "currency": "EUR"}),
		({}, {"prices": (price("1", since="2026-02-01"),)}, "no_price", {"owner": "Basic", "day": START}),
		({"packs": (PackLine("Users", 0, START),)}, {}, "quantity_not_positive", {"what": "Users"}),
		({"packs": (PackLine("Training", -1, START),)}, {}, "quantity_not_positive", {"what": "Training"}),
		({"packs": (PackLine("Seats", 1, START),)}, {}, "pack_needs_module", {"pack": "Seats"}),
		({"packs": (PackLine("Users", 1, START, "CRM"),)}, {}, "pack_not_per_module", {"module": "CRM"}),
		(
			{"currency": "BOB", "packs": (PackLine("Users", 1, START),)},
			{"prices": (price("1", MONTHLY, currency="BOB"),)},
			"no_price",
			{"owner": "Users", "currency": "BOB"},
		),
	],
)
def test_a_contract_that_could_not_be_billed_is_refused(
	draft: dict[str, Any], plan: dict[str, Any], code: str, figures: dict[str, Any]
):
	with refused(code, **figures):
		started(a_draft("2026-01-31", **draft), a_plan(**plan), PACKS, START)


def test_the_price_after_the_trial_is_the_one_that_must_exist():
	plan = a_plan(trial_days=14, prices=(price("1", since="2026-02-14"),))
	assert started(a_draft("2026-01-31"), plan, {}, START).contract.status is Status.TRIALLING
