"""Which periods are due by a day, at which price, and where does the contract stand afterwards?"""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest

from subscription_mgmt.engine.billing import Outcome, bring_up_to
from subscription_mgmt.engine.charges import ChargeKind, charge_key
from subscription_mgmt.engine.contracts import Contract, PackLine, Status
from tests.builders import (
	QUARTERLY,
	YEARLY,
	a_contract,
	a_draft,
	a_one_off,
	a_pack,
	a_plan,
	a_trial,
	amounts_of,
	day,
	money,
	period,
	periods_of,
	price,
	prices,
	refused,
)

PACKS = {
	"Users": a_pack(),
	"Training": a_one_off(),
	"Seats": a_pack(name="Seats", per_module=True, prices=prices("5.00")),
}
DEARER = (price("100.00"), price("130.00", since="2026-03-15"), price("1000.00", YEARLY))


def billed(contract: Contract, on: str, **plan) -> Outcome:
	return bring_up_to(contract, a_plan(**plan), PACKS, day(on))


def test_the_first_period_is_charged_in_advance():
	outcome = billed(a_contract("2026-01-31"), "2026-01-31")
	(charge,) = outcome.charges
	assert charge.key == charge_key("C1", "plan:Basic", day("2026-01-31"))
	assert (charge.kind, charge.what, charge.quantity) == (ChargeKind.PLAN, "Basic", 1)
	assert (charge.rate, charge.amount, charge.currency) == (Decimal(100), Decimal(100), "USD")
	assert (charge.charged_on, charge.period) == (day("2026-01-31"), period("2026-01-31", "2026-02-28"))
	assert outcome.contract.next_billing == day("2026-02-28")


@pytest.mark.parametrize(
	("on", "expected"),
	[
		("2026-01-30", []),
		("2026-01-31", ["2026-01-31"]),
		("2026-02-27", ["2026-01-31"]),
		("2026-02-28", ["2026-01-31", "2026-02-28"]),
		("2026-05-30", ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]),
	],
)
def test_after_an_outage_every_missed_period_is_charged_once(on: str, expected: list[str]):
	outcome = billed(a_contract("2026-01-31"), on)
	assert [str(charge.period.start) for charge in outcome.charges] == expected
	assert all(before.period.end == after.period.start for before, after in pairwise(outcome.charges))
	assert all(charge.charged_on == day(on) for charge in outcome.charges)


def test_billing_twice_on_one_day_charges_once():
	once = billed(a_contract(), "2026-03-10")
	assert billed(once.contract, "2026-03-10") == Outcome(once.contract)


def test_billing_on_an_earlier_day_changes_nothing():
	once = billed(a_contract(), "2026-03-10")
	assert billed(once.contract, "2026-01-20") == Outcome(once.contract)


@pytest.mark.parametrize("status", [Status.DRAFT, Status.ENDED, Status.CANCELLED, Status.SUSPENDED])
def test_a_contract_not_begun_over_or_suspended_is_not_billed(status: Status):
	contract = a_contract(status=status)
	assert billed(contract, "2026-06-01") == Outcome(contract)


def test_a_past_due_contract_is_billed_on():
	outcome = billed(a_contract(status=Status.PAST_DUE), "2026-02-01")
	assert outcome.contract.status is Status.PAST_DUE
	assert len(outcome.charges) == 2


def test_a_draft_that_was_never_activated_owes_nothing():
	assert billed(a_draft(), "2030-01-01") == Outcome(a_draft())


def test_a_trial_is_free_and_becomes_active_when_it_is_over():
	trial = a_trial("2026-01-01", until="2026-01-15", packs=(PackLine("Users", 2, day("2026-01-01")),))
	assert billed(trial, "2026-01-14") == Outcome(trial)
	outcome = billed(trial, "2026-01-15")
	assert outcome.contract.status is Status.ACTIVE
	assert periods_of(outcome.charges) == [("2026-01-15", "2026-02-15")] * 2
	assert amounts_of(outcome.charges) == ["100.00", "20.00"]


