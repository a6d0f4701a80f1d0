"""Is a customer told what does not fit before he goes over to a smaller plan?"""

from pathlib import Path

import pytest

from tests.simulation.drawn import run

CATALOGUE = """
name: Two sizes
timezone: Europe/Paris
currency: EUR
payment_days: 3650
plans:
  Small:
    kind: Subscription
    tier: 1
    prices: {Monthly: 100.00}
    quotas:
      companies: {included: 1, aggregate: last, excess: Block}
      users: {included: 1, aggregate: peak, excess: Bill, price: 12.00}
  Large:
    kind: Subscription
    tier: 2
    prices: {Monthly: 300.00}
    quotas:
      companies: {included: 5, aggregate: last, excess: Block}
      users: {included: 5, aggregate: peak, excess: Bill, price: 12.00}
  Respaldo: {kind: Read Only, prices: {Monthly: 10.00}}
packs:
  Company: {kind: Companies, prices: {Monthly: 20.00}}
customers: {Ana: {}}
"""
LARGE = "2026-01-01, do: subscribe, contract: C1, customer: Ana, plan: Large, every: Monthly"
COMPANIES = "2026-01-05, do: meter, contract: C1, metric: companies, value"
DOWN = "2026-01-10, do: change_plan, contract: C1, plan: Small, when"


def refusals(folder: Path, *events: str) -> list[str]:
	result = run(folder, "2026-01-01", "2026-01-31", *events, catalogue=CATALOGUE)
	return [event["reason"] for event in result["events"] if event["type"] == "rejected"]


@pytest.mark.parametrize("when", ["now", "period_end"])
def test_what_is_blocked_beyond_the_smaller_quota_keeps_from_going_down(tmp_path: Path, when: str):
	(reason,) = refusals(tmp_path, LARGE, f"{COMPANIES}: 3", f"{DOWN}: {when}")
	assert "companies 3 > 1" in reason


def test_only_the_latest_level_counts(tmp_path: Path):
	fewer = "2026-01-08, do: meter, contract: C1, metric: companies, value: 1"
	assert refusals(tmp_path, LARGE, f"{COMPANIES}: 3", fewer, f"{DOWN}: now") == []


def test_packs_make_room(tmp_path: Path):
	pack = "2026-01-02, do: add_pack, contract: C1, pack: Company, quantity: 2"
	assert refusals(tmp_path, LARGE, pack, f"{COMPANIES}: 3", f"{DOWN}: now") == []


def test_what_is_billed_beyond_the_quota_does_not_stand_in_the_way(tmp_path: Path):
	users = "2026-01-05, do: meter, contract: C1, metric: users, value: 4"
	assert refusals(tmp_path, LARGE, users, f"{DOWN}: now") == []


def test_a_read_only_plan_fits_whatever_there_is(tmp_path: Path):
	respaldo = "2026-01-10, do: change_plan, contract: C1, plan: Respaldo"
	assert refusals(tmp_path, LARGE, f"{COMPANIES}: 3", respaldo) == []
