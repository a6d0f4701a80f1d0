"""Does a licence grant what was bought, charge it once, and change only as it may?"""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscription_mgmt.engine.catalogue import PackKind, Plan, PlanKind, ServiceModule
from subscription_mgmt.engine.charges import ChargeKind
from subscription_mgmt.engine.contracts import Contract, Status
from subscription_mgmt.engine.conversion import check_convertible, converted, hosting_of
from subscription_mgmt.engine.deployment import Deployment
from subscription_mgmt.engine.licences import (
	LICENCE_MOVES,
	Licence,
	LicenceStatus,
	deployed,
	modules_added,
	revoked,
	sold,
	updates_renewed,
)
from tests.builders import (
	HALF_YEARLY,
	MONTHLY,
	YEARLY,
	a_charge,
	a_contract,
	a_one_off,
	a_pack,
	a_plan,
	amounts_of,
	day,
	money,
	price,
	refused,
)

README = (
	Path(__file__).resolve().parents[2]
	/ "subscription_mgmt"
	/ "subscription_mgmt"
	/ "doctype"
	/ "licence"
	/ "README.md"
)
MODULES = {
	"Sales": ServiceModule("Sales", ("Quotations",)),
	"Invoicing": ServiceModule("Invoicing", ("Print",), ("E-invoicing",)),
	"HR": ServiceModule("HR", ("Payroll", "Tax upload"), ("Tax upload",)),
}
TODAY = day("2026-01-31")
LOCAL, ONLINE = Deployment.LOCAL, Deployment.ONLINE


def a_licence_plan(**changes: Any) -> Plan:
	fields: dict[str, Any] = {
		"name": "Enterprise",
		"kind": PlanKind.LICENCE,
		"prices": (price("5000.00", None),),
		"modules": ("Sales", "Invoicing"),
		"functions": ("Import", "E-invoicing"),
		"updates_months": 12,
	}
	return a_plan(**{**fields, **changes})


def a_licence(**changes: Any) -> Licence:
	return Licence(**{"name": "L1", "customer": "Ana", "plan": "Enterprise", "currency": "USD", **changes})


def an_issued(**changes: Any) -> Licence:
	return sold(a_licence(**changes), a_licence_plan(), MODULES, TODAY).licence


def test_a_sale_charges_the_price_once_and_grants_the_plans_modules_and_functions():
	sale = sold(a_licence(), a_licence_plan(), MODULES, TODAY)
	(charge,) = sale.charges
	assert (charge.kind, charge.amount, charge.period) == (ChargeKind.LICENCE, money("5000.00"), None)
	assert (charge.contract, charge.licence) == (None, "L1")
	assert charge.key == "L1|licence:Enterprise|2026-01-31|0"
	assert sale.licence.status is LicenceStatus.ISSUED
	assert sale.licence.modules == ("Sales", "Invoicing")
	assert sale.licence.working == ("Import", "E-invoicing", "Quotations", "Print")


@pytest.mark.parametrize(
	("sold_on", "months", "until"),
	[("2026-01-31", 12, "2027-01-31"), ("2024-02-29", 12, "2025-02-28"), ("2026-08-31", 6, "2027-02-28")],
)
def test_updates_run_for_the_plans_months_from_the_sale(sold_on: str, months: int, until: str):
	plan = a_licence_plan(updates_months=months)
	assert sold(a_licence(), plan, MODULES, day(sold_on)).licence.updates_until == day(until)


def test_a_plan_without_updates_includes_none():
	assert sold(a_licence(), a_licence_plan(updates_months=0), MODULES, TODAY).licence.updates_until == TODAY


def test_only_a_plan_of_kind_licence_is_sold_so():
	with refused("not_a_licence", plan="Basic", kind="Subscription"):
		sold(a_licence(plan="Basic"), a_plan(), MODULES, TODAY)


def test_a_licence_is_not_sold_for_a_guessed_price():
	with refused("no_price", currency="EUR"):
		sold(a_licence(currency="EUR"), a_licence_plan(), MODULES, TODAY)