def test_a_trial_that_ends_the_contract_is_never_charged():
	outcome = billed(a_trial(until="2026-01-15", ends_on=day("2026-01-15")), "2026-04-01")
	assert (outcome.contract.status, outcome.charges) == (Status.ENDED, ())


def test_a_contract_that_ends_within_its_trial_is_never_charged():
	outcome = billed(a_trial(until="2026-01-15", ends_on=day("2026-01-10")), "2026-04-01")
	assert (outcome.contract.status, outcome.charges) == (Status.ENDED, ())


def test_a_period_in_which_the_contract_ends_is_charged_in_part():
	contract = a_contract(ends_on=day("2026-02-15"), packs=(PackLine("Users", 2, day("2026-01-01")),))
	outcome = billed(contract, "2026-02-01")
	assert periods_of(outcome.charges)[2:] == [("2026-02-01", "2026-02-15")] * 2
	assert amounts_of(outcome.charges) == ["100.00", "20.00", "50.00", "10.00"]
	assert outcome.contract.status is Status.ACTIVE
	assert outcome.contract.next_billing == day("2026-02-15")


@pytest.mark.parametrize(
	("on", "status", "next_billing"),
	[("2026-02-28", Status.ACTIVE, day("2026-03-01")), ("2026-03-01", Status.ENDED, None)],
)
def test_a_contract_ends_on_its_day_and_not_before(on: str, status: Status, next_billing):
	outcome = billed(a_contract(ends_on=day("2026-03-01")), on)
	assert (outcome.contract.status, outcome.contract.next_billing) == (status, next_billing)
	assert len(outcome.charges) == 2


def test_after_an_outage_a_contract_is_charged_up_to_its_end_only():
	outcome = billed(a_contract(ends_on=day("2026-03-01")), "2026-12-01")
	assert outcome.contract.status is Status.ENDED
	assert periods_of(outcome.charges) == [("2026-01-01", "2026-02-01"), ("2026-02-01", "2026-03-01")]


def test_a_suspended_contract_ends_on_its_day_without_another_charge():
	outcome = billed(a_contract(status=Status.SUSPENDED, ends_on=day("2026-03-01")), "2026-03-01")
	assert (outcome.contract.status, outcome.charges) == (Status.ENDED, ())


def test_billing_that_begins_within_a_period_charges_the_rest_of_it():
	outcome = billed(a_contract(next_billing=day("2026-02-15")), "2026-03-01")
	assert periods_of(outcome.charges) == [("2026-02-15", "2026-03-01"), ("2026-03-01", "2026-04-01")]
	assert amounts_of(outcome.charges) == ["50.00", "100.00"]


def test_each_period_costs_what_the_list_says_when_it_begins():
	outcome = billed(a_contract(), "2026-05-01", prices=DEARER)
	assert amounts_of(outcome.charges) == ["100.00", "100.00", "100.00", "130.00", "130.00"]


def test_within_a_commitment_the_price_stays_and_follows_the_list_after_it():
	contract = a_contract(commitment_until=day("2026-05-01"))
	outcome = billed(contract, "2026-06-01", prices=DEARER)
	assert amounts_of(outcome.charges) == ["100.00"] * 4 + ["130.00"] * 2


def test_a_yearly_contract_takes_the_new_price_at_its_renewal():
	yearly = (price("1000.00", YEARLY), price("1200.00", YEARLY, since="2026-06-01"))
	outcome = billed(a_contract("2026-01-01", interval=YEARLY), "2027-01-01", prices=yearly)
	assert amounts_of(outcome.charges) == ["1000.00", "1200.00"]


def test_a_price_agreed_beats_the_list():
	outcome = billed(a_contract(agreed_price=money("77.00")), "2026-04-01", prices=DEARER)
	assert amounts_of(outcome.charges) == ["77.00"] * 4


def test_a_price_agreed_of_nothing_is_kept():
	assert amounts_of(billed(a_contract(agreed_price=money("0")), "2026-01-01").charges) == ["0.00"]


def test_a_gap_in_the_price_list_is_refused_rather_than_guessed():
	with refused("no_price", owner="Basic", day=day("2026-01-01")):
		billed(a_contract(), "2026-01-01", prices=(price("1.00", since="2026-01-02"),))


