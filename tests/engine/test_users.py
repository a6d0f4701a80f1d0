"""Who counts as a user in which module, and what does the administrator have to do with it?"""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscription_mgmt.engine.catalogue import Aggregate, Excess, Plan, Quota
from subscription_mgmt.engine.contracts import PackLine
from subscription_mgmt.engine.usage import UsageRecord
from subscription_mgmt.engine.users import (
	ContractUser,
	Seats,
	changed,
	check_let_in,
	opens,
	records_of,
	registered,
	removed,
	seats,
)
from tests.builders import a_contract, a_pack, a_plan, day, refused

MODULES = ("CRM", "Sales")
QUOTA = Quota("users", Decimal(1), Aggregate.PEAK, Excess.BILL, Decimal(12), per_module=True)
ANA = ContractUser("ana@acme.example", is_administrator=True)
BEN = ContractUser("ben@acme.example", modules=("CRM",))
NOON = datetime.fromisoformat("2026-01-10 12:00")


def a_metered(**changes: object) -> Plan:
	return a_plan(modules=MODULES, quotas=(replace(QUOTA, **changes),))


def standing(*users: ContractUser, plan: Plan | None = None, packs: tuple[PackLine, ...] = ()) -> list[tuple]:
	contract, known = a_contract(packs=packs), {"Users": a_pack(per_module=True)} if packs else {}
	found = seats(users, contract, plan or a_metered(), known, day("2026-01-10"))
	return [(each.module, len(each.names), each.allowed, each.extra) for each in found]


def test_the_first_user_is_the_administrator_and_a_second_is_not():
	users = registered((), ContractUser(" Ana@Acme.example "), a_metered())
	users = registered(users, BEN, a_metered())
	assert [(user.login, user.is_administrator) for user in users] == [
		("ana@acme.example", True),
		("ben@acme.example", False),
	]


def test_the_administrator_is_included_and_everybody_else_counts_in_each_module_he_may_open():
	both = ContractUser("eva@acme.example", modules=MODULES)
	assert standing(ANA) == [("CRM", 1, 1, 0), ("Sales", 1, 1, 0)]
	assert standing(ANA, BEN, both) == [("CRM", 3, 1, 2), ("Sales", 2, 1, 1)]


def test_a_pack_holds_the_users_of_its_module_alone():
	packs = (PackLine("Users", 2, day("2026-01-01"), module="CRM"),)
	assert standing(ANA, BEN, packs=packs) == [("CRM", 2, 3, 0), ("Sales", 1, 1, 0)]


def test_who_is_not_enabled_counts_nowhere():
	assert standing(ANA, replace(BEN, enabled=False))[0] == ("CRM", 1, 1, 0)


def test_users_that_are_not_counted_per_module_count_once():
	assert standing(ANA, BEN, plan=a_metered(per_module=False)) == [(None, 2, 1, 1)]


def test_a_plan_that_does_not_count_users_says_nothing_of_them():
	assert standing(ANA, BEN, plan=a_plan(modules=MODULES)) == []


def test_rights_for_a_module_the_plan_has_no_more_open_nothing():
	assert opens(replace(BEN, modules=("CRM", "HR")), a_metered()) == ("CRM",)


@pytest.mark.parametrize(
	("code", "attempt"),
	[
		("user_registered_before", lambda: registered((ANA, BEN), BEN, a_metered())),
		("module_not_metered", lambda: registered((ANA,), replace(BEN, modules=("HR",)), a_metered())),
		("user_without_login", lambda: registered((ANA,), replace(BEN, login=" "), a_metered())),
		("user_not_registered", lambda: removed((ANA,), BEN.login)),
		("administrator_stays", lambda: removed((ANA, BEN), ANA.login)),
		("administrator_stays", lambda: changed((ANA, BEN), replace(ANA, enabled=False), a_metered())),
		(
			"administrator_stays",
			lambda: changed((ANA, BEN), replace(ANA, is_administrator=False), a_metered()),
		),
	],
)
def test_what_makes_no_sense_is_refused(code: str, attempt: object):
	with refused(code):
		attempt()


def test_who_is_made_administrator_takes_over_and_the_one_before_keeps_his_own_rights():
	ana, ben = changed((ANA, BEN), replace(BEN, is_administrator=True), a_metered())
	assert (ana.is_administrator, ben.is_administrator) == (False, True)
	assert (opens(ana, a_metered()), opens(ben, a_metered())) == ((), MODULES)


def test_nobody_is_let_in_beyond_a_quota_that_blocks_but_rights_may_go():
	full, fuller = ([Seats("CRM", names, Decimal(1), None)] for names in (("a", "b"), ("a", "b", "c")))
	with refused("users_beyond_quota", module="CRM", users=3, allowed="1"):
		check_let_in(full, fuller)
	in_all = [replace(each, module=None) for each in (*full, *fuller)]
	with refused("users_beyond_quota_in_all", users=3):
		check_let_in(in_all[:1], in_all[1:])
	check_let_in(fuller, full)
	check_let_in(full, full)


def written(before: tuple[str, ...], after: tuple[str, ...], *known: UsageRecord) -> list[tuple]:
	template = UsageRecord("", "users", NOON, Decimal(0))
	was, now = ([Seats("CRM", names, Decimal(1), None)] for names in (before, after))
	return [(each.value, each.subjects) for each in records_of(was, now, known, "x", template)]


def measured(value: int, *subjects: str) -> UsageRecord:
	at = datetime.fromisoformat("2026-01-09")
	return UsageRecord("m", "users", at, Decimal(value), "CRM", subjects)


def test_a_change_is_counted_in_the_modules_it_touches():
	assert written(("ana",), ("ana", "ben")) == [(2, ("ana", "ben"))]
	assert written(("ana",), ("ana",)) == []


def test_whom_a_meter_found_without_his_being_registered_still_counts():
	assert written(("ana",), ("ana", "ben"), measured(2, "ana", "zoe")) == [(3, ("ana", "ben", "zoe"))]
	assert written(("ana", "ben"), ("ana",), measured(3, "ana", "ben", "zoe")) == [(2, ("ana", "zoe"))]


def test_a_figure_without_names_is_not_lowered_by_registering():
	assert written(("ana",), ("ana", "ben"), measured(5)) == [(5, ("ana", "ben"))]


people = st.lists(
	st.tuples(st.sampled_from("abcdef"), st.sets(st.sampled_from(MODULES)), st.booleans()), max_size=12
)


@given(people)
def test_however_users_come_and_change_there_is_one_administrator_and_each_counts_once(steps: list[tuple]):
	plan, users = a_metered(), ()
	for login, modules, leads in steps:
		user = ContractUser(login, modules=tuple(sorted(modules)), is_administrator=leads)
		known = {each.login: each for each in users}
		if login not in known:
			users = registered(users, user, plan)
		elif known[login].is_administrator:
			users = changed(users, replace(user, is_administrator=True), plan)
		elif modules:
			users = changed(users, user, plan)
		else:
			users = removed(users, login)
	assert sum(user.is_administrator for user in users) == (1 if users else 0)
	for module, names, _, _ in standing(*users, plan=plan):
		entitled = {user.login for user in users if user.is_administrator or module in user.modules}
		assert names == len(entitled)
