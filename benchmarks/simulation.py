"""How long does simulating many contracts over years take? `python benchmarks/simulation.py`"""

import argparse
import resource
import sys
import time
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from subscription_mgmt.simulation.run import simulate
from subscription_mgmt.simulation.scenario_file import Scenario

START = date(2026, 1, 1)
INTERVALS = ("Monthly", "Quarterly", "Half-Yearly", "Yearly")
PRICES = {"Monthly": "100.00", "Quarterly": "290.00", "Half-Yearly": "560.00", "Yearly": "1100.00"}


def scenario(contracts: int, years: int) -> Scenario:
	"""Contracts of every interval that begin on all days of the first year; four of five customers pay."""
	subscriptions = [_subscription(n) for n in range(contracts)]
	paying = [n for n in range(contracts) if n % 5]
	payments = [
		{"at": f"{START.year + year}-{month:02}-20 09:00", "do": "pay", "contract": f"C{n}"}
		for n in paying
		for year in range(years)
		for month in range(1, 13)
		if date(START.year + year, month, 20) > subscriptions[n]["at"]
	]
	return Scenario.model_validate(
		{
			"name": f"{contracts} contracts over {years} years",
			"start": START,
			"until": START.replace(year=START.year + years),
			"timezone": "America/La_Paz",
			"currency": "BOB",
			"payment_days": 10,
			"dunning_policies": {
				"Standard": {
					"remind_days": [1, 5],
					"restrict_after_days": 60,
					"delete_after_restriction_days": 30,
					"deletion_notice_days": [15, 7, 1],
				}
			},
			"plans": {
				"Basic": {"kind": "Subscription", "prices": PRICES, "dunning": "Standard", "notice_days": 30}
			},
			"packs": {"Users": {"kind": "Users", "prices": PRICES}},
			"events": [*subscriptions, *payments],
		}
	)


def _subscription(n: int) -> dict:
	return {
		"at": START + timedelta(days=n % 365),
		"do": "subscribe",
		"contract": f"C{n}",
		"customer": f"Customer {n}",
		"plan": "Basic",
		"every": INTERVALS[n % 4],
		"instance": f"c{n}.example",
		"packs": [{"pack": "Users", "quantity": 1 + n % 3}] if n % 2 else [],
	}


def main() -> None:
	parser = argparse.ArgumentParser()
	parser.add_argument("--contracts", type=int, default=1_000)
	parser.add_argument("--years", type=int, default=3)
	options = parser.parse_args()
	file = scenario(options.contracts, options.years)
	began, worked = time.perf_counter(), time.process_time()
	result = simulate(file, file.until)
	seconds, worked = time.perf_counter() - began, time.process_time() - worked
	invoices = sum(event["type"] == "invoice" for event in result["events"])
	megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
	print(f"{file.name}: {seconds:.1f} s ({worked:.1f} s of CPU), {megabytes} MB at most")
	print(f"{len(result['events'])} events, {invoices} invoices")


if __name__ == "__main__":
	main()
