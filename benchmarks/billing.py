"""What does billing cost on a real site, beside the bare cost of the same invoices, and beside ERPNext's Subscription?

    cd ~/frappe-bench/sites
    ../env/bin/python /path/to/benchmarks/billing.py --site test.localhost
        [--invoices 100] [--contracts 100000] [--only bare,batch,due,erpnext]

Wants a test site without contracts of its own, on an otherwise idle machine. Everything it makes is committed, as in
production, and deleted at the end. Prints a table in Markdown: milliseconds are medians, queries are means.
"""

import argparse
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from unittest import mock

import frappe

START = date(2026, 2, 1)
COMPANY, CURRENCY, CUSTOMER, PLAN = "Wind Power LLC", "USD", "_Bench Acme", "_Bench Basic"
BLOCK = 10  # bare and ours take turns, so that a slow minute of the machine hits both


def main() -> None:
	arguments = parsed()
	frappe.init(site=arguments.site)
	frappe.connect()
	frappe.flags.in_test = True
	frappe.flags.mute_emails = True
	from subscription_mgmt.tests import committed

	if frappe.db.count("Subscription Contract"):
		raise SystemExit("This site has contracts of its own. Take a test site.")
	rows = committed._rows(committed._tables())
	kept = rows, committed._series(), committed._singles(), []
	try:
		prepare()
		wanted = set(arguments.only.split(","))
		if wanted & {"bare", "batch"}:
			invoices(arguments.invoices)
		if "erpnext" in wanted:
			erpnext_subscriptions(min(arguments.invoices, 50))
		if "due" in wanted:
			what_is_due(arguments.contracts)
	finally:
		committed._put_back(*kept)
		frappe.destroy()


def parsed() -> argparse.Namespace:
	parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	parser.add_argument("--site", required=True)
	parser.add_argument("--invoices", type=int, default=100)
	parser.add_argument("--contracts", type=int, default=100_000)
	parser.add_argument("--only", default="bare,batch,due,erpnext")
	return parser.parse_args()


def prepare() -> None:
	from subscription_mgmt.tests.records import make_customer, make_fiscal_year_of, make_plan

	make_fiscal_year_of(START)
	make_customer(CUSTOMER)
	make_plan(PLAN, prices={"Monthly": 100})
	frappe.db.commit()


# Measuring


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


def line(what: str, figures: Iterable[tuple[float, int]], beside: float | None = None) -> float:
	times, queries = zip(*figures, strict=True)
	median = statistics.median(times)
	ratio = f"{median / beside:.2f}×" if beside else ""
	print(f"| {what} | {median:.1f} | {statistics.mean(queries):.0f} | {ratio} |", flush=True)
	return median


def head(title: str) -> None:
	print(f"\n### {title}\n\n| what | ms | queries | |\n|---|---|---|---|", flush=True)


# One invoice


def invoices(count: int) -> None:
	from subscription_mgmt.adapters.site import site_ports
	from subscription_mgmt.jobs import billing as job

	head(f"One invoice of one line, submitted and committed; {count} of each")
	contracts = active_contracts(count + BLOCK, START)
	run = job.billing_runs.open_run(due=len(contracts), batches=1)
	ports = site_ports(billing_run=run)
	for _ in range(BLOCK):
		by_hand()
		job.bill_one(run, contracts.pop(), ports)
	bare: list[tuple[float, int]] = []
	ours: list[tuple[float, int]] = []
	while contracts:
		bare.extend(measured(by_hand) for _ in range(BLOCK))
		batch, contracts = contracts[:BLOCK], contracts[BLOCK:]
		ours.extend(measured(lambda name=name: job.bill_one(run, name, ports)) for name in batch)
	cost = line("bare ERPNext: insert, submit", bare)
	line("ours: contract, charge, invoice, history", ours, cost)
	billed = frappe.db.count("Sales Invoice", {"subscription_contract": ["is", "set"], "docstatus": 1})
	assert billed == count + BLOCK, f"{billed} contracts billed"


def by_hand() -> None:
	from subscription_mgmt.adapters.clock import today_in

	invoice = frappe.get_doc(
		{
			"doctype": "Sales Invoice",
			"customer": CUSTOMER,
			"company": COMPANY,
			"currency": CURRENCY,
			"set_posting_time": 1,
			"posting_date": today_in(None),
			"due_date": today_in(None),
			"items": [{"item_code": PLAN, "qty": 1, "rate": 100}],
		}
	)
	invoice.set_taxes()
	invoice.insert()
	invoice.submit()
	frappe.db.commit()


