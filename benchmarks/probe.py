"""How long does one look at 1,000 systems take, when they answer, fail, drag, or are all silent?

    cd ~/frappe-bench/sites
    ../env/bin/python /path/to/benchmarks/probe.py --site test.localhost [--instances 1000]

Wants a test site without hosted instances. One HTTP server on loopback, in a process of its own, stands in for
them. What is made is deleted at the end. Figure to reach: 60 s.
"""

import argparse
import multiprocessing
import time
from unittest import mock

import frappe

MIXES = {
	"all answer": ["/"],
	"all answer again": ["/"],
	"1 in 10 fails, 1 in 10 takes 3 s, 1 in 10 hangs up, 1 in 100 is silent": [
		*["/"] * 70,
		*["/status/500"] * 10,
		*["/slow?seconds=3"] * 10,
		*["/drop"] * 9,
		"/hang",
	],
	"the same again: outages open": [
		*["/"] * 70,
		*["/status/500"] * 10,
		*["/slow?seconds=3"] * 10,
		*["/drop"] * 9,
		"/hang",
	],
	"all are silent, a control address answers": ["/hang"],
	"the same again: an outage each": ["/hang"],
	"all answer, every outage ends": ["/"],
}


def main() -> None:
	arguments = parsed()
	ports = multiprocessing.get_context("spawn").Queue()
	server = multiprocessing.get_context("spawn").Process(target=serve, args=(ports,), daemon=True)
	server.start()
	base = f"http://127.0.0.1:{ports.get(timeout=20)}"
	frappe.init(site=arguments.site)
	frappe.connect()
	frappe.flags.in_test = True
	if frappe.db.count("Hosted Instance"):
		raise SystemExit("This site has instances of its own. Take a test site.")
	try:
		names = prepare(arguments.instances, base)
		print("| what they do | seconds | queries | outages open |\n|---|---|---|---|")
		for label, paths in MIXES.items():
			measure(label, names, [base + path for path in paths])
	finally:
		frappe.db.rollback()
		for doctype in ("Outage Evidence", "Outage", "Probe Gap", "Instance Probe", "Hosted Instance"):
			frappe.db.delete(doctype)
		frappe.db.set_single_value("Subscription Mgmt Settings", "probe_private_addresses", 0)
		frappe.db.set_single_value("Subscription Mgmt Settings", "probe_control_addresses", "")
		frappe.db.commit()
		frappe.destroy()
		server.terminate()


def parsed() -> argparse.Namespace:
	parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	parser.add_argument("--site", required=True)
	parser.add_argument("--instances", type=int, default=1_000)
	return parser.parse_args()


def serve(ports) -> None:
	from subscription_mgmt.tests.answering_server import AnsweringServer

	with AnsweringServer() as server:
		ports.put(server.port)
		time.sleep(3600)


def prepare(count: int, base: str) -> list[str]:
	from subscription_mgmt.tests.records import make_customer

	customer, moment = make_customer(), frappe.utils.now()
	names = [f"bench-{number:05}.example" for number in range(count)]
	fields = (
		"name",
		"instance_name",
		"customer",
		"provider",
		"wanted_mode",
		"actual_mode",
		"creation",
		"modified",
	)
	rows = [(name, name, customer, "Manual", "Full", "Full", moment, moment) for name in names]
	frappe.db.bulk_insert("Hosted Instance", fields, rows)
	rows = [(name, name, moment, moment) for name in names]
	frappe.db.bulk_insert("Instance Probe", ("name", "hosted_instance", "creation", "modified"), rows)
	frappe.db.set_single_value("Subscription Mgmt Settings", "probe_private_addresses", 1)
	frappe.db.set_single_value("Subscription Mgmt Settings", "probe_control_addresses", base + "/")
	frappe.db.commit()
	frappe.clear_document_cache("Subscription Mgmt Settings", "Subscription Mgmt Settings")
	return names


def measure(label: str, names: list[str], urls: list[str]) -> None:
	from subscription_mgmt.jobs.probe import probe_instances

	addresses = {name: {"probe_url": urls[n % len(urls)]} for n, name in enumerate(names)}
	frappe.db.bulk_update("Instance Probe", addresses, chunk_size=500)
	frappe.db.commit()
	queries: list[str] = []
	execute = frappe.db.sql

	def counted(*arguments, **more):
		queries.append(str(arguments[0])[:60])
		return execute(*arguments, **more)

	with mock.patch.object(frappe.db, "sql", counted):
		began = time.perf_counter()
		probe_instances()
		seconds = time.perf_counter() - began
	still = frappe.db.count("Outage", {"ended_at": ["is", "not set"]})
	print(f"| {label} | {seconds:.1f} | {len(queries)} | {still} |", flush=True)


if __name__ == "__main__":
	main()
