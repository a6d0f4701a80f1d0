"""What does usage cost in a scenario, on which day, and what is the customer told?"""

from pathlib import Path

import pytest

from subscription_mgmt.simulation.yaml_file import FileError
from tests.simulation.drawn import drawn
from tests.simulation.drawn import run as run_with

CATALOGUE = """
name: Modules and packs
timezone: Europe/Paris
currency: EUR
payment_days: 3650
dunning_policies:
  Strict: {restrict_after_days: 5}
modules: {Sales: {}, CRM: {}}
plans:
  Basic:
    kind: Subscription
    tier: 1
    prices: {Monthly: 100.00, Half-Yearly: 560.00, Yearly: 1100.00}
    modules: [Sales, CRM]
    quotas: &quotas
      users: {included: 1, per_module: true, aggregate: peak, excess: Bill, price: 12.00}
      companies: {included: 1, aggregate: last, excess: Block}
      emails: {included: 100, aggregate: sum, excess: Block}
  Large:
    kind: Subscription
    tier: 2
    prices: {Monthly: 300.00, Yearly: 3000.00}
    modules: [Sales, CRM]
    quotas: {users: {included: 5, per_module: true, aggregate: peak, excess: Bill, price: 10.00}}
packs:
  Seats: {kind: Users, metric: users, per_module: true, prices: {Monthly: 10.00, Half-Yearly: 50.00, Yearly: 90.00}}
  Company: {kind: Companies, prices: {Half-Yearly: 20.00, Yearly: 30.00}}
customers: {Ana: {}}
"""
C1 = "do: subscribe, contract: C1, customer: Ana, plan: Basic, every"
METER = "do: meter, contract: C1, metric"


def run(folder: Path, start: str, until: str, *events: str, catalogue: str = CATALOGUE) -> dict:
	return run_with(folder, start, until, *events, catalogue=catalogue)


def invoices(result: dict) -> list[str]:
	"""What was invoiced after the first invoice."""
	return [line for line in drawn(result) if " owes " in line][1:]


def notices(result: dict) -> list[tuple]:
	found = (event for event in result["events"] if event["type"] == "notice")
	return [
		(each["at"][5:10], each["kind"], each["metric"], each.get("module"), each["used"], each["quota"])
		for each in found
	]


def test_overage_is_billed_each_month_of_a_half_year_and_with_its_renewal_on_one_invoice(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-01-31",
		"2026-08-01",
		f"2026-01-31, {C1}: Half-Yearly",
		f"2026-05-12, {METER}: users, module: Sales, value: 4",
		f"2026-05-20, {METER}: users, module: CRM, value: 2",
		f"2026-06-10, {METER}: users, module: Sales, value: 2",
		f"2026-07-05, {METER}: users, module: CRM, value: 1",
	)
	assert invoices(result) == [
		"05-31 00:05 C1 owes 48.00: users/CRM 04-30>05-31 12.00, 3 users/Sales 04-30>05-31 36.00",
		"06-30 00:05 C1 owes 48.00: users/CRM 05-31>06-30 12.00, 3 users/Sales 05-31>06-30 36.00",
		"07-31 00:05 C1 owes 584.00: Basic 07-31>01-31 560.00, users/CRM 06-30>07-31 12.00, "
		"users/Sales 06-30>07-31 12.00",
	]


def test_a_pack_spares_its_module_the_consumption(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-01-01",
		"2026-02-01",
		f"2026-01-01, {C1}: Yearly",
		"2026-01-05, do: add_pack, contract: C1, pack: Seats, quantity: 2, module: Sales",
		f"2026-01-06, {METER}: users, module: Sales, value: 3",
		f"2026-01-06, {METER}: users, module: CRM, value: 3",
	)
	assert invoices(result)[1:] == ["02-01 00:05 C1 owes 24.00: 2 users/CRM 01-01>02-01 24.00"]


def test_the_same_key_counts_once_and_nonsense_is_rejected(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-01-01",
		"2026-01-31",
		f"2026-01-01, {C1}: Yearly",
		f"2026-01-02, {METER}: emails, value: 40, key: a",
		f"2026-01-03, {METER}: emails, value: 40, key: a",
		f"2026-01-04, {METER}: emails, value: 41, key: a",
		f"2026-01-05, {METER}: emails, value: 39, key: b",
		f"2026-01-06, {METER}: emails, value: 1, key: c",
		f"2026-01-07, {METER}: printers, value: 1",
		f"2026-01-08, {METER}: emails, value: -1",
		f"2026-01-09, {METER}: users, value: 1",
	)
	assert notices(result) == [("01-06", "quota_80", "emails", None, 80, 100)]
	refused = [
		(event["at"][5:10], event["code"]) for event in result["events"] if event["type"] == "rejected"
	]
	assert refused == [
		("01-04", "usage_key_reused"),
		("01-07", "unknown_metric"),
		("01-08", "negative_usage"),
		("01-09", "usage_needs_module"),
	]


def test_what_is_blocked_stays_at_the_quota_and_is_never_billed(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-01-01",
		"2026-03-01",
		f"2026-01-01, {C1}: Yearly",
		f"2026-01-02, {METER}: companies, value: 3",
		"2026-01-03, do: add_pack, contract: C1, pack: Company",
		f"2026-01-04, {METER}: companies, value: 2",
		f"2026-01-05, {METER}: emails, value: 90",
		f"2026-01-06, {METER}: emails, value: 30",
		f"2026-02-05, {METER}: emails, value: 90",
	)
	assert notices(result) == [
		("01-02", "quota_80", "companies", None, 1, 1),
		("01-02", "quota_100", "companies", None, 1, 1),
		("01-02", "blocked", "companies", None, 3, 1),
		("01-04", "quota_80", "companies", None, 2, 2),
		("01-04", "quota_100", "companies", None, 2, 2),
		("01-05", "quota_80", "emails", None, 90, 100),
		("01-06", "quota_100", "emails", None, 100, 100),
		("01-06", "blocked", "emails", None, 120, 100),
		("02-05", "quota_80", "emails", None, 90, 100),
	]
	assert [line for line in invoices(result) if "emails" in line or "companies" in line] == []