def active_contracts(count: int, due: date, name: str = "_Bench") -> list[str]:
	"""Contracts with one period due: a row each, as a contract that was activated leaves it."""
	from subscription_mgmt.adapters.clock import today_in
	from subscription_mgmt.tests.records import make_contract

	template = make_contract(customer=CUSTOMER, plan=PLAN, interval="Monthly")
	row = frappe.db.get_value("Subscription Contract", template.name, "*", as_dict=True)
	template.delete()
	row.update({"status": "Active", "anchor": due, "activity_number": 0, "activity_hash": None})
	row["next_billing_date"] = today_in(None) if due == START else due
	row["anchor"] = row["next_billing_date"]
	names = [f"{name}-{n:06}" for n in range(count)]
	frappe.db.bulk_insert(
		"Subscription Contract", list(row), (tuple((row | {"name": each}).values()) for each in names)
	)
	frappe.db.commit()
	return names


# ERPNext's own Subscription


def erpnext_subscriptions(count: int) -> None:
	head(f"ERPNext's own Subscription, the same line; {count} of them")
	frappe.get_doc(
		{
			"doctype": "Subscription Plan",
			"plan_name": PLAN,
			"item": PLAN,
			"currency": CURRENCY,
			"price_determination": "Fixed Rate",
			"cost": 100,
			"billing_interval": "Month",
			"billing_interval_count": 1,
		}
	).insert()
	from subscription_mgmt.adapters.clock import today_in

	today = today_in(None)
	made = [
		frappe.get_doc(
			{
				"doctype": "Subscription",
				"party_type": "Customer",
				"party": CUSTOMER,
				"company": COMPANY,
				"start_date": today,
				"generate_invoice_at": "Beginning of the current subscription period",
				"submit_invoice": 1,
				"plans": [{"plan": PLAN, "qty": 1}],
			}
		).insert()
		for _ in range(count)
	]
	frappe.db.commit()

	def process(name: str) -> None:
		frappe.get_doc("Subscription", name).process(today)
		frappe.db.commit()

	line("due: an invoice is made", [measured(lambda name=each.name: process(name)) for each in made])
	line("idle: its invoice is open", [measured(lambda name=each.name: process(name)) for each in made])


# What is due


def what_is_due(count: int) -> None:
	from subscription_mgmt.adapters.due_contracts import due_contracts
	from subscription_mgmt.jobs import billing as job

	later = START + timedelta(days=3650)
	begin = time.perf_counter()
	names = active_contracts(count, later, "_Bench-due")
	head(f"Deciding what is due among {count:,} contracts (made in {time.perf_counter() - begin:.0f} s)")
	frappe.db.sql("analyze table `tabSubscription Contract`")
	for share in (0, count // 100, count):
		spread(names[:share])
		line(f"{share:,} of them due", [measured(lambda: due_contracts(START)) for _ in range(5)])
		if 0 < share < count:
			explained = explain(due_contracts)
	tracemalloc.start()
	due_contracts(START)
	print(f"\nMemory with all of them due: {tracemalloc.get_traced_memory()[1] / 2**20:.0f} MiB at most.")
	tracemalloc.stop()
	with mock.patch.object(job.frappe, "enqueue") as enqueue:
		milliseconds, queries = measured(job.start_run)
	print(
		f"The whole job that fans them out, {enqueue.call_count:,} batches: {milliseconds / 1000:.2f} s, "
		f"{queries} queries.\n"
	)
	print("\n".join(explained))


def spread(names: list[str], due: date = START) -> None:
	for n in range(0, len(names), 5000):
		contract = frappe.qb.DocType("Subscription Contract")
		part = names[n : n + 5000]
		frappe.qb.update(contract).set(contract.next_billing_date, due).where(contract.name.isin(part)).run()
	frappe.db.commit()


def explain(due_contracts: Callable[[date], list[str]]) -> list[str]:
	asked: list[str] = []
	sql = frappe.db.__class__.sql

	def listening(self: object, query: str, *args: object, **kwargs: object) -> object:
		found = sql(self, query, *args, **kwargs)
		asked.append(self.last_query)
		return found

	with mock.patch.object(frappe.db.__class__, "sql", listening):
		due_contracts(START)
	rows = [row for query in asked for row in frappe.db.sql(f"explain {query}", as_dict=True)]
	return [f"EXPLAIN, 1 % due: {row.type}, key {row.key}, {row.rows} rows, {row.Extra}" for row in rows]


if __name__ == "__main__":
	main()
