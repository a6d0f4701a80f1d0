"""Do the five vendors' years run as their offers say, and does their money add up?"""

from collections import defaultdict
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from subscription_mgmt.simulation.run import simulate
from subscription_mgmt.simulation.scenario_file import Scenario, last_day, read_scenario
from tests.simulation.shapes import check_result

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
VENDORS = ["bo", "es", "fr", "mx", "uk"]

# (status, invoiced, paid) of each contract on the last day. Another figure here is another income there.
GOLDEN = {
	"bo": {
		"BO-1": ("Active", "5400.00", "5400.00"),
		"BO-2": ("Active", "900.00", "900.00"),
		"BO-3": ("Ended", "1650.00", "1650.00"),
		"BO-4": ("Active", "2700.00", "1800.00"),
		"BO-5": ("Ended", "1800.00", "900.00"),
		"BO-6": ("Active", "1986.96", "1986.96"),
		# 97 of 181 days of BO-7, 482.32, are credited on its customer's licence; BO-8 and BO-9 host licences.
		"BO-7": ("Cancelled", "900.00", "900.00"),
		"BO-8": ("Active", "900.00", "900.00"),
		"BO-9": ("Active", "500.00", "500.00"),
		# 118 of 181 days at the higher plan: 1173.48 - 586.74 more.
		"BO-10": ("Active", "2386.74", "2386.74"),
		"BO-11": ("Active", "2050.00", "2050.00"),
		"BO-12": ("Ended", "1800.00", "900.00"),
	},
	"es": {
		"ES-1": ("Ended", "90.00", "90.00"),
		"ES-2": ("Active", "180.00", "180.00"),
		"ES-3": ("Active", "90.00", "90.00"),
		"ES-4": ("Active", "90.00", "90.00"),
		"ES-5": ("Active", "90.00", "90.00"),
	},
	"fr": {
		"FR-1": ("Active", "3055.46", "3055.46"),
		"FR-2": ("Active", "610.32", "610.32"),
		"FR-3": ("Active", "768.87", "688.87"),
		"FR-4": ("Active", "390.00", "390.00"),
		"FR-5": ("Ended", "111.00", "111.00"),
		# 3 × 29.00, 53.52 - 19.65 for 21 of 31 days, 4 × 79.00, 790.00 - 36.87 for 14 of 30 days.
		"FR-6": ("Active", "1190.00", "1190.00"),
	},
	"mx": {
		"MX-1": ("Active", "103000.00", "103000.00"),
		"MX-2": ("Active", "18850.00", "17400.00"),
		"MX-3": ("Cancelled", "5800.00", "5800.00"),
		"MX-4": ("Active", "14500.00", "14500.00"),
		"MX-5": ("Ended", "7250.00", "5800.00"),
	},
	"uk": {
		"UK-1": ("Active", "8700.00", "8700.00"),
		"UK-2": ("Ended", "1500.00", "1500.00"),
		"UK-3": ("Active", "9600.00", "9600.00"),
		"UK-4": ("Suspended", "1500.00", "0.00"),
		# 181 of 365 days at the higher plan: 1735.62 - 743.84 more.
		"UK-5": ("Active", "2491.78", "2491.78"),
	},
}


@cache
def scenario_of(vendor: str) -> Scenario:
	return read_scenario(EXAMPLES / f"{vendor}.yaml")


@cache
def year_of(vendor: str) -> dict:
	scenario = scenario_of(vendor)
	return simulate(scenario, last_day(scenario, None))


def events(vendor: str, kind: str) -> list[dict]:
	return [event for event in year_of(vendor)["events"] if event["type"] == kind]


def by_contract(found: list[dict], amount: str) -> dict[str, Decimal]:
	sums: dict[str, Decimal] = defaultdict(Decimal)
	for event in found:
		if event["contract"]:
			sums[event["contract"]] += Decimal(event[amount])
	return dict(sums)


@pytest.mark.parametrize("vendor", VENDORS)
def test_nothing_in_a_vendors_year_is_refused_or_parked(vendor: str):
	assert events(vendor, "rejected") == events(vendor, "parked") == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_event_has_the_shape_the_format_promises(vendor: str):
	check_result(year_of(vendor))


@pytest.mark.parametrize("vendor", VENDORS)
def test_events_come_in_order_of_time(vendor: str):
	moments = [event["at"] for event in year_of(vendor)["events"]]
	assert moments == sorted(moments) != []


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_lines_of_an_invoice_are_its_total(vendor: str):
	for invoice in events(vendor, "invoice"):
		assert sum(Decimal(line["amount"]) for line in invoice["lines"]) == Decimal(invoice["total"]) > 0


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_whole_period_costs_quantity_times_rate(vendor: str):
	for invoice in events(vendor, "invoice"):
		for line in invoice["lines"]:
			whole = Decimal(line["rate"]) * Decimal(str(line["quantity"]))
			assert abs(Decimal(line["amount"])) <= abs(whole), line


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_summary_is_the_sum_of_the_events(vendor: str):
	contracts = year_of(vendor)["summary"]["contracts"]
	invoiced = by_contract(events(vendor, "invoice"), "total")
	paid = by_contract(events(vendor, "payment"), "amount")
	for name, contract in contracts.items():
		assert Decimal(contract["invoiced"]) == invoiced.get(name, 0)
		assert Decimal(contract["paid"]) == paid.get(name, 0) <= Decimal(contract["invoiced"])
		last = [event["status"] for event in events(vendor, "contract") if event["contract"] == name][-1]
		assert contract["status"] == last


@pytest.mark.parametrize("vendor", VENDORS)
def test_no_day_is_charged_twice_for_the_same_thing(vendor: str):
	seen: dict[tuple, list[tuple[str, str]]] = defaultdict(list)
	for invoice in events(vendor, "invoice"):
		for line in invoice["lines"]:
			spans = seen[invoice["contract"], line["what"]]
			if line["kind"] == "plan":
				spans.append((line["period_start"], line["period_end"]))
			elif line["kind"] == "credit" and invoice["contract"]:
				# The days given back are charged to nobody.
				(charged,) = (span for span in spans if span[1] == line["period_end"])
				spans[spans.index(charged)] = (charged[0], line["period_start"])
	for spans in seen.values():
		spans.sort()
		assert all(end <= start for (_, end), (start, _) in pairwise(spans))


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_customer_of_the_file_is_in_the_summary(vendor: str):
	assert set(year_of(vendor)["summary"]["customers"]) == set(scenario_of(vendor).customers or ())


@pytest.mark.parametrize("vendor", VENDORS)
def test_each_contract_ends_the_year_with_the_figures_known_to_be_right(vendor: str):
	contracts = year_of(vendor)["summary"]["contracts"]
	figures = {name: tuple(contracts[name].values()) for name in GOLDEN[vendor]}
	assert figures == GOLDEN[vendor]
	assert set(contracts) == set(GOLDEN[vendor]), "a contract was added: verify its figures and add them"
