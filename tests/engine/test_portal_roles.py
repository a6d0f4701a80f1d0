"""Which of a customer's people may do what, and is there always somebody who can invite others?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscription_mgmt.engine.portal_roles import MAY, PortalRole, Verb, check_an_owner_stays, completed, may
from tests.builders import refused

OWNER, BILLING, TECHNICAL, VIEWER = PortalRole

# y: may, - may not, in the order of the roles.
TABLE = """
see            | y y y y
see_keys       | y - y -
pay            | y y - -
change_plan    | y y - -
buy            | y y - -
set_renewal    | y y - -
cancel         | y - - -
approve_costs  | y y - -
deploy         | y - y -
register_users | y - y -
open_ticket    | y y y -
grant_access   | y - y -
book_training  | y y y -
handle_backups | y - y -
manage_people  | y - - -
"""
ROWS = [line.split("|") for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize(("verb", "marks"), [(verb.strip(), marks.split()) for verb, marks in ROWS])
def test_who_may_do_what(verb: str, marks: list[str]):
	assert ["y" if may(role, Verb(verb)) else "-" for role in PortalRole] == marks


def test_every_verb_has_its_row_and_the_owner_may_everything():
	assert (
		{verb.strip() for verb, _marks in ROWS}
		== {verb.value for verb in Verb}
		== {verb.value for verb in MAY}
	)
	assert all(may(OWNER, verb) for verb in Verb)


def test_who_only_looks_does_nothing_else():
	assert [verb for verb in Verb if may(VIEWER, verb)] == [Verb.SEE]


@pytest.mark.parametrize("verb", Verb)
def test_a_stranger_may_nothing(verb: Verb):
	assert not may(None, verb)


@pytest.mark.parametrize(
	("roles", "given_"),
	[
		([None], [OWNER]),
		([None, None], [OWNER, VIEWER]),
		([BILLING, None, None], [BILLING, OWNER, VIEWER]),
		([None, OWNER], [VIEWER, OWNER]),
		([BILLING], [BILLING]),
		([], []),
	],
)
def test_whoever_has_no_role_gets_one(roles: list, given_: list):
	assert completed(roles) == given_


@given(st.lists(st.one_of(st.none(), st.sampled_from(PortalRole)), min_size=1))
def test_roles_that_were_given_stay_and_none_is_missing(roles: list):
	found = completed(roles)
	assert [role for role, before in zip(found, roles, strict=True) if before] == [
		role for role in roles if role
	]
	assert OWNER in found or None not in roles


def test_the_last_owner_stays():
	check_an_owner_stays([OWNER, VIEWER], "Acme")
	with refused("last_owner", customer="Acme"):
		check_an_owner_stays([BILLING, VIEWER], "Acme")
