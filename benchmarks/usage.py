"""How many usage records a second does the intake take in, duplicates among them?

    cd ~/frappe-bench/sites
    ../env/bin/python /path/to/benchmarks/usage.py --site test.localhost [--clients 4] [--batches 20]

Each client is a process of its own with a contract and meter of its own, and hands the endpoint reports of 500 records,
as a web worker would: key checked, JSON parsed, one transaction each. Every fifth record has come before. Everything is
committed, as in production, and deleted at the end. Wants a test site.
"""

import argparse
import json
import time
from datetime import datetime, timedelta, timezone
from multiprocessing import get_context
from multiprocessing.pool import Pool

import frappe

RECORDS, NEW = 500, 400
PLAN = "_Bench Metered"
QUOTA = {
	"metric": "emails",
	"included": 1000,
	"aggregate": "sum",
	"excess": "Bill",
	"price": 1,
	"currency": "USD",
}


def main() -> None:
	arguments = parsed()
	connect(arguments.site)
	from subscription_mgmt.tests import committed

	rows = committed._rows(committed._tables())
	kept = rows, committed._series(), committed._singles(), []
	try:
		keys = [key_of_client(n) for n in range(arguments.clients)]
		frappe.db.commit()
		with get_context("spawn").Pool(arguments.clients) as pool:
			measure(pool, arguments, keys)
		check(arguments)
	finally:
		frappe.db.rollback()
		committed._put_back(*kept)
		frappe.destroy()


def parsed() -> argparse.Namespace:
	parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	parser.add_argument("--site", required=True)
	parser.add_argument("--clients", type=int, default=4)
	parser.add_argument("--batches", type=int, default=20)
	return parser.parse_args()


def connect(site: str) -> None:
	frappe.init(site=site)
	frappe.connect()
	frappe.flags.in_test = True
	frappe.flags.mute_emails = True


def key_of_client(n: int) -> str:
	from subscription_mgmt.adapters.site import site_ports
	from subscription_mgmt.api.usage import new_key
	from subscription_mgmt.services.activate import activate
	from subscription_mgmt.tests.records import make_contract, make_customer, make_fiscal_year_of, make_plan

	today = datetime.now(timezone.utc).date() - timedelta(days=2)
	make_fiscal_year_of(today)
	plan = make_plan(PLAN, prices={"Yearly": 100}, quotas=[QUOTA])
	contract = make_contract(
		customer=make_customer(f"_Bench Client {n}"), plan=plan.name, interval="Yearly", start_date=today
	)
	activate(contract.name, today, site_ports())
	meter = {"doctype": "Usage Meter", "meter_name": f"_Bench {n}", "subscription_contract": contract.name}
	return new_key(frappe.get_doc(meter).insert().name)


def measure(pool: Pool, arguments: argparse.Namespace, keys: list[str]) -> None:
	pool.starmap(client, [(arguments.site, key, -1, 1) for key in keys], chunksize=1)  # warm
	begun = time.perf_counter()
	answers = pool.starmap(client, [(arguments.site, key, 0, arguments.batches) for key in keys], chunksize=1)
	seconds = time.perf_counter() - begun
	taken, duplicates = (sum(part) for part in zip(*answers, strict=True))
	sent = arguments.clients * arguments.batches * RECORDS
	assert taken + duplicates == sent, (taken, duplicates, sent)
	print(
		"| clients | reports of 500 | taken | duplicates | seconds | records/s |\n|---|---|---|---|---|---|"
	)
	reports = arguments.clients * arguments.batches
	print(
		f"| {arguments.clients} | {reports} | {taken} | {duplicates} | {seconds:.1f} | {sent / seconds:,.0f} |"
	)


def client(site: str, key: str, first: int, batches: int) -> tuple[int, int]:
	"""(taken, duplicates) of so many reports."""
	from werkzeug.test import EnvironBuilder
	from werkzeug.wrappers import Request

	if not getattr(frappe.local, "site", None):
		connect(site)
	from subscription_mgmt.api.usage import report

	taken = duplicates = 0
	for number in range(first, first + batches):
		headers = {"X-Meter-Key": key}
		builder = EnvironBuilder(method="POST", data=json.dumps(body(number)), headers=headers)
		frappe.local.request = Request(builder.get_environ())
		frappe.set_user("Guest")
		answer = report()
		frappe.db.commit()
		assert answer["refused"] == [], answer["refused"][:1]
		taken, duplicates = taken + answer["taken"], duplicates + answer["duplicates"]
	return taken, duplicates


def body(number: int) -> dict:
	"""400 new records, and the last 100 of the report before again."""
	at = (datetime.now(timezone.utc) - timedelta(hours=1)).strftime("%Y-%m-%dT%H:00:00Z")
	numbers = range(number * NEW - (RECORDS - NEW), (number + 1) * NEW)
	return {"records": [{"key": f"r{n}", "metric": "emails", "value": 1, "at": at} for n in numbers]}


def check(arguments: argparse.Namespace) -> None:
	"""No record twice, none lost."""
	frappe.db.rollback()
	stored = frappe.db.count("Usage Record", {"metric": "emails"})
	expected = arguments.clients * (NEW * (arguments.batches + 1) + RECORDS - NEW)
	assert stored == expected, (stored, expected)


if __name__ == "__main__":
	main()
