"""How far may a customer use his system, and which modes follow which?"""

from itertools import product

import pytest

from subscription_mgmt.engine.access import MODE_MOVES, Mode, granted, mode_of
from subscription_mgmt.engine.catalogue import PlanKind
from subscription_mgmt.engine.contracts import Status
from tests.builders import a_contract

# From (row) to (column), in the order of Mode: y is ordered, - never.
MOVES = """
           | Full | Read Only | Restricted | Deleted
Full       | -    | y         | y          | -
Read Only  | y    | -         | y          | -
Restricted | y    | y         | -          | y
Deleted    | -    | -         | -          | -
"""

# What a contract grants, by its status: on a read-only plan, on any other.
GRANTS = """
Draft     | Restricted | Restricted
Trialling | Read Only  | Full
Active    | Read Only  | Full
Past Due  | Read Only  | Full
Suspended | Restricted | Restricted
Ended     | Restricted | Restricted
Cancelled | Restricted | Restricted
"""

RANKED = ["Full", "Read Only", "Restricted"]
GRANTING = {
	"Full": ("Active", "Subscription"),
	"Read Only": ("Active", "Read Only"),
	"Restricted": ("Ended", "Hosting"),
}


def _rows(table: str) -> list[list[str]]:
	return [[cell.strip() for cell in row.split("|")] for row in table.strip("\n").splitlines()]


def test_a_system_is_deleted_only_when_restricted_and_never_comes_back():
	(_, *columns), *rows = _rows(MOVES)
	shown = {(row[0], to): cell == "y" for row in rows for to, cell in zip(columns, row[1:], strict=True)}
	assert {(mode.value, to.value): to in MODE_MOVES[mode] for mode, to in product(Mode, Mode)} == shown


@pytest.mark.parametrize(("status", "read_only", "other"), _rows(GRANTS))
@pytest.mark.parametrize("kind", PlanKind)
def test_a_contract_grants_by_its_status_and_plan(kind: PlanKind, status: str, read_only: str, other: str):
	wanted = read_only if kind is PlanKind.READ_ONLY else other
	assert granted(a_contract(status=Status(status)), kind) is Mode(wanted)


@pytest.mark.parametrize(
	"modes", [[], *map(list, product(RANKED, repeat=1)), *map(list, product(RANKED, repeat=2))]
)
def test_an_instance_has_the_most_that_any_of_its_contracts_grants(modes: list[str]):
	contracts = [
		(a_contract(status=Status(GRANTING[mode][0])), PlanKind(GRANTING[mode][1])) for mode in modes
	]
	assert mode_of(contracts) is Mode(min([*modes, "Restricted"], key=RANKED.index))
