"""What does going over to another plan or interval cost, and when does it take effect?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscription_mgmt.engine.billing import bring_up_to, change_taken
from subscription_mgmt.engine.catalogue import Plan, PlanKind
from subscription_mgmt.engine.charges import total
from subscription_mgmt.engine.contracts import Contract, PackLine, PlannedChange, Status
from subscription_mgmt.engine.periods import Interval
from subscription_mgmt.engine.plan_change import (
	NOW,
	PERIOD_END,
	changed_now,
	check_change,
	is_upgrade,
	planned,
	takes_effect,
)
from tests.builders import (
	CENT,
	MONTHLY,
	YEARLY,
	a_contract,
	a_draft,
	a_one_off,
	a_pack,
	a_plan,
	a_trial,
	amounts_of,
	anchors,
	day,
	money,
	periods_of,
	price,
	prices,
	refused,
)

BASIC = a_plan(tier=1, refundable=True)
PRO = a_plan(name="Pro", tier=2, refundable=True, prices=prices("200.00"))
SIDEWAYS = a_plan(name="Sideways", tier=1, prices=prices("100.00"))
CHEAPER = a_plan(name="Cheaper", tier=1, prices=prices("90.00"))
FIRM = a_plan(name="Firm", tier=2, prices=prices("200.00"))
COMMITTED = a_plan(name="Committed", tier=3, prices=prices("300.00"), commitment_months=12)
READ_ONLY = a_plan(name="Respaldo", kind=PlanKind.READ_ONLY, tier=9, prices=prices("10.00"))
HOSTING = a_plan(name="Hosting", kind=PlanKind.HOSTING, prices=prices("5.00"))
LICENCE = a_plan(name="Licence", kind=PlanKind.LICENCE, prices=(price("1", None),))
SALES = a_plan(name="Sales", modules=("Sales",))
PACKS = {"Users": a_pack(), "Training": a_one_off()}
PLANS = {plan.name: plan for plan in (BASIC, PRO, SIDEWAYS, CHEAPER, FIRM, COMMITTED, READ_ONLY, HOSTING)}
TODAY = day("2026-01-21")


def billed(contract: Contract, plan: Plan = BASIC, on: str = "2026-01-01"):
	return bring_up_to(contract, plan, PACKS, day(on))


def gone_over(plan: Plan, new: Plan, interval: Interval = MONTHLY, on=TODAY, **changes: object):
	before = billed(a_contract(plan=plan.name, **changes), plan)
	return changed_now(before.contract, plan, new, interval, PACKS, before.charges, on)


@pytest.mark.parametrize(
	("old", "new", "interval", "up"),
	[
		("Basic", "Pro", MONTHLY, True),
		("Basic", "Pro", YEARLY, True),
		("Pro", "Basic", MONTHLY, False),
		("Pro", "Basic", YEARLY, False),
		("Basic", "Basic", YEARLY, True),
		("Basic", "Sideways", MONTHLY, True),
		("Basic", "Cheaper", MONTHLY, False),
		("Basic", "Respaldo", MONTHLY, False),  # whatever its tier
		("Basic", "Respaldo", YEARLY, False),
		("Respaldo", "Hosting", MONTHLY, True),
		("Respaldo", "Respaldo", YEARLY, True),
	],
)
def test_up_is_a_higher_tier_another_interval_or_a_price_not_lower(
	old: str, new: str, interval: Interval, up: bool
):
	contract = a_contract(plan=old)
	assert is_upgrade(contract, PLANS[old], PLANS[new], interval, TODAY) is up


@pytest.mark.parametrize(
	("status", "old", "new", "when", "takes"),
	[
		("Active", "Basic", "Pro", None, NOW),
		("Active", "Pro", "Basic", None, PERIOD_END),
		("Active", "Basic", "Pro", PERIOD_END, PERIOD_END),
		("Active", "Pro", "Basic", NOW, NOW),
		("Active", "Basic", "Respaldo", None, PERIOD_END),
		("Past Due", "Pro", "Basic", None, PERIOD_END),
		("Past Due", "Basic", "Respaldo", None, NOW),
		("Past Due", "Basic", "Respaldo", PERIOD_END, PERIOD_END),
		("Suspended", "Basic", "Respaldo", None, NOW),
		("Suspended", "Basic", "Respaldo", PERIOD_END, NOW),
		("Ended", "Basic", "Respaldo", None, NOW),
		("Cancelled", "Basic", "Respaldo", PERIOD_END, NOW),
	],
)
def test_up_takes_effect_now_down_at_period_end_and_data_is_saved_at_once(status, old, new, when, takes):
	contract = a_contract(plan=old, status=Status(status))
	assert takes_effect(contract, PLANS[old], PLANS[new], MONTHLY, when, TODAY) == takes


# status → the refusal of a change to another plan, to a read-only plan, to the same plan and interval.
CHECKS = """
Draft     | contract_not_active  | contract_not_active | contract_not_active
Trialling | -                    | -                   | same_plan
Active    | -                    | -                   | same_plan
Past Due  | -                    | -                   | same_plan
Suspended | suspended_pays_first | -                   | suspended_pays_first
Ended     | contract_over        | -                   | contract_over
Cancelled | contract_over        | -                   | contract_over
"""


@pytest.mark.parametrize("row", CHECKS.strip("\n").splitlines(), ids=lambda row: row.split()[0])
def test_each_status_allows_or_refuses_a_change(row: str):
	status, *codes = (cell.strip() for cell in row.split("|"))
	for new, code in zip((PRO, READ_ONLY, BASIC), codes, strict=True):
		contract = a_contract(status=Status(status))
		if code == "-":
			check_change(contract, BASIC, new, MONTHLY, TODAY)
		else:
			with refused(code, contract="C1"):
				check_change(contract, BASIC, new, MONTHLY, TODAY)


@pytest.mark.parametrize(
	("contract", "new", "interval", "code"),
	[
		(a_contract(), LICENCE, MONTHLY, "licence_is_bought"),
		(a_contract(data_deleted_on=TODAY, status=Status.ENDED), READ_ONLY, MONTHLY, "data_is_deleted"),
		(a_contract(), a_plan(name="Monthly", prices=(price("1"),)), YEARLY, "no_price"),
		(a_contract(ends_on=TODAY), PRO, MONTHLY, "contract_over"),
		(a_contract(packs=(PackLine("Users", 1, TODAY, "CRM"),)), SALES, MONTHLY, "module_not_in_plan"),
		(a_draft(), PRO, MONTHLY, "contract_not_active"),
	],
)  # fmt: skip
def test_a_change_that_makes_no_sense_is_refused(
	contract: Contract, new: Plan, interval: Interval, code: str
):
	with refused(code):
		check_change(contract, BASIC, new, interval, TODAY)


def test_a_pack_that_leaves_does_not_stop_the_change_and_a_read_only_plan_needs_no_module():
	leaving = a_contract(packs=(PackLine("Users", 1, TODAY, "CRM", ends_on=day("2026-02-01")),))
	staying = a_contract(packs=(PackLine("Users", 1, TODAY, "CRM"),))
	check_change(leaving, BASIC, a_plan(name="Sales", modules=("Sales",)), MONTHLY, TODAY)
	check_change(
		staying, BASIC, a_plan(name="R", kind=PlanKind.READ_ONLY, modules=("Sales",)), MONTHLY, TODAY
	)


def test_a_read_only_plan_bought_instead_of_paying_cannot_be_bought_so_again():
	unpaid = a_contract(plan="Respaldo", status=Status.SUSPENDED, debts_from=day("2026-01-05"))
	with refused("suspended_pays_first"):
		check_change(unpaid, READ_ONLY, READ_ONLY, MONTHLY, TODAY)
	first = a_contract(plan="Respaldo", status=Status.SUSPENDED)
	check_change(first, READ_ONLY, READ_ONLY, MONTHLY, TODAY)


def test_an_upgrade_credits_unused_days_and_charges_the_same_days_anew():
	outcome = gone_over(BASIC, PRO)
	assert amounts_of(outcome.charges) == ["-35.48", "70.97"]
	assert periods_of(outcome.charges) == [("2026-01-21", "2026-02-01")] * 2
	assert [charge.key for charge in outcome.charges] == [
		"C1|plan:Basic|2026-01-01|0|credit",
		"C1|plan:Pro|2026-01-21|1",
	]
	after = outcome.contract
	assert (after.plan, after.anchor, after.next_billing, after.changes) == (
		"Pro",
		day("2026-01-01"),
		day("2026-02-01"),
		1,
	)


@pytest.mark.parametrize("old", ["Pro", "Firm"])
def test_a_downgrade_now_credits_only_what_is_refundable(old: str):
	outcome = gone_over(PLANS[old], BASIC)
	assert outcome.contract.plan == "Basic"
	assert amounts_of(outcome.charges) == (["-70.97", "35.48"] if old == "Pro" else [])


def test_an_upgrade_credits_whether_the_plan_is_refundable_or_not():
	assert amounts_of(gone_over(FIRM, COMMITTED).charges) == ["-70.97", "106.45"]


def test_another_interval_begins_today_with_all_that_runs_on():
	kept, leaving = PackLine("Users", 1, day("2026-01-01")), PackLine("Users", 2, day("2026-01-01"))
	before = billed(a_contract(packs=(kept, leaving)))
	line = before.contract.packs[1]
	packs = (before.contract.packs[0], type(line)(**{**vars(line), "ends_on": day("2026-02-01")}))
	contract = type(before.contract)(**{**vars(before.contract), "packs": packs})
	outcome = changed_now(contract, BASIC, BASIC, YEARLY, PACKS, before.charges, TODAY)
	assert [(c.what, str(c.quantity), str(c.amount)) for c in outcome.charges] == [
		("Basic", "1", "-35.48"),
		("Users", "3", "-10.65"),
		("Basic", "1", "1200.00"),
		("Users", "1", "120.00"),
	]
	assert outcome.contract.anchor == TODAY
	assert outcome.contract.next_billing == day("2027-01-21")


def test_a_contract_that_does_not_renew_ends_with_the_new_period():
	ends = {"auto_renew": False, "ends_on": day("2026-02-01")}
	assert gone_over(BASIC, BASIC, YEARLY, **ends).contract.ends_on == day("2027-01-21")
	agreed = {"auto_renew": True, "ends_on": day("2026-02-01")}
	outcome = gone_over(BASIC, BASIC, YEARLY, **agreed)
	assert outcome.contract.ends_on == day("2026-02-01")
	assert periods_of(outcome.charges)[-1] == ("2026-01-21", "2026-02-01")


def test_an_upgrade_of_a_contract_about_to_end_charges_to_its_end_only():
	outcome = gone_over(BASIC, PRO, ends_on=day("2026-01-26"))
	assert periods_of(outcome.charges) == [("2026-01-21", "2026-01-26")] * 2


def test_the_price_of_the_new_plan_is_that_of_the_day_it_is_bought():
	new = a_plan(name="New", tier=5, prices=(price("310.00", since="2026-01-15"),))
	assert amounts_of(gone_over(BASIC, new).charges)[-1] == "110.00"


def test_an_agreed_price_says_nothing_about_another_plan():
	outcome = gone_over(BASIC, PRO, agreed_price=money("50.00"))
	assert amounts_of(outcome.charges) == ["-17.74", "70.97"]
	assert outcome.contract.agreed_price is None


def test_within_a_commitment_one_can_go_up_but_not_down():
	committed = {"commitment_until": day("2027-01-01")}
	assert gone_over(BASIC, PRO, **committed).contract.commitment_until == day("2027-01-01")
	with refused("committed", until=day("2027-01-01")):
		gone_over(PRO, BASIC, **committed)
	ahead = planned(billed(a_contract(plan="Pro", **committed), PRO).contract, PRO, BASIC, MONTHLY, TODAY)
	assert ahead.planned == PlannedChange("Basic", MONTHLY, day("2027-01-01"))


@pytest.mark.parametrize(
	("until", "then"), [(None, "2027-01-21"), ("2026-06-01", "2027-01-21"), ("2028-01-01", "2028-01-01")]
)
def test_a_plan_with_a_commitment_commits_from_the_change_on(until: str | None, then: str):
	outcome = gone_over(BASIC, COMMITTED, commitment_until=day(until) if until else None)
	assert outcome.contract.commitment_until == day(then)


def test_a_commitment_begins_with_a_planned_change_too():
	contract = a_contract(planned=PlannedChange("Committed", MONTHLY, day("2026-02-01")))
	assert change_taken(contract, COMMITTED).commitment_until == day("2027-02-01")
	assert change_taken(contract, PRO).commitment_until is None


def test_in_a_trial_the_plan_changes_freely_and_takes_its_own_commitment():
	trial = a_trial(plan="Committed", commitment_until=day("2027-01-15"))
	down = changed_now(trial, COMMITTED, BASIC, MONTHLY, PACKS, (), day("2026-01-05"))
	assert (down.contract.plan, down.contract.commitment_until, down.charges) == ("Basic", None, ())
	up = changed_now(a_trial(), BASIC, COMMITTED, YEARLY, PACKS, (), day("2026-01-05"))
	assert (up.contract.commitment_until, up.contract.anchor) == (day("2027-01-15"), day("2026-01-15"))


@pytest.mark.parametrize("status", ["Suspended", "Ended", "Cancelled"])
def test_a_read_only_plan_revives_what_is_not_served_and_shelters_from_old_debts(status: str):
	before = a_contract(
		status=Status(status),
		next_billing=None,
		ends_on=day("2026-01-10"),
		auto_renew=False,
		arrears_since=day("2026-01-01"),
		reminded=5,
		packs=(PackLine("Users", 1, day("2026-01-01")),),
		on_hold=True,
	)
	outcome = changed_now(before, BASIC, READ_ONLY, MONTHLY, PACKS, (), TODAY)
	after = outcome.contract
	assert amounts_of(outcome.charges) == ["10.00"]
	assert (after.status, after.plan, after.anchor, after.ends_on) == (Status.ACTIVE, "Respaldo", TODAY, None)
	assert (after.debts_from, after.arrears_since, after.reminded, after.auto_renew) == (TODAY, None, 0, True)
	assert after.on_hold and not after.packs[0].runs_on(TODAY)


def test_a_contract_in_arrears_that_goes_over_to_read_only_is_sheltered_too():
	outcome = gone_over(BASIC, READ_ONLY, status=Status.PAST_DUE, arrears_since=day("2026-01-01"), reminded=5)
	after = outcome.contract
	assert (after.status, after.debts_from, after.arrears_since) == (Status.ACTIVE, TODAY, None)


def test_back_on_a_full_plan_old_debts_count_again_and_a_period_given_up_is_not_credited():
	first = billed(a_contract())
	suspended = type(first.contract)(**{**vars(first.contract), "status": Status.SUSPENDED})
	bought = changed_now(suspended, BASIC, READ_ONLY, MONTHLY, PACKS, first.charges, day("2026-01-15"))
	back = changed_now(
		bought.contract, READ_ONLY, PRO, MONTHLY, PACKS, (*first.charges, *bought.charges), TODAY
	)
	assert back.contract.debts_from is None
	assert [charge.what for charge in back.charges] == ["Respaldo", "Pro"]


def test_a_read_only_plan_ends_the_packs_and_credits_them():
	packs = (PackLine("Users", 1, day("2026-01-01")),)
	outcome = gone_over(BASIC, READ_ONLY, packs=packs)
	assert amounts_of(outcome.charges) == ["-35.48", "-3.55", "3.55"]
	assert outcome.contract.packs[0].ends_on == TODAY


@pytest.mark.parametrize(
	("auto_renew", "ends_on", "then"),
	[
		(True, None, None),
		(False, "2026-02-01", "2026-03-01"),
		(True, "2026-06-01", "2026-06-01"),
	],
)
def test_planned_for_the_end_of_a_contract_that_does_not_renew_it_goes_on_for_one_period(
	auto_renew, ends_on, then
):
	contract = a_contract(plan="Pro", auto_renew=auto_renew, ends_on=day(ends_on) if ends_on else None)
	ahead = planned(contract, PRO, BASIC, MONTHLY, TODAY)
	assert ahead.planned == PlannedChange("Basic", MONTHLY, day("2026-02-01"))
	assert ahead.ends_on == (day(then) if then else None)
	assert ahead.changes == contract.changes


@pytest.mark.parametrize(("auto_renew", "ends_on"), [(True, "2026-02-01"), (False, "2026-01-25")])
def test_a_change_after_the_agreed_end_is_refused(auto_renew: bool, ends_on: str):
	contract = a_contract(plan="Pro", auto_renew=auto_renew, ends_on=day(ends_on))
	with refused("ends_before_change", ends=day(ends_on), day=day("2026-02-01")):
		planned(contract, PRO, BASIC, MONTHLY, TODAY)


def test_a_change_drops_the_one_that_was_planned():
	outcome = gone_over(BASIC, PRO, planned=PlannedChange("Cheaper", MONTHLY, day("2026-02-01")))
	assert outcome.contract.planned is None


def test_changes_on_one_day_credit_each_charge_once_and_take_keys_of_their_own():
	first = billed(a_contract())
	contract, charges = first.contract, list(first.charges)
	for old, new in [(BASIC, PRO), (PRO, BASIC), (BASIC, PRO), (PRO, COMMITTED)]:
		outcome = changed_now(contract, old, new, MONTHLY, PACKS, charges, TODAY)
		contract, charges = outcome.contract, [*charges, *outcome.charges]
	assert len({charge.key for charge in charges}) == len(charges)
	reversed_ = [charge.reverses for charge in charges if charge.reverses]
	assert len(set(reversed_)) == len(reversed_) == 4
	assert total(charges) == money("100.00") - money("35.48") + money("106.45")


@given(anchors, st.integers(0, 27), st.sampled_from(Interval))
def test_an_upgrade_and_back_on_one_day_costs_nothing(anchor, later: int, interval: Interval):
	on = anchor.fromordinal(anchor.toordinal() + later)
	first = bring_up_to(a_contract(str(anchor), interval=interval), BASIC, PACKS, on)
	up = changed_now(first.contract, BASIC, PRO, interval, PACKS, first.charges, on)
	charges = (*first.charges, *up.charges)
	down = changed_now(up.contract, PRO, BASIC, interval, PACKS, charges, on)
	assert abs(total(up.charges) + total(down.charges)) <= CENT