def test_lines_of_one_pack_are_merged_and_modules_are_kept_apart():
	since = day("2026-01-01")
	lines = (
		PackLine("Users", 2, since),
		PackLine("Seats", 1, since, "CRM"),
		PackLine("Users", 3, since),
		PackLine("Seats", 4, since, "Sales"),
		PackLine("Seats", 2, since, "CRM"),
	)
	outcome = billed(a_contract(packs=lines), "2026-01-01")
	found = [(charge.what, charge.module, charge.quantity, charge.amount) for charge in outcome.charges[1:]]
	assert found == [
		("Users", None, 5, Decimal(50)),
		("Seats", "CRM", 3, Decimal(15)),
		("Seats", "Sales", 4, Decimal(20)),
	]
	assert len({charge.key for charge in outcome.charges}) == 4


@pytest.mark.parametrize(
	("line", "expected"),
	[
		(PackLine("Users", 1, day("2026-01-10")), ["2026-02-01", "2026-03-01"]),
		(PackLine("Users", 1, day("2026-01-01"), ends_on=day("2026-02-01")), ["2026-01-01"]),
		(
			PackLine("Users", 1, day("2026-01-01"), billed_until=day("2026-02-01")),
			["2026-02-01", "2026-03-01"],
		),
		(PackLine("Users", 1, day("2026-02-20"), billed_until=day("2026-03-01")), ["2026-03-01"]),
		(PackLine("Users", 1, day("2026-04-01")), []),
		(PackLine("Training", 1, day("2026-01-01"), None, day("2026-01-01"), day("2026-01-01")), []),
	],
)
def test_a_pack_is_charged_with_the_periods_that_begin_while_it_runs(line: PackLine, expected: list[str]):
	charges = billed(a_contract(packs=(line,)), "2026-03-01").charges
	found = [str(charge.period.start) for charge in charges if charge.kind is ChargeKind.PACK]
	assert found == expected


def test_a_pack_remembers_until_when_it_is_charged():
	since = day("2026-01-01")
	ended = PackLine("Users", 1, since, ends_on=day("2026-02-01"), billed_until=day("2026-02-01"))
	outcome = billed(a_contract(packs=(PackLine("Users", 1, since), ended)), "2026-02-01")
	assert [str(line.billed_until) for line in outcome.contract.packs] == ["2026-03-01", "2026-02-01"]


def test_a_pack_charged_up_to_an_end_that_is_lifted_since_is_charged_for_the_rest():
	charged_to_the_end = PackLine("Users", 3, day("2026-01-11"), billed_until=day("2026-01-20"))
	charges = billed(a_contract(packs=(charged_to_the_end,)), "2026-01-15").charges
	assert periods_of(charges) == [("2026-01-01", "2026-02-01"), ("2026-01-20", "2026-02-01")]
	assert amounts_of(charges) == ["100.00", "11.61"]


def test_a_pack_is_charged_for_the_contracts_interval():
	contract = a_contract(interval=QUARTERLY, packs=(PackLine("Users", 2, day("2026-01-01")),))
	assert amounts_of(billed(contract, "2026-01-01").charges) == ["300.00", "60.00"]


def test_a_currency_without_cents_has_none():
	plan = {"prices": (price("1000", currency="CLP"),)}
	contract = a_contract(currency="CLP", decimals=0, ends_on=day("2026-01-11"))
	assert amounts_of(billed(contract, "2026-01-01", **plan).charges) == ["323"]


def test_a_decision_does_not_depend_on_the_packs_it_remembers_being_billed_in_pieces():
	contract = a_contract("2026-01-31", packs=(PackLine("Users", 1, day("2026-01-31")),))
	at_once = billed(contract, "2026-06-30")
	in_pieces, charges = contract, []
	for on in ("2026-01-31", "2026-02-27", "2026-04-01", "2026-06-30"):
		outcome = billed(in_pieces, on)
		in_pieces, charges = outcome.contract, [*charges, *outcome.charges]
	assert in_pieces == at_once.contract
	assert [replace(charge, charged_on=day("2026-06-30")) for charge in charges] == list(at_once.charges)