EVENTS = sorted({event for _, event in LICENCE_MOVES})


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("status", list(LicenceStatus))
def test_a_licence_moves_as_the_table_says_and_no_other_way(status: LicenceStatus, event: str):
	after = LICENCE_MOVES.get((status, event))
	licence = a_licence(status=status)
	if after is not None:
		assert licence.moved(event).status is after
	else:
		with refused("licence_move_refused", status=status.value, event=event):
			licence.moved(event)


def test_the_readme_shows_the_moves_of_the_engine():
	shown = re.findall(r"^\| (\w+) \| `(\w+)` \| (\w+) \|$", README.read_text(), re.MULTILINE)
	assert shown == [(before.value, event, after.value) for (before, event), after in LICENCE_MOVES.items()]


# Deployment


def test_a_local_licence_loses_what_needs_to_be_online_and_gets_it_back():
	licence = an_issued()
	local = deployed(licence, LOCAL, MODULES)
	assert local.working == ("Import", "Quotations", "Print")
	assert local.functions == licence.functions
	online = deployed(local, ONLINE, MODULES)
	assert online.working == licence.working
	assert online.changes == 2


def test_a_licence_sold_local_never_had_what_needs_to_be_online():
	assert "E-invoicing" not in an_issued(deployment=LOCAL).working


def test_a_function_that_only_the_plan_names_is_judged_by_every_module_there_is():
	plan = a_licence_plan(modules=("Sales",))
	local = deployed(sold(a_licence(), plan, MODULES, TODAY).licence, LOCAL, MODULES)
	assert local.working == ("Import", "Quotations")


def test_a_function_is_judged_by_the_licences_own_modules_before_others():
	modules = {
		"Sales": ServiceModule("Sales", ("Export",)),
		"Cloud": ServiceModule("Cloud", ("Export",), ("Export",)),
	}
	plan = a_licence_plan(modules=("Sales",), functions=())
	local = sold(a_licence(deployment=LOCAL), plan, modules, TODAY).licence
	assert local.working == ("Export",)


def test_what_needs_to_be_online_now_counts_when_a_licence_moves():
	changed = {**MODULES, "Sales": ServiceModule("Sales", ("Quotations",), ("Quotations",))}
	assert "Quotations" not in deployed(an_issued(), LOCAL, changed).working


@pytest.mark.parametrize("deployment", list(Deployment))
def test_a_licence_is_not_deployed_where_it_is(deployment: Deployment):
	with refused("deployed_there", deployment=deployment.value):
		deployed(an_issued(deployment=deployment), deployment, MODULES)


@given(
	st.lists(st.sampled_from(sorted(MODULES)), unique=True),
	st.lists(st.sampled_from(["A", "Print", "Tax upload"])),
)
def test_however_often_it_moves_a_licence_online_has_all_it_bought(own: list[str], functions: list[str]):
	plan = a_licence_plan(modules=tuple(own), functions=tuple(functions))
	licence = sold(a_licence(), plan, MODULES, TODAY).licence
	assert len(set(licence.functions)) == len(licence.functions)
	local = deployed(licence, LOCAL, MODULES)
	assert set(local.working) <= set(licence.working)
	assert deployed(local, ONLINE, MODULES).working == licence.working == licence.functions


# Modules and updates


def a_module_pack(**changes: Any):
	fields = {
		"name": "Module",
		"kind": PackKind.OTHER,
		"prices": (price("700.00", None),),
		"per_module": True,
	}
	return a_one_off(**{**fields, **changes})


def test_modules_are_added_with_their_functions_each_for_its_price():
	sale = modules_added(an_issued(), ["HR"], a_module_pack(), MODULES, day("2026-03-01"))
	assert sale.licence.modules == ("Sales", "Invoicing", "HR")
	assert sale.licence.working[-2:] == ("Payroll", "Tax upload")
	(charge,) = sale.charges
	assert (charge.what, charge.module, charge.amount) == ("Module", "HR", money("700.00"))


