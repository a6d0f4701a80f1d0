"""What does a pack cost when it is added, and until when does a removed one run?"""

from dataclasses import replace

import pytest

from subscription_mgmt.engine.billing import bring_up_to
from subscription_mgmt.engine.contracts import Contract, PackLine, PlannedChange, Status
from subscription_mgmt.engine.packs import pack_added, pack_removed
from subscription_mgmt.engine.periods import Interval
from tests.builders import (
	a_contract,
	a_draft,
	a_one_off,
	a_pack,
	a_plan,
	a_trial,
	amounts_of,
	day,
	money,
	periods_of,
	price,
	refused,
)

USERS, TRAINING = a_pack(), a_one_off()
SEATS = a_pack(name="Seats", per_module=True)
BILLED = {"next_billing": day("2026-02-01")}


def lines_of(contract: Contract) -> list[tuple[int, str, str | None]]:
	"""(quantity, starts, ends) of every line."""
	return [
		(line.quantity, str(line.starts_on), line.ends_on and str(line.ends_on)) for line in contract.packs
	]


def test_a_pack_is_charged_by_day_to_the_periods_end():
	outcome = pack_added(a_contract(**BILLED), USERS, 3, None, day("2026-01-11"))
	assert periods_of(outcome.charges) == [("2026-01-11", "2026-02-01")]
	assert amounts_of(outcome.charges) == ["20.32"]
	assert (outcome.charges[0].quantity, outcome.charges[0].rate) == (3, money("10.00"))
	assert outcome.contract.packs == (
		PackLine("Users", 3, day("2026-01-11"), billed_until=day("2026-02-01")),
	)


def test_a_pack_added_as_the_period_begins_is_charged_whole():
	outcome = pack_added(a_contract(**BILLED), USERS, 1, None, day("2026-01-01"))
	assert amounts_of(outcome.charges) == ["10.00"]


def test_a_pack_renews_with_the_contract():
	added = pack_added(a_contract(**BILLED), USERS, 3, None, day("2026-01-11")).contract
	renewed = bring_up_to(added, a_plan(), {"Users": USERS}, day("2026-02-01"))
	assert amounts_of(renewed.charges) == ["100.00", "30.00"]


def test_a_pack_added_before_the_night_that_bills_its_period_is_charged_once():
	added = pack_added(a_contract(), USERS, 3, None, day("2026-01-01"))
	billed = bring_up_to(added.contract, a_plan(), {"Users": USERS}, day("2026-01-01"))
	assert amounts_of((*added.charges, *billed.charges)) == ["30.00", "100.00"]


def test_a_pack_added_twice_on_one_day_is_two_debts():
	once = pack_added(a_contract(**BILLED), USERS, 1, None, day("2026-01-11"))
	twice = pack_added(once.contract, USERS, 1, None, day("2026-01-11"))
	assert once.charges[0].key != twice.charges[0].key
	assert twice.contract.changes == 2


def test_a_pack_added_in_a_trial_waits_for_the_first_period():
	outcome = pack_added(a_trial("2026-01-01", until="2026-01-15"), USERS, 2, None, day("2026-01-05"))
	assert outcome.charges == ()
	billed = bring_up_to(outcome.contract, a_plan(), {"Users": USERS}, day("2026-01-15"))
	assert amounts_of(billed.charges) == ["100.00", "20.00"]


def test_a_pack_added_before_the_contract_begins_waits_for_the_first_period():
	outcome = pack_added(a_contract("2026-03-01"), USERS, 2, None, day("2026-02-01"))
	assert (outcome.charges, outcome.contract.packs[0].billed_until) == ((), None)


def test_a_pack_on_a_contract_that_ends_is_charged_to_that_end():
	outcome = pack_added(a_contract(ends_on=day("2026-01-21"), **BILLED), USERS, 31, None, day("2026-01-11"))
	assert periods_of(outcome.charges) == [("2026-01-11", "2026-01-21")]
	assert amounts_of(outcome.charges) == ["100.00"]


def test_a_pack_first_sold_within_the_period_costs_what_it_costs_on_the_day_it_is_added():
	new = a_pack(prices=(price("31.00", since="2026-01-10"), price("62.00", since="2026-01-20")))
	assert amounts_of(pack_added(a_contract(**BILLED), new, 1, None, day("2026-01-11")).charges) == ["21.00"]
	assert amounts_of(pack_added(a_contract(**BILLED), new, 1, None, day("2026-01-22")).charges) == ["20.00"]
	with refused("no_price", owner="Users", day=day("2026-01-09")):
		pack_added(a_contract(**BILLED), new, 1, None, day("2026-01-09"))


@pytest.mark.parametrize("contract", [a_contract(**BILLED), a_trial(until="2026-02-01")])
def test_a_one_off_pack_is_charged_whole_once_even_in_a_trial(contract: Contract):
	outcome = pack_added(contract, TRAINING, 2, None, day("2026-01-20"))
	assert amounts_of(outcome.charges) == ["160.00"]
	assert outcome.charges[0].period is None
	later = bring_up_to(outcome.contract, a_plan(), {"Training": TRAINING}, day("2026-06-01"))
	assert {charge.what for charge in later.charges} == {"Basic"}


@pytest.mark.parametrize(
	("pack", "quantity", "module", "code"),
	[
		(USERS, 0, None, "quantity_not_positive"),
		(USERS, -1, None, "quantity_not_positive"),
		(TRAINING, 0, None, "quantity_not_positive"),
		(SEATS, 1, None, "pack_needs_module"),
		(SEATS, 1, "", "pack_needs_module"),
		(USERS, 1, "CRM", "pack_not_per_module"),
	],
)
def test_a_quantity_of_nothing_or_a_wrong_module_is_refused(
	pack, quantity: int, module: str | None, code: str
):
	with refused(code):
		pack_added(a_contract(), pack, quantity, module, day("2026-01-11"))


