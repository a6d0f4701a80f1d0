"""Which backups did an instance get, and how far could it be reached, when a scenario is over?"""

from pathlib import Path

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


def test_an_outage_of_an_instance_that_nobody_has_is_rejected(tmp_path: Path):
	event = "2026-02-05, do: outage, instance: b, minutes: 400"
	result = run(tmp_path, "2026-02-01", "2026-02-20", BASIC, event, catalogue=CATALOGUE)
	assert "02-05 00:10 no outage: unknown_instance" in drawn(result)
