"""Do a system's readings become the usage that the contract counts?"""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscription_mgmt.engine.catalogue import Aggregate, Excess, Quota, ServiceModule
from subscription_mgmt.engine.metering import days_missed, metered
from subscription_mgmt.engine.systems import Reading
from subscription_mgmt.engine.users import ContractUser
from tests.builders import a_contract, a_plan, day

USERS = Quota("users", Decimal(1), Aggregate.PEAK, Excess.BILL, Decimal(12), per_module=True)
EMAILS = Quota("emails", Decimal(100), Aggregate.SUM)
STORAGE = Quota("storage", Decimal(5))
NOW = datetime.fromisoformat("2026-01-10 23:10")
MODULES = {
	"Ventes": ServiceModule("Ventes", covers=("Selling", "Stock")),
	"CRM": ServiceModule("CRM"),
}


def read(*readings: Reading, users: tuple[ContractUser, ...] = (), quota: Quota = USERS) -> list[tuple]:
	plan = a_plan(modules=("Ventes", "CRM"), quotas=(quota, EMAILS, STORAGE))
	contract = a_contract(instance="acme.example")
	found = metered(contract, plan, {}, MODULES, users, readings, NOW)
	return [(each.metric, each.module, each.value, each.subjects) for each in found.records]


def users_of(module: str, *names: str) -> Reading:
	return Reading("users", len(names), module, names)


def test_a_service_module_counts_whoever_can_open_any_module_it_covers_once():
	read_ = read(users_of("Selling", "ana", "ben"), users_of("Stock", "ben", "Eva"), users_of("Core", "zoe"))
	assert read_ == [("users", "Ventes", 3, ("ana", "ben", "eva"))]


def test_a_module_without_a_mapping_is_the_one_of_the_same_name():
	assert ("users", "CRM", 1, ("ana",)) in read(users_of("CRM", "ana"))


def test_a_mapped_module_that_nobody_can_open_any_more_is_measured_as_none():
	assert read(users_of("CRM", "ana")) == [("users", "Ventes", 0, ()), ("users", "CRM", 1, ("ana",))]
	assert read(Reading("users", 0)) == [("users", "Ventes", 0, ())]


def test_a_module_the_system_does_not_know_is_named_and_not_taken_for_empty():
	plan = a_plan(modules=("Ventes", "CRM"), quotas=(USERS,))
	found = metered(a_contract(instance="a"), plan, {}, MODULES, (), [users_of("Selling", "ana")], NOW)
	assert (found.unknown_modules, [each.module for each in found.records]) == (("CRM",), ["Ventes"])


def test_whoever_is_registered_counts_though_the_system_does_not_know_him_yet():
	ana = ContractUser("ana", is_administrator=True)
	ben = ContractUser("ben", modules=("Ventes",))
	read_ = read(users_of("Selling", "ana", "zoe"), users=(ana, ben))
	assert read_ == [("users", "Ventes", 3, ("ana", "ben", "zoe")), ("users", "CRM", 1, ("ana",))]


def test_a_system_that_counts_without_naming_anybody_is_taken_at_its_word():
	assert read(Reading("users", 7, "CRM"))[1] == ("users", "CRM", 7, ())


def test_users_that_are_not_counted_per_module_count_once_in_all():
	read_ = read(
		users_of("Selling", "ana", "ben"), users_of("CRM", "ben"), quota=replace(USERS, per_module=False)
	)
	assert read_ == [("users", None, 2, ("ana", "ben"))]


@pytest.mark.parametrize(
	("reading", "expected"),
	[
		(Reading("emails", 40), ("emails", None, 40, ())),
		(Reading("storage", 2_345_678_901), ("storage", None, Decimal("2.346"), ())),
	],
)
def test_other_metrics_are_taken_as_they_are_and_bytes_as_gigabytes(reading: Reading, expected: tuple):
	assert expected in read(reading)


def test_what_the_plan_does_not_count_and_what_was_not_measured_is_left_out():
	assert read(Reading("printers", 3)) == []


def test_a_key_names_instance_metric_module_and_day_and_is_never_too_long():
	contract = a_contract(instance="acme.example")
	plan = a_plan(modules=("Ventes", "CRM"), quotas=(USERS,))
	found = metered(contract, plan, {}, MODULES, (), [users_of("CRM", "ana")], NOW)
	assert "acme.example|users|CRM|2026-01-10" in {each.key for each in found.records}
	long = replace(contract, instance="x" * 140)
	keys = {each.key for each in metered(long, plan, {}, MODULES, (), [users_of("CRM", "ana")], NOW).records}
	assert max(map(len, keys)) <= 140 and len(keys) == 2


@given(
	st.lists(st.tuples(st.sampled_from(["Selling", "Stock", "CRM"]), st.sampled_from("abcde")), max_size=20)
)
def test_nobody_counts_twice_in_a_module_and_nobody_is_left_out(opened: list[tuple[str, str]]):
	by_module: dict[str, set[str]] = {}
	for module, name in opened:
		by_module.setdefault(module, set()).add(name)
	readings = [users_of(module, *sorted(names)) for module, names in by_module.items()]
	counted = {module: value for _, module, value, _ in read(*readings)}
	sales = by_module.get("Selling", set()) | by_module.get("Stock", set())
	assert counted.get("Ventes", 0) == len(sales)
	assert counted.get("CRM", 0) == len(by_module.get("CRM", set()))


def test_days_on_which_nothing_was_measured_are_named():
	assert days_missed(day("2026-01-10"), day("2026-01-13")) == [day("2026-01-11"), day("2026-01-12")]
	assert days_missed(day("2026-01-10"), day("2026-01-11")) == []
	assert days_missed(None, day("2026-01-11")) == []