def test_months_missed_by_the_scheduler_are_billed_once_it_runs_again(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-01-01",
		"2026-04-10",
		f"2026-01-01, {C1}: Yearly",
		f"2026-01-06, {METER}: users, module: CRM, value: 3",
		"2026-01-20, do: scheduler_down, until: 2026-03-15",
	)
	assert invoices(result) == [
		"03-15 00:05 C1 owes 48.00: 2 users/CRM 01-01>02-01 24.00, 2 users/CRM 02-01>03-01 24.00",
		"04-01 00:05 C1 owes 24.00: 2 users/CRM 03-01>04-01 24.00",
	]


def test_months_that_begin_while_suspended_are_not_billed(tmp_path: Path):
	catalogue = CATALOGUE.replace("payment_days: 3650", "payment_days: 10").replace(
		"    tier: 1\n", "    tier: 1\n    dunning: Strict\n"
	)
	result = run(
		tmp_path,
		"2026-01-01",
		"2026-05-01",
		f"2026-01-01, {C1}: Yearly",
		f"2026-01-06, {METER}: users, module: CRM, value: 3",
		"2026-03-10, do: pay, contract: C1",
		"2026-05-01, do: pay, contract: C1",
		catalogue=catalogue,
	)
	assert invoices(result) == [
		"02-01 00:05 C1 owes 24.00: 2 users/CRM 01-01>02-01 24.00",
		"05-01 00:05 C1 owes 24.00: 2 users/CRM 04-01>05-01 24.00",
	]


@pytest.mark.parametrize(
	("ending", "day", "amount"),
	[
		("2026-01-20, do: cancel, contract: C1, when: now", "01-20 00:10", "14.71"),  # 19 of 31 days
		("2026-01-20, do: cancel, contract: C1", "02-01 00:05", "24.00"),
	],
)
def test_the_last_usage_of_a_contract_is_billed_when_it_ends(
	tmp_path: Path, ending: str, day: str, amount: str
):
	result = run(
		tmp_path,
		"2026-01-01",
		"2026-04-10",
		f"2026-01-01, {C1}: Monthly",
		f"2026-01-06, {METER}: users, module: CRM, value: 3",
		ending,
		f"2026-03-06, {METER}: users, module: CRM, value: 3",
	)
	assert invoices(result) == [f"{day} C1 owes {amount}: 2 users/CRM 01-01>{day[:5]} {amount}"]
	assert drawn(result)[-1] == "03-06 00:10 no meter: contract_over"


def test_another_interval_bills_the_month_it_cuts_short_and_counts_months_from_its_day(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-01-01",
		"2026-04-10",
		f"2026-01-01, {C1}: Monthly",
		f"2026-01-06, {METER}: users, module: CRM, value: 3",
		"2026-02-15, do: change_plan, contract: C1, plan: Basic, every: Yearly",
	)
	usage = [line for line in invoices(result) if "users" in line]
	assert [line.rpartition(", ")[2] if "Basic" in line else line[12:] for line in usage] == [
		"2 users/CRM 01-01>02-01 24.00",
		"2 users/CRM 02-01>02-15 12.00",  # 14 of 28 days: nobody pays twice for a day
		"C1 owes 24.00: 2 users/CRM 02-15>03-15 24.00",
	]


def test_after_a_downgrade_the_month_before_it_keeps_the_larger_quota(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-01-01",
		"2026-03-01",
		f"2026-01-01, {C1.replace('Basic', 'Large')}: Monthly",
		f"2026-01-06, {METER}: users, module: CRM, value: 4",
		"2026-01-10, do: change_plan, contract: C1, plan: Basic",
	)
	usage = [line for line in invoices(result) if "users" in line]
	assert usage == ["03-01 00:05 C1 owes 136.00: Basic 03-01>04-01 100.00, 3 users/CRM 02-01>03-01 36.00"]


def test_contracts_without_a_meter_keep_their_invoices_to_themselves(tmp_path: Path):
	result = run(tmp_path, "2026-01-01", "2026-12-31", f"2026-01-01, {C1}: Yearly")
	assert invoices(result) == []


@pytest.mark.parametrize(
	("event", "place", "mistake"),
	[
		(f"{METER}: users, module: Sales", "events[1].value", "is missing"),
		(f"{METER}: users, module: Sales, value: many", "events[1].value", "many is not a number like 3"),
		(f"{METER}: users, module: Sales, value: .inf", "events[1].value", "is not a number like 3"),
		(f"{METER}: users, module: HR, value: 1", "events[1].module", "HR"),
		(f"{METER}: users, value: 1, unit: head", "events[1].unit", "unknown key"),
		("do: meter, contract: C2, metric: users, value: 1", "events[1].contract", "C2"),
		("do: outage, instance: a, minutes: 0", "events[1].minutes", "must be 1 or more"),
		("do: outage, instance: a, minutes: 1.5", "events[1].minutes", "must be a whole number"),
	],
)
def test_a_mistake_in_the_file_is_one_line_that_names_the_place(
	tmp_path: Path, event: str, place: str, mistake: str
):
	with pytest.raises(FileError) as error:
		run(tmp_path, "2026-01-01", "2026-01-31", f"2026-01-01, {C1}: Yearly", f"2026-01-02, {event}")
	line = str(error.value)
	assert f" {place}: " in line and mistake in line and "\n" not in line
