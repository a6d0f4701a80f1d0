"""Does the sample of the published format run as it stands?"""

from pathlib import Path

import pytest

from subscription_mgmt.simulation.run import simulate
from subscription_mgmt.simulation.scenario_file import last_day, read_scenario

SAMPLE = Path(__file__).parent / "published_sample.yaml"


@pytest.fixture(scope="module")
def result() -> dict:
	scenario = read_scenario(SAMPLE)
	return simulate(scenario, last_day(scenario, None))


def test_the_first_half_year_is_billed_on_the_first_day(result: dict):
	(first, *_later) = [event for event in result["events"] if event["type"] == "invoice"]
	assert (first["at"], first["due_on"], first["total"]) == (
		"2026-01-31T00:10:00-04:00",
		"2026-01-31",
		"600.00",
	)
	assert first["lines"] == [
		{
			"kind": "plan",
			"what": "Basic",
			"period_start": "2026-01-31",
			"period_end": "2026-07-31",
			"quantity": 1,
			"rate": "600.00",
			"amount": "600.00",
		}
	]


def test_nothing_of_it_is_refused(result: dict):
	assert [event for event in result["events"] if event["type"] in ("rejected", "parked")] == []


def test_the_unpaid_second_half_year_ends_in_deletion(result: dict):
	story = [
		(event["at"][:10], event.get("kind") or event.get("status") or event.get("mode") or event["type"])
		for event in result["events"]
		if event["at"] > "2026-07" and event["type"] != "invoice"
	]
	assert story == [
		("2026-07-01", "renewal"),
		("2026-08-01", "reminder"),
		("2026-08-01", "Past Due"),
		("2026-08-05", "reminder"),
		("2026-08-10", "restriction"),
		("2026-08-10", "Suspended"),
		("2026-08-10", "Restricted"),
		("2026-08-25", "deletion"),
		("2026-09-02", "deletion"),
		("2026-09-08", "deletion"),
		("2026-09-09", "data_deleted"),
		("2026-09-09", "Deleted"),
		("2026-09-09", "Ended"),
	]
