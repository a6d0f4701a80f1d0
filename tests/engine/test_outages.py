"""May an outage or a maintenance window be recorded like this, or corrected?"""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.outages import Entry, check_entry

NOW = datetime(2026, 2, 10, 12, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)
PAST = Entry(NOW - 2 * HOUR, NOW - HOUR)
ONGOING = Entry(NOW - HOUR, None)
COMING = Entry(NOW + HOUR, NOW + 2 * HOUR, planned=True)


def refusal(before: Entry | None, after: Entry) -> str | None:
	try:
		check_entry(before, after, NOW)
	except DomainError as error:
		return error.code
	return None


@pytest.mark.parametrize("entry", [PAST, ONGOING, COMING, replace(COMING, start=NOW)])
def test_what_may_be_entered(entry: Entry):
	assert refusal(None, entry) is None


@pytest.mark.parametrize(
	("entry", "code"),
	[
		(replace(PAST, end=PAST.start), "outage_without_length"),
		(replace(COMING, end=COMING.start - HOUR), "outage_without_length"),
		(replace(COMING, end=None), "maintenance_without_end"),
		(replace(PAST, planned=True), "maintenance_too_late"),
		(replace(COMING, start=NOW - HOUR), "maintenance_too_late"),
		(replace(COMING, planned=False), "outage_in_the_future"),
		(replace(ONGOING, start=NOW + HOUR), "outage_in_the_future"),
		(replace(PAST, end=NOW + HOUR), "outage_in_the_future"),
	],
)
def test_what_may_not(entry: Entry, code: str):
	assert refusal(None, entry) == code


@pytest.mark.parametrize(
	("before", "after"),
	[
		(PAST, replace(PAST, counts=False)),
		(PAST, replace(PAST, planned=True)),
		(PAST, replace(PAST, start=PAST.start + HOUR / 2)),
		(ONGOING, replace(ONGOING, end=NOW)),
		(COMING, replace(COMING, start=NOW + 3 * HOUR, end=NOW + 4 * HOUR)),
		(replace(PAST, correction="our fault"), replace(PAST, counts=False, correction="our fault ")),
	],
)
def test_a_correction_needs_a_reason_of_its_own(before: Entry, after: Entry):
	assert refusal(before, after) == "correction_without_reason"
	assert refusal(before, replace(after, correction="the probe's own fault")) is None


def test_a_maintenance_that_runs_already_may_still_be_extended_and_what_changed_nothing_needs_no_reason():
	running = Entry(NOW - HOUR, NOW + HOUR, planned=True)
	assert refusal(running, replace(running, end=NOW + 2 * HOUR, correction="the disk is slow")) is None
	assert refusal(running, running) is None
