"""Which backups did an instance get, and how far could it be reached, when a scenario is over?"""

from pathlib import Path

import pytest

from subscription_mgmt.simulation.as_records import records_of
from subscription_mgmt.simulation.scenario_file import read_catalogue
from tests.simulation.drawn import drawn, run

CATALOGUE = """
name: Two backups a day
timezone: Europe/Paris
currency: EUR
payment_days: 10
dunning_policies:
  Strict: {restrict_after_days: 5, delete_after_restriction_days: 10}
backup_policies:
  Twice: {at: ["06:00", "18:00"], keep_daily: 7, keep_weekly: 0, keep_monthly: 0}
  Daily: {every: 24h}
plans:
  Basic: {kind: Subscription, prices: {Yearly: 100.00}, backup: Twice}
  Strict: {kind: Subscription, prices: {Yearly: 100.00}, backup: Twice, dunning: Strict}
  Daily: {kind: Subscription, tier: 2, prices: {Yearly: 200.00}, backup: Daily}
  None: {kind: Subscription, prices: {Yearly: 100.00}}
customers: {Ana: {}}
"""
BASIC = "2026-02-01, do: subscribe, contract: C1, customer: Ana, plan: Basic, every: Yearly, instance: a"


def instance(folder: Path, until: str, *events: str) -> dict:
	result = run(folder, "2026-02-01", until, *events, catalogue=CATALOGUE)
	return result["summary"]["instances"]["a"]


def test_backups_run_at_their_times_and_those_beyond_the_retention_are_gone(tmp_path: Path):
	assert instance(tmp_path, "2026-02-20", BASIC)["backups"] == {"made": 40, "failed": 0, "kept": 7}


def test_a_failing_backup_is_counted_and_none_runs_while_the_scheduler_is_down(tmp_path: Path):
	failing = "2026-02-03 06:00, do: backups_fail, instance: a, until: 2026-02-04 06:00"
	down = "2026-02-10, do: scheduler_down, until: 2026-02-12"
	assert instance(tmp_path, "2026-02-20", BASIC, failing, down)["backups"] == {
		"made": 34,
		"failed": 2,
		"kept": 7,
	}


def test_the_policy_of_the_plan_of_the_day_holds(tmp_path: Path):
	changed = "2026-02-11 12:00, do: change_plan, contract: C1, plan: Daily"
	assert instance(tmp_path, "2026-02-20", BASIC, changed)["backups"] == {
		"made": 21 + 10,
		"failed": 0,
		"kept": 9,
	}


def test_an_instance_without_a_policy_has_none_and_its_availability_is_told_all_the_same(tmp_path: Path):
	result = instance(tmp_path, "2026-03-20", BASIC.replace("plan: Basic", "plan: None"))
	assert result == {
		"mode": "Full",
		"backups": {"made": 0, "failed": 0, "kept": 0},
		"availability": {"2026-02": "100.00", "2026-03": "100.00"},
	}


def test_backups_go_on_while_restricted_and_stop_when_the_data_is_deleted(tmp_path: Path):
	result = instance(tmp_path, "2026-03-20", BASIC.replace("plan: Basic", "plan: Strict"))
	# Due on the 11th, restricted on the 16th, deleted on the 26th at 00:05.
	assert result["mode"] == "Deleted"
	assert result["backups"] == {"made": 2 * 25, "failed": 0, "kept": 0}


@pytest.mark.parametrize(("when", "gone"), [("now", 10 + 10), ("period_end", 25)])
def test_backups_stop_with_the_data_of_a_contract_that_had_ended_before(tmp_path: Path, when: str, gone: int):
	"""Whoever leaves at once is restricted the same day: his contract stays Cancelled when the data goes."""
	left = f"2026-02-11, do: cancel, contract: C1, when: {when}"
	result = instance(tmp_path, "2026-03-20", BASIC.replace("plan: Basic", "plan: Strict"), left)
	assert result["mode"] == "Deleted"
	assert result["backups"] == {"made": 2 * gone, "failed": 0, "kept": 0}


def test_a_second_contract_without_backups_does_not_stop_those_of_the_first(tmp_path: Path):
	second = BASIC.replace("C1", "C2").replace("plan: Basic", "plan: None").replace("02-01", "02-05")
	assert instance(tmp_path, "2026-02-20", BASIC, second)["backups"]["made"] == 40
	left = "2026-02-11, do: cancel, contract: C1, when: now"
	assert instance(tmp_path, "2026-02-20", BASIC, second, left)["backups"]["made"] == 2 * 10


