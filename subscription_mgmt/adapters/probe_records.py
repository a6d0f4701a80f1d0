"""Which instances are probed, at which address, and what is kept of their answers? A few queries, however many."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import frappe
from frappe.utils import now
from pypika import Table
from pypika.terms import Criterion

from subscription_mgmt.adapters.http_probe import Target, is_web_address
from subscription_mgmt.adapters.moments import moment_of, stored
from subscription_mgmt.adapters.outage_records import answer_of, open_outages
from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.probing import Answer, Findings, Watched

DOCTYPE, INSTANCE = "Instance Probe", "Hosted Instance"
PROVISIONED = (Mode.FULL.value, Mode.READ_ONLY.value, Mode.RESTRICTED.value)
ON_A_BENCH = ("Bench", "SSH Bench")
CHUNK = 500


@dataclass(frozen=True)
class Kept:
	"""A system as the probe knows it. `first_reached` and `seen`: when it was ever reached, and last seen at all."""

	watched: Watched
	customer: str
	first_reached: datetime | None
	seen: datetime | None


def targets() -> list[Target]:
	"""Every instance that is provisioned and not deleted, unless its probe is disabled."""
	return _targets(lambda instance, probe: instance.actual_mode.isin(PROVISIONED) & _is_enabled(probe))


def target_of(instance: str) -> Target:
	return _targets(lambda table, _: table.name == instance)[0]


def _is_enabled(probe: Table) -> Criterion:
	return probe.disabled.isnull() | (probe.disabled == 0)


def _targets(chosen: Callable[[Table, Table], Criterion]) -> list[Target]:
	instance, probe = frappe.qb.DocType(INSTANCE), frappe.qb.DocType(DOCTYPE)
	rows = (
		frappe.qb.from_(instance)
		.left_join(probe)
		.on(probe.name == instance.name)
		.select(instance.name, instance.provider, probe.probe_url, probe.probe_host)
		.where(chosen(instance, probe))
		.run(as_dict=True)
	)
	return [
		Target(row.name, row.probe_url or default_url(row.name, row.provider), row.probe_host) for row in rows
	]


def default_url(instance: str, provider: str) -> str:
	return f"https://{instance}/api/method/ping" if provider in ON_A_BENCH else f"https://{instance}/"


def control_targets() -> list[Target]:
	"""The addresses of the settings that are always there, by which our own network is told from the systems. Their
	names are none that an instance can have."""
	written = frappe.get_cached_doc("Subscription Mgmt Settings").get("probe_control_addresses") or ""
	return [Target(f"control {url}", url) for url in dict.fromkeys(written.split()) if is_web_address(url)]


def private_addresses_allowed() -> bool:
	return bool(frappe.get_cached_doc("Subscription Mgmt Settings").get("probe_private_addresses"))


def kept(instances: Collection[str]) -> dict[str, Kept]:
	"""By instance, locked until the caller commits; one that is probed for the first time gets its record."""
	wanted = {row.name: row for row in _instances(instances)}
	if not wanted:
		return {}
	_add_missing(wanted)
	probe = frappe.qb.DocType(DOCTYPE)
	rows = (
		frappe.qb.from_(probe)
		.select(
			*(probe.name, probe.first_reached_at, probe.seen_at),
			*(probe.failed_at, probe.failed_outcome, probe.failed_status, probe.failed_milliseconds),
		)
		.where(probe.name.isin(list(wanted)))
		.orderby(probe.name)
		.for_update()
		.run(as_dict=True)
	)
	outages = open_outages()
	return {row.name: _kept(row, wanted[row.name], outages.get(row.name)) for row in rows}


def keep(found: Findings, answers: Mapping[str, Answer], before: Mapping[str, Kept]) -> None:
	"""Write what the systems answered, and since when those that fail have failed."""
	reached = {system.instance for system in found.reached}
	failing = {system.instance for system in found.failing}
	rows = {}
	for name, known in before.items():
		answer, failed = answers[name], known.watched.failed
		if name in reached:
			failed = None
		elif name in failing:
			failed = failed or answer
		first = known.first_reached or (answer.at if name in reached else None)
		rows[name] = {
			**_columns(answer, asked_at="asked_at", prefix="", status="http_status"),
			**_columns(failed, asked_at="failed_at", prefix="failed_", status="failed_status"),
			"first_reached_at": stored(first),
			"seen_at": stored(answer.at if name in reached or name in failing else known.seen),
		}
	if rows:
		frappe.db.bulk_update(DOCTYPE, rows, chunk_size=CHUNK, update_modified=False)


def _instances(names: Collection[str]) -> list[Mapping]:
	"""Those that are still there. Not locked: their operations go on."""
	return frappe.get_all(INSTANCE, {"name": ["in", list(names)]}, ["name", "customer", "wanted_mode"])


def _kept(row: Mapping, instance: Mapping, outage: str | None) -> Kept:
	watched = Watched(
		instance=row["name"],
		wanted=Mode(instance["wanted_mode"]) if instance["wanted_mode"] else Mode.FULL,
		was_reached=bool(row["first_reached_at"]),
		failed=answer_of(row, "failed_"),
		outage=outage,
	)
	return Kept(watched, instance["customer"], moment_of(row["first_reached_at"]), moment_of(row["seen_at"]))


def _columns(answer: Answer | None, asked_at: str, prefix: str, status: str) -> dict[str, object]:
	return {
		asked_at: stored(answer.at) if answer else None,
		f"{prefix}outcome": answer.outcome.value if answer else "",
		status: answer.status or 0 if answer else 0,
		f"{prefix}milliseconds": answer.milliseconds if answer else 0,
	}


def _add_missing(instances: Collection[str]) -> None:
	known = set(frappe.get_all(DOCTYPE, pluck="name"))
	moment, user = now(), frappe.session.user
	fields = ("name", "hosted_instance", "creation", "modified", "owner", "modified_by")
	rows = [(name, name, moment, moment, user, user) for name in instances if name not in known]
	if rows:
		frappe.db.bulk_insert(DOCTYPE, fields, rows, ignore_duplicates=True)
