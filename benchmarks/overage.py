"""What does it cost to find out what 10,000 contracts owe for a month of usage?

    cd ~/frappe-bench/sites
    ../env/bin/python /path/to/benchmarks/overage.py --site test.localhost [--contracts 10000] [--records 4]

Yearly contracts in the middle of their year, each with records of two modules in the month that is over and a level
from the month before. Half of them stay within their quota and have their month closed; half are beyond it and are
left to billing. Everything is committed, as in production, and deleted at the end. Wants a test site without
contracts of its own.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from unittest import mock

import frappe

START, FEBRUARY, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
MODULES = ("_Bench CRM", "_Bench Sales")
PLAN = "_Bench Metered"
QUOTA = {
	"metric": "users",
	"included": 1,
	"per_module": 1,
	"aggregate": "peak",
	"excess": "Bill",
	"price": 12,
	"currency": "USD",
}


def main() -> None:
	arguments = parsed()
	frappe.init(site=arguments.site)
	frappe.connect()
	frappe.flags.in_test = True
	frappe.flags.mute_emails = True
	from subscription_mgmt.tests import committed

	if frappe.db.count("Subscription Contract"):
		raise SystemExit("This site has contracts of its own. Take a test site.")
	kept = committed._rows(committed._tables()), committed._series(), committed._singles(), []
	try:
		measure(arguments)
	finally:
		frappe.db.rollback()
		for doctype in ("Usage Record", "Subscription Contract"):
			frappe.db.delete(doctype, {"name": ["is", "set"]})
		committed._put_back(*kept)
		frappe.destroy()


def parsed() -> argparse.Namespace:
	parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	parser.add_argument("--site", required=True)
	parser.add_argument("--contracts", type=int, default=10_000)
	parser.add_argument("--records", type=int, default=4, help="of each module in the month")
	return parser.parse_args()


def measure(arguments: argparse.Namespace) -> None:
	from subscription_mgmt.adapters.site import site_ports
	from subscription_mgmt.adapters.usage_batches import AT_ONCE, usage_alone_due
	from subscription_mgmt.jobs.usage import close_batch
	from subscription_mgmt.services.bill import bill

	make_catalogue()
	names = contracts(arguments.contracts)
	count = usage_of(names, arguments.records)
	frappe.db.sql("analyze table `tabUsage Record`, `tabSubscription Contract`")
	print(
		f"{len(names):,} contracts, {count:,} usage records\n\n| what | ms | queries | |\n|---|---|---|---|"
	)
	line("which are due", [measured(lambda: usage_alone_due(MARCH)) for _ in range(5)])
	batches = [names[n : n + AT_ONCE] for n in range(0, len(names), AT_ONCE)]
	close_batch(names[:1], FEBRUARY)  # loads metadata; nothing is over by then
	found: list[int] = []
	figures = [measured(lambda batch=batch: found.append(close_batch(batch, MARCH))) for batch in batches]
	line(f"a batch of {AT_ONCE}: decided, closed, committed", figures)
	print(
		f"| all {len(batches)} of them | {sum(ms for ms, _ in figures):.0f} | {sum(n for _, n in figures)} | |"
	)
	assert max(queries for _, queries in figures) <= 20, figures
	assert sum(found) == len(names) // 2, found
	assert len(usage_alone_due(MARCH)) == len(names) - sum(found)
	single = one_by_one(30)
	ports = site_ports()
	bill(single.pop(), MARCH, ports)
	frappe.db.commit()

	def billed(name: str) -> None:
		bill(name, MARCH, ports)
		frappe.db.commit()

	line(
		"beside it: one within its quota, billed alone",
		[measured(lambda name=name: billed(name)) for name in single],
	)


def measured(work: Callable[[], object]) -> tuple[float, int]:
	"""(milliseconds, queries)"""
	queries = 0
	sql = frappe.db.__class__.sql

	def counted(*args: object, **kwargs: object) -> object:
		nonlocal queries
		queries += 1
		return sql(*args, **kwargs)

	with mock.patch.object(frappe.db.__class__, "sql", counted):
		begin = time.perf_counter()
		work()
		return (time.perf_counter() - begin) * 1000, queries


def line(what: str, figures: list[tuple[float, int]]) -> None:
	times, queries = zip(*figures, strict=True)
	print(f"| {what} | {statistics.median(times):.1f} | {max(queries)} | |", flush=True)


def make_catalogue() -> None:
	from subscription_mgmt.tests.records import make_customer, make_fiscal_year_of, make_module, make_plan

	make_fiscal_year_of(START)
	make_customer("_Bench Acme")
	modules = [{"service_module": make_module(module)} for module in MODULES]
	make_plan(PLAN, prices={"Yearly": 100}, quotas=[QUOTA], modules=modules)
	frappe.db.commit()


def contracts(count: int, prefix: str = "_Bench") -> list[str]:
	from subscription_mgmt.tests.records import make_contract

	template = make_contract(customer="_Bench Acme", plan=PLAN, interval="Yearly", start_date=START)
	row = frappe.db.get_value("Subscription Contract", template.name, "*", as_dict=True)
	template.delete()
	row.update({"status": "Active", "anchor": START, "next_billing_date": date(2027, 1, 1)})
	row.update({"usage_from": FEBRUARY, "next_usage_billing": MARCH, "activity_number": 0})
	names = [f"{prefix}-{n:06}" for n in range(count)]
	rows = (tuple((row | {"name": each}).values()) for each in names)
	frappe.db.bulk_insert("Subscription Contract", list(row), rows)
	frappe.db.commit()
	return names


def usage_of(names: list[str], records: int) -> int:
	"""Every second contract is beyond its quota in one module."""
	from subscription_mgmt.adapters.usage_records import COLUMNS, record_name

	moment = frappe.utils.now()

	def rows() -> Iterator[tuple]:
		for n, name in enumerate(names):
			for module in MODULES:
				for at in range(-1, records):
					measured_at = datetime.combine(FEBRUARY, datetime.min.time()) + timedelta(days=at * 5)
					value = 3 if n % 2 and at == 1 and module == MODULES[0] else 1
					key = f"{module} {at}"
					values = (
						name,
						"_Bench Acme",
						measured_at,
						"users",
						module,
						"ana",
						value,
						value,
						int(at < 0),
					)
					head = (record_name(name, key), moment, moment, "Administrator", "Administrator")
					yield (*head, key, *values)

	frappe.db.bulk_insert("Usage Record", COLUMNS, rows(), chunk_size=10_000)
	frappe.db.commit()
	return frappe.db.count("Usage Record")


def one_by_one(count: int) -> list[str]:
	names = contracts(count, "_Bench-single")
	usage_of(names, 4)
	frappe.db.set_value("Usage Record", {"subscription_contract": ["in", names], "value": 3}, "counted", 1)
	frappe.db.commit()
	return names


if __name__ == "__main__":
	main()
