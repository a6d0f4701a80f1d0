"""How long does each page of the customer portal take on the server, with 10,000 contracts in the database?

    cd ~/frappe-bench/sites
    ../env/bin/python /path/to/benchmarks/portal.py --site test.localhost [--contracts 10000] [--times 100]

Wants a test site without contracts of its own, on an otherwise idle machine. Each contract has an invoice, ten entries
in its history and ten usage records, and one customer has 25 of them: his pages are what is measured, rendered by
Frappe as for a browser. Everything is deleted at the end. Prints a table in Markdown.
"""

import argparse
import statistics
import time
from collections.abc import Iterator

import frappe

OF_ONE = 25
BATCH = 5000


def main() -> None:
	parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	parser.add_argument("--site", required=True)
	parser.add_argument("--contracts", type=int, default=10_000)
	parser.add_argument("--times", type=int, default=100)
	arguments = parser.parse_args()
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
		frappe.set_user("Administrator")
		measure(fill(arguments.contracts), arguments.times)
	finally:
		committed._put_back(*kept)
		frappe.destroy()


def fill(count: int) -> object:
	"""The tenant whose pages are measured, among the others."""
	from subscription_mgmt.tests.portal import make_tenant, prepare_catalogue
	from subscription_mgmt.tests.records import settings

	prepare_catalogue()
	with settings(submit_invoices=1):
		tenant = make_tenant("A")
	for doctype, of in (
		("Subscription Contract", {"name": tenant.contract}),
		("Sales Invoice", {"name": tenant.invoice}),
		("Subscription Activity", {"contract": tenant.contract}),
	):
		copies(doctype, of, count, tenant)
	usage(count)
	frappe.db.commit()
	for table in ("Subscription Contract", "Sales Invoice", "Subscription Activity", "Usage Record"):
		frappe.db.sql(f"analyze table `tab{table}`")
		print(f"{frappe.db.count(table):,} × {table}")
	return tenant


def copies(doctype: str, of: dict, count: int, tenant: object) -> None:
	"""Rows like the tenant's, one of each for every contract; the first 25 are his own."""
	templates = frappe.get_all(doctype, of, ["*"], limit=0)
	columns = list(templates[0])
	rows = (
		tuple(renamed(template, doctype, n, tenant).values())
		for n in range(count - 1)
		for template in templates
	)
	for batch in batches(rows):
		frappe.db.bulk_insert(doctype, columns, batch)


def renamed(row: dict, doctype: str, n: int, tenant: object) -> dict:
	contract = f"_Bench-{n:06}"
	customer = tenant.customer if n < OF_ONE - 1 else f"_Bench customer {n // 4}"
	changes = {"name": f"{contract}-{row['name']}", "customer": customer}
	if doctype == "Subscription Contract":
		changes["name"] = contract
	for field in ("contract", "subscription_contract"):
		if row.get(field):
			changes[field] = contract
	return {**row, **changes}


def usage(count: int) -> None:
	moment = frappe.utils.now()
	columns = (
		"name",
		"creation",
		"modified",
		"owner",
		"modified_by",
		"usage_key",
		"subscription_contract",
		"customer",
	)
	columns += ("measured_at", "metric", "value", "counted", "billed")
	rows = (
		(
			f"_Bench-{n}-{k}",
			moment,
			moment,
			"x",
			"x",
			f"{k}",
			f"_Bench-{n:06}",
			"x",
			moment,
			"companies",
			k,
			k,
			0,
		)
		for n in range(count - 1)
		for k in range(10)
	)
	for batch in batches(rows):
		frappe.db.bulk_insert("Usage Record", columns, batch)
	frappe.db.set_value(
		"Subscription Contract", {"name": ["like", "_Bench%"]}, "usage_from", frappe.utils.getdate()
	)


def batches(rows: Iterator[tuple]) -> Iterator[list[tuple]]:
	batch: list[tuple] = []
	for row in rows:
		batch.append(row)
		if len(batch) == BATCH:
			yield batch
			batch = []
	if batch:
		yield batch


def measure(tenant: object, times: int) -> None:
	from subscription_mgmt.tests.portal import get_page
	from subscription_mgmt.tests.test_portal_pages import PAGES, PUBLIC

	owner = tenant.users["Owner"]
	pages = [(route, each[0], owner) for route, each in PAGES.items()]
	pages += [(route, each[0], "Guest") for route, each in PUBLIC.items()]
	empty = {user: seen("/message", user, times) for user in (owner, "Guest")}
	print("\n| page | median ms | p95 ms | of the processor, median ms | queries | beside Frappe's own |")
	print("|---|---|---|---|---|---|")
	for user, (median, p95, busy, queries) in empty.items():
		whose = user.partition("@")[0]
		print(f"| Frappe's own empty page, {whose} | {median:.0f} | {p95:.0f} | {busy:.0f} | {queries} | |")
	for route, query, user in pages:
		path = f"/{route}?{query.format(**vars(tenant))}"
		assert get_page(path, user).status == 200, path
		median, p95, busy, queries = seen(path, user, times)
		print(f"| {route} | {median:.0f} | {p95:.0f} | {busy:.0f} | {queries} | {queries - empty[user][3]} |")


def seen(path: str, user: str, times: int) -> tuple[float, float, float, int]:
	"""(median ms, p95 ms, median ms of processor time without the database's, queries), what is cached for everybody
	being cached. Where other work goes on, the processor's time tells more."""
	from subscription_mgmt.tests.portal import get_page

	get_page(path, user)
	spent, busy, queries = [], [], 0
	for _ in range(times):
		begin, busy_before = time.perf_counter(), time.process_time()
		queries = get_page(path, user).queries
		spent.append((time.perf_counter() - begin) * 1000)
		busy.append((time.process_time() - busy_before) * 1000)
	p95 = statistics.quantiles(spent, n=20)[18]
	return statistics.median(spent), p95, statistics.median(busy), queries


if __name__ == "__main__":
	main()