def test_a_pack_per_module_keeps_its_module():
	outcome = pack_added(a_contract(**BILLED), SEATS, 1, "CRM", day("2026-01-11"))
	assert (outcome.charges[0].module, outcome.contract.packs[0].module) == ("CRM", "CRM")


@pytest.mark.parametrize(
	("contract", "code"),
	[
		(a_draft(), "contract_not_active"),
		(a_contract(status=Status.ENDED), "contract_over"),
		(a_contract(status=Status.CANCELLED), "contract_over"),
		(a_contract(ends_on=day("2026-01-11")), "contract_over"),
	],
)
def test_packs_change_on_running_contracts_only(contract: Contract, code: str):
	with refused(code):
		pack_added(contract, USERS, 1, None, day("2026-01-11"))
	with refused(code):
		pack_removed(contract, "Users", 1, None, day("2026-01-11"))


HELD = (
	PackLine("Users", 5, day("2026-01-01")),
	PackLine("Seats", 2, day("2026-01-01"), "CRM"),
	PackLine("Users", 3, day("2026-01-11")),
)


@pytest.mark.parametrize(
	("quantity", "expected"),
	[
		(1, [(5, "2026-01-01", None), (2, "2026-01-11", None), (1, "2026-01-11", "2026-02-01")]),
		(3, [(5, "2026-01-01", None), (3, "2026-01-11", "2026-02-01")]),
		(
			4,
			[(4, "2026-01-01", None), (1, "2026-01-01", "2026-02-01"), (3, "2026-01-11", "2026-02-01")],
		),
		(8, [(5, "2026-01-01", "2026-02-01"), (3, "2026-01-11", "2026-02-01")]),
		(None, [(5, "2026-01-01", "2026-02-01"), (3, "2026-01-11", "2026-02-01")]),
	],
)
def test_removed_packs_run_to_the_periods_end_and_the_last_added_go_first(
	quantity: int | None, expected: list
):
	after = pack_removed(a_contract(packs=HELD, **BILLED), "Users", quantity, None, day("2026-01-20"))
	users = replace(after, packs=tuple(line for line in after.packs if line.pack == "Users"))
	assert lines_of(users) == expected
	assert [line for line in after.packs if line.pack == "Seats"] == [HELD[1]]


def test_a_pack_removed_before_the_contract_begins_runs_to_the_end_of_its_first_period():
	later = a_contract("2026-03-01", packs=(PackLine("Users", 2, day("2026-03-01")),))
	after = pack_removed(later, "Users", None, None, day("2026-01-20"))
	assert lines_of(after) == [(2, "2026-03-01", "2026-04-01")]


def test_what_is_left_after_a_removal_renews():
	after = pack_removed(a_contract(packs=HELD, **BILLED), "Users", 2, None, day("2026-01-20"))
	renewed = bring_up_to(after, a_plan(), {"Users": USERS, "Seats": SEATS}, day("2026-02-01"))
	assert [(charge.what, charge.quantity) for charge in renewed.charges] == [
		("Basic", 1),
		("Users", 6),
		("Seats", 2),
	]


def test_a_pack_removed_in_a_trial_stops_at_once():
	trial = a_trial(until="2026-01-15", packs=(PackLine("Users", 2, day("2026-01-01")),))
	after = pack_removed(trial, "Users", None, None, day("2026-01-10"))
	assert lines_of(after) == [(2, "2026-01-01", "2026-01-10")]


@pytest.mark.parametrize(
	("pack", "quantity", "module", "code", "figures"),
	[
		("Training", 1, None, "pack_not_on_contract", {"pack": "Training", "module": "-"}),
		("Users", 1, "CRM", "pack_not_on_contract", {"pack": "Users", "module": "CRM"}),
		("Seats", 1, None, "pack_not_on_contract", {"pack": "Seats"}),
		("Users", 9, None, "fewer_packs", {"held": 8, "asked": 9}),
		("Users", 0, None, "quantity_not_positive", {"quantity": 0}),
		("Users", -1, None, "quantity_not_positive", {"quantity": -1}),
	],
)
def test_what_is_not_held_cannot_be_removed(
	pack: str, quantity: int, module: str | None, code: str, figures: dict
):
	with refused(code, **figures):
		pack_removed(a_contract(packs=HELD, **BILLED), pack, quantity, module, day("2026-01-20"))


def test_a_pack_cannot_be_removed_twice():
	after = pack_removed(a_contract(packs=HELD, **BILLED), "Users", None, None, day("2026-01-20"))
	with refused("pack_not_on_contract"):
		pack_removed(after, "Users", 1, None, day("2026-01-21"))


def test_a_one_off_pack_cannot_be_removed():
	bought = pack_added(a_contract(**BILLED), TRAINING, 1, None, day("2026-01-11")).contract
	with refused("pack_not_on_contract"):
		pack_removed(bought, "Training", 1, None, day("2026-01-11"))


def test_a_pack_that_could_not_be_billed_after_a_planned_change_is_refused():
	planned = a_contract(planned=PlannedChange("Basic", Interval.YEARLY, day("2026-02-01")), **BILLED)
	by_month = a_pack(name="By Month", prices=(price("4.00"),))
	with refused("no_price"):
		pack_added(planned, by_month, 1, None, day("2026-01-11"))
	assert pack_added(planned, TRAINING, 1, None, day("2026-01-11")).charges