def test_a_pack_not_sold_per_module_prices_them_together():
	modules = {**MODULES, "CRM": ServiceModule("CRM")}
	pack = a_module_pack(per_module=False)
	assert amounts_of(modules_added(an_issued(), ["HR", "CRM"], pack, modules, TODAY).charges) == ["700.00"]
	each = modules_added(an_issued(), ["HR", "CRM"], a_module_pack(), modules, TODAY).charges
	assert amounts_of(each) == ["700.00", "700.00"]
	assert len({charge.key for charge in each}) == 2


def test_modules_added_to_a_local_licence_work_there_as_far_as_they_can():
	local = an_issued(deployment=LOCAL)
	after = modules_added(local, ["HR"], None, MODULES, TODAY).licence
	assert "Payroll" in after.working
	assert "Tax upload" not in after.working
	assert "Tax upload" in deployed(after, ONLINE, MODULES).working


@pytest.mark.parametrize(
	("names", "code"),
	[
		([], "no_modules"),
		(["Moon"], "unknown_module"),
		(["Sales"], "module_on_licence"),
		(["HR", "HR"], "module_on_licence"),
	],
)
def test_modules_that_make_no_sense_are_refused(names: list[str], code: str):
	with refused(code):
		modules_added(an_issued(), names, None, MODULES, TODAY)


def test_a_licence_is_not_priced_by_a_pack_that_recurs():
	with refused("pack_recurs", pack="Users"):
		modules_added(an_issued(), ["HR"], a_pack(), MODULES, TODAY)
	with refused("pack_recurs"):
		updates_renewed(an_issued(), 12, a_pack(), TODAY)


@pytest.mark.parametrize(
	("today", "until"),
	[("2026-06-01", "2028-01-31"), ("2027-01-31", "2028-01-31"), ("2027-05-18", "2028-05-18")],
)
def test_updates_are_renewed_from_their_end_or_from_today_if_that_is_over(today: str, until: str):
	sale = updates_renewed(an_issued(), 12, a_one_off(), day(today))
	assert sale.licence.updates_until == day(until)
	assert amounts_of(sale.charges) == ["80.00"]


def test_two_renewals_on_one_day_are_two_debts():
	first = updates_renewed(an_issued(), 12, a_one_off(), TODAY)
	second = updates_renewed(first.licence, 12, a_one_off(), TODAY)
	assert first.charges[0].key != second.charges[0].key


@pytest.mark.parametrize("months", [0, -12])
def test_updates_are_renewed_for_a_month_or_more(months: int):
	with refused("quantity_not_positive"):
		updates_renewed(an_issued(), months, None, TODAY)


@pytest.mark.parametrize(
	("status", "code"),
	[(LicenceStatus.DRAFT, "licence_not_sold"), (LicenceStatus.REVOKED, "licence_revoked")],
)
def test_only_an_issued_licence_changes(status: LicenceStatus, code: str):
	licence = a_licence(status=status)
	for change in (
		lambda: deployed(licence, LOCAL, MODULES),
		lambda: modules_added(licence, ["HR"], None, MODULES, TODAY),
		lambda: updates_renewed(licence, 12, None, TODAY),
	):
		with refused(code, licence="L1"):
			change()


def test_a_licence_is_revoked_once_and_with_a_reason():
	licence = revoked(an_issued(), " resold ", TODAY)
	assert (licence.status, licence.revoked_on, licence.revocation_reason) == (
		LicenceStatus.REVOKED,
		TODAY,
		"resold",
	)
	with refused("licence_move_refused"):
		revoked(licence, "again", TODAY)
	with refused("revocation_needs_reason"):
		revoked(an_issued(), "  ", TODAY)


# Conversion and hosting

CHARGED = [
	a_charge(),
	a_charge("31.00", key="C1|pack:Users/|2026-01-01|0", kind=ChargeKind.PACK, what="Users"),
]
MID_MONTH = day("2026-01-11")


