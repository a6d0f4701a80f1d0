"""Which moves does a contract make, and which changes does it refuse?"""

from collections.abc import Callable

import pytest

from subscription_mgmt.engine.contracts import (
	BILLED,
	MOVES,
	RUNNING,
	PackLine,
	Status,
	check_dates,
	check_running,
	is_in_trial,
)
from tests.builders import a_contract, a_draft, a_trial, day, period, refused

EVENTS = {
	"T": "trial_started",
	"A": "activated",
	"O": "trial_over",
	"L": "past_due",
	"G": "grace_over",
	"P": "paid",
	"E": "term_over",
	"C": "cancelled",
	"D": "data_deleted",
	"R": "read_only_bought",
}

# A row for each status, a column for each event; "-" is refused. Written out: MOVES must not check itself.
TABLE = """
          | T         | A      | O      | L        | G         | P      | E     | C         | D     | R
Draft     | Trialling | Active | -      | -        | -         | -      | -     | Cancelled | -     | -
Trialling | -         | -      | Active | -        | -         | -      | Ended | Cancelled | -     | -
Active    | -         | -      | -      | Past Due | -         | -      | Ended | Cancelled | -     | -
Past Due  | -         | -      | -      | -        | Suspended | Active | Ended | Cancelled | -     | Active
Suspended | -         | -      | -      | -        | -         | Active | Ended | Cancelled | Ended | Active
Ended     | -         | -      | -      | -        | -         | -      | -     | -         | -     | Active
Cancelled | -         | -      | -      | -        | -         | -      | -     | -         | -     | Active
"""


def _cells() -> list[tuple[Status, str, str]]:
	head, *rows = [[cell.strip() for cell in row.split("|")] for row in TABLE.strip("\n").splitlines()]
	events = [EVENTS[letter] for letter in head[1:]]
	return [
		(Status(row[0]), event, after) for row in rows for event, after in zip(events, row[1:], strict=True)
	]


CELLS = _cells()


@pytest.mark.parametrize(("status", "event", "after"), [cell for cell in CELLS if cell[2] != "-"])
def test_a_move_of_the_table_is_made(status: Status, event: str, after: str):
	contract = a_contract(status=status)
	assert contract.moved(event) == a_contract(status=Status(after))
	assert contract.status is status


@pytest.mark.parametrize(("status", "event"), [cell[:2] for cell in CELLS if cell[2] == "-"])
def test_a_move_that_is_not_in_the_table_is_refused(status: Status, event: str):
	with refused("move_refused", contract="C1", status=status.value, event=event):
		a_contract(status=status).moved(event)


def test_the_table_above_shows_every_status_and_event():
	assert {status for status, _, _ in CELLS} == set(Status)
	assert {event for _, event in MOVES} == set(EVENTS.values())


def test_an_event_nobody_knows_is_refused():
	with refused("move_refused", event="exploded"):
		a_contract().moved("exploded")


@pytest.mark.parametrize("status", Status)
def test_a_contract_is_running_until_it_has_ended_and_billed_unless_suspended(status: Status):
	over_or_not_begun = {Status.DRAFT, Status.ENDED, Status.CANCELLED}
	assert (status in RUNNING) is (status not in over_or_not_begun)
	assert (status in BILLED) is (status in {Status.ACTIVE, Status.PAST_DUE})


@pytest.mark.parametrize("status", sorted(RUNNING, key=lambda status: status.value))
def test_a_running_contract_may_be_changed(status: Status):
	check_running(a_contract(status=status), day("2026-01-10"))
	check_running(a_contract(status=status, ends_on=day("2026-01-11")), day("2026-01-10"))


@pytest.mark.parametrize(
	("contract", "code"),
	[
		(a_draft(), "contract_not_active"),
		(a_contract(status=Status.ENDED), "contract_over"),
		(a_contract(status=Status.CANCELLED), "contract_over"),
		(a_contract(ends_on=day("2026-01-10")), "contract_over"),
		(a_contract(ends_on=day("2026-01-09")), "contract_over"),
	],
)
def test_a_contract_not_begun_or_over_refuses_changes(contract, code: str):
	with refused(code, contract="C1"):
		check_running(contract, day("2026-01-10"))


@pytest.mark.parametrize("end", ["2026-01-01", "2025-12-31"])
def test_a_contract_that_ends_before_it_starts_is_refused(end: str):
	with refused("end_before_start", start=day("2026-01-01"), end=day(end)):
		check_dates(a_draft("2026-01-01", ends_on=day(end)))


@pytest.mark.parametrize("end", [None, day("2026-01-02")])
def test_a_contract_of_a_day_or_without_end_passes(end):
	check_dates(a_draft("2026-01-01", ends_on=end))


@pytest.mark.parametrize(
	("make", "on", "expected"),
	[
		(a_trial, "2026-01-14", True),
		(a_trial, "2026-01-15", False),
		(a_contract, "2026-01-01", False),
	],
)
def test_a_trial_excludes_its_last_day(make: Callable, on: str, expected: bool):
	assert is_in_trial(make(), day(on)) is expected


@pytest.mark.parametrize(
	("ends", "on", "expected"),
	[
		(None, "2026-01-09", False),
		(None, "2026-01-10", True),
		(None, "2036-01-10", True),
		("2026-02-01", "2026-01-31", True),
		("2026-02-01", "2026-02-01", False),
		("2026-01-10", "2026-01-10", False),
	],
)
def test_a_pack_runs_from_its_start_up_to_its_end(ends: str | None, on: str, expected: bool):
	line = PackLine("Users", 1, day("2026-01-10"), ends_on=day(ends) if ends else None)
	assert line.runs_on(day(on)) is expected


def test_the_period_of_a_day_is_counted_from_the_anchor():
	assert a_contract("2026-01-31").period_on(day("2026-03-15")) == period("2026-02-28", "2026-03-31")
