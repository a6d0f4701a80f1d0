"""How long does the watch take to find 10,000 deadlines that come near or are missed, tell two people, and find none?

    cd ~/frappe-bench/sites
    ../env/bin/python /path/to/benchmarks/sla_sweep.py --site test.localhost [--tickets 10000]

Wants a test site without tickets of its own. What it makes is deleted at the end. Figures to reach (DESIGN §6): 10 s,
20 queries, in a fresh process too; `--cold` clears the caches first, and counts Frappe's own look-ups beside ours.
"""

import argparse
import time
from datetime import timedelta
from unittest import mock

import frappe

LOOKS = (
	("nothing is due", 30),
	("all responses come near", 46),
	("all responses missed", 61),
	("all resolutions come near", 181),
	("all resolutions missed", 241),
	("nothing is left", 300),
)


def main() -> None:
	arguments = parsed()
	frappe.init(site=arguments.site)
	frappe.connect()
	frappe.flags.in_test = True
	if frappe.db.count("SLA Ticket"):
		raise SystemExit("This site has tickets of its own. Take a test site.")
	try:
		opened = prepare(arguments.tickets)
		print("| sweep | tickets found | seconds | queries |\n|---|---|---|---|")
		if arguments.cold:
			frappe.clear_cache()
		for label, minutes in LOOKS:
			measure(label, opened + timedelta(minutes=minutes))
	finally:
		frappe.db.rollback()
		frappe.db.delete("Comment", {"reference_doctype": "SLA Ticket", "comment_type": "Info"})
		frappe.db.delete("SLA Ticket")
		frappe.db.delete("Notification Log", {"document_type": "SLA Ticket"})
		frappe.db.commit()
		frappe.destroy()


def parsed() -> argparse.Namespace:
	parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	parser.add_argument("--site", required=True)
	parser.add_argument("--tickets", type=int, default=10_000)
	parser.add_argument("--cold", action="store_true")
	return parser.parse_args()


def prepare(count: int):
	"""`count` open tickets, copies of one that was opened as any other; the moment they were opened at."""
	from subscription_mgmt.adapters.moments import moment_of
	from subscription_mgmt.tests.records import make_user
	from subscription_mgmt.tests.support import make_policy, make_requester, make_ticket

	people = [make_user(f"{name}@vendor.example", "Subscription Manager") for name in ("boss", "agent")]
	policy = make_policy("_Bench Watched", warn_share=75, escalation_user=people[0])
	template = make_ticket(customer=make_requester("_Bench Asker", policy))
	template.db_set("_assign", frappe.as_json([people[1]]))
	row = frappe.db.get_value("SLA Ticket", template.name, "*", as_dict=True)
	names = [f"_Bench-{number:06}" for number in range(1, count)]
	rows = [tuple((row | {"name": name}).values()) for name in names]
	frappe.db.bulk_insert("SLA Ticket", list(row), rows, chunk_size=2_000)
	frappe.db.commit()
	return moment_of(row.opened_at)


def measure(label: str, now) -> None:
	from subscription_mgmt.jobs import support

	queries: list[str] = []
	execute = frappe.db.sql

	def counted(*arguments, **more):
		queries.append(str(arguments[0])[:60])
		return execute(*arguments, **more)

	with mock.patch.object(support, "moment", lambda: now), mock.patch.object(frappe.db, "sql", counted):
		began = time.perf_counter()
		found = support.watch_deadlines()
		seconds = time.perf_counter() - began
	print(f"| {label} | {found} | {seconds:.2f} | {len(queries)} |")


if __name__ == "__main__":
	main()