def test_an_outage_is_split_across_months_and_a_planned_one_left_out(tmp_path: Path):
	result = instance(
		tmp_path,
		"2026-03-20",
		BASIC,
		"2026-02-05, do: outage, instance: a, minutes: 400",
		"2026-02-06, do: outage, instance: a, minutes: 900, planned: true",
		"2026-02-28 23:28, do: outage, instance: a, minutes: 100",
	)
	assert result["availability"] == {"2026-02": "98.93", "2026-03": "99.85"}


@pytest.mark.parametrize(
	("verb", "rest"), [("outage", "minutes: 400"), ("backups_fail", "until: 2026-02-07")]
)
def test_what_happens_to_an_instance_that_nobody_has_is_rejected(tmp_path: Path, verb: str, rest: str):
	event = f"2026-02-05, do: {verb}, instance: b, {rest}"
	result = run(tmp_path, "2026-02-01", "2026-02-20", BASIC, event, catalogue=CATALOGUE)
	assert f"02-05 00:10 no {verb}: unknown_instance" in drawn(result)


def test_no_backup_runs_from_the_hour_the_scheduler_stops_until_the_first_day_it_runs_again(tmp_path: Path):
	"""`shared/SCENARIOS.md`: "no job runs from `at` to `until`". Backups have times of their own, and are jobs all the
	same; a site that was down makes none of those it missed, and availability is not about its scheduler."""
	made = {}
	for start in ("05:00", "06:00", "06:01", "18:00", "19:00"):
		down = f"2026-02-10 {start}, do: scheduler_down, until: 2026-02-11"
		result = instance(tmp_path, "2026-02-20", BASIC, down)
		made[start] = 40 - result["backups"]["made"]
		assert (result["backups"]["failed"], result["availability"]) == (0, {"2026-02": "100.00"})
	assert made == {"05:00": 2, "06:00": 2, "06:01": 1, "18:00": 1, "19:00": 0}


def test_a_backup_that_neither_ran_nor_could_is_not_counted_as_failed(tmp_path: Path):
	down = "2026-02-10, do: scheduler_down, until: 2026-02-12"
	failing = "2026-02-11, do: backups_fail, instance: a, until: 2026-02-13"
	result = instance(tmp_path, "2026-02-20", BASIC, down, failing)["backups"]
	assert (result["made"], result["failed"]) == (40 - 4 - 2, 2)


def test_planned_and_unplanned_outages_that_overlap_count_for_what_was_not_planned(tmp_path: Path):
	result = instance(
		tmp_path,
		"2026-02-20",
		BASIC,
		"2026-02-05 10:00, do: outage, instance: a, minutes: 120, planned: true",
		"2026-02-05 11:00, do: outage, instance: a, minutes: 300",
		"2026-02-05 12:30, do: outage, instance: a, minutes: 402",
	)
	# From 12:00, when the maintenance was to be over, to 19:12: 432 of 40,320 minutes.
	assert result["availability"] == {"2026-02": "98.93"}


def test_months_in_which_the_clocks_change_have_an_hour_less_or_more(tmp_path: Path):
	spring = "2026-03-28 20:00, do: outage, instance: a, minutes: 4458"
	assert instance(tmp_path, "2026-03-31", BASIC, spring)["availability"]["2026-03"] == "90.00"
	autumn = "2026-10-24 20:00, do: outage, instance: a, minutes: 4470"
	assert instance(tmp_path, "2026-10-31", BASIC, autumn)["availability"]["2026-10"] == "90.00"


def test_a_planned_outage_over_the_end_of_a_month_hides_nothing_of_the_next_one(tmp_path: Path):
	result = instance(
		tmp_path,
		"2026-03-20",
		BASIC,
		"2026-02-28 23:00, do: outage, instance: a, minutes: 60, planned: true",
		"2026-02-28 23:00, do: outage, instance: a, minutes: 506",
	)
	# 446 minutes of March's 44,580.
	assert result["availability"] == {"2026-02": "100.00", "2026-03": "99.00"}


@pytest.mark.parametrize(("vendor", "promise"), [("bo", 90), ("mx", 99.99)])
def test_the_promise_of_a_vendors_hosted_plans_reaches_their_records(vendor: str, promise: float):
	offer = read_catalogue(Path(__file__).parents[2] / "examples" / f"{vendor}.yaml")
	plans = [record.values for record in records_of(offer) if record.doctype == "Plan"]
	backed_up = [plan for plan in plans if plan["backup_policy"]]
	assert backed_up
	assert {plan["availability_promise"] for plan in backed_up} == {promise}