def test_a_converted_subscription_ends_today_and_is_credited_by_day():
	outcome = converted(a_contract(), CHARGED, a_licence(), MID_MONTH)
	assert amounts_of(outcome.charges) == ["-67.74", "-21.00"]
	assert {(credit.kind, credit.contract, credit.licence) for credit in outcome.charges} == {
		(ChargeKind.CREDIT, "C1", "L1")
	}
	over = outcome.contract
	assert (over.status, over.ends_on, over.next_billing) == (Status.CANCELLED, MID_MONTH, None)


def test_what_was_credited_before_is_not_credited_again():
	first = converted(a_contract(), CHARGED, a_licence(), MID_MONTH).charges
	assert converted(a_contract(), [*CHARGED, *first], a_licence(), MID_MONTH).charges == ()


def test_a_commitment_does_not_keep_a_customer_from_buying_more():
	contract = a_contract(commitment_until=day("2027-01-01"))
	check_convertible(contract, a_plan(), a_licence(), MID_MONTH)
	assert converted(contract, (), a_licence(), MID_MONTH).contract.status is Status.CANCELLED


@pytest.mark.parametrize(
	("contract", "kind", "code"),
	[
		({"customer": "Ben"}, PlanKind.SUBSCRIPTION, "contract_of_another"),
		({"status": Status.DRAFT}, PlanKind.SUBSCRIPTION, "contract_not_active"),
		({"status": Status.ENDED}, PlanKind.SUBSCRIPTION, "contract_over"),
		({"status": Status.CANCELLED}, PlanKind.SUBSCRIPTION, "contract_over"),
		({"ends_on": MID_MONTH}, PlanKind.SUBSCRIPTION, "contract_over"),
		({"status": Status.SUSPENDED}, PlanKind.SUBSCRIPTION, "suspended_not_convertible"),
		({}, PlanKind.HOSTING, "not_convertible"),
		({}, PlanKind.READ_ONLY, "not_convertible"),
		({}, PlanKind.SUPPORT, "not_convertible"),
	],
)
def test_what_is_no_running_subscription_of_the_buyer_is_not_converted(
	contract: dict, kind: PlanKind, code: str
):
	with refused(code):
		check_convertible(a_contract(**contract), a_plan(kind=kind), a_licence(), MID_MONTH)


def a_hosting_plan(*intervals: Any) -> Plan:
	listed = tuple(price("300.00", interval) for interval in intervals or (YEARLY,))
	return a_plan(name="Hosting", kind=PlanKind.HOSTING, prices=listed)


def hosted(plan: Plan, like: Contract | None = None, **changes: Any) -> Contract:
	licence = a_licence(hosting_plan="Hosting", **changes)
	return hosting_of(licence, "H1", plan, "a.example", like, TODAY)


def test_hosting_is_billed_as_ordered_else_as_the_subscription_was_else_as_priced_first():
	plan, like = a_hosting_plan(YEARLY, HALF_YEARLY, MONTHLY), a_contract(interval=MONTHLY)
	assert hosted(plan, like, hosting_every=HALF_YEARLY).interval is HALF_YEARLY
	assert hosted(plan, like).interval is MONTHLY
	assert hosted(a_hosting_plan(YEARLY), like).interval is YEARLY
	assert hosted(plan).interval is YEARLY


def test_hosting_takes_the_instance_over_as_a_draft_that_starts_today():
	contract = hosted(a_hosting_plan())
	assert (contract.name, contract.customer, contract.instance) == ("H1", "Ana", "a.example")
	assert (contract.status, contract.start) == (Status.DRAFT, TODAY)


def test_a_local_licence_is_not_hosted_nor_is_one_on_another_plan_than_hosting():
	with refused("local_needs_no_hosting"):
		hosted(a_hosting_plan(), deployment=LOCAL)
	with refused("not_hosting", kind="Subscription"):
		hosted(a_plan())
	with refused("no_hosting_price", currency="EUR"):
		hosted(a_hosting_plan(), currency="EUR")
