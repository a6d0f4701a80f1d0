"""Which licences were issued to a customer, with what they contain? Five queries, however many they are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import frappe

from subscription_mgmt.adapters.catalogue_records import day
from subscription_mgmt.adapters.contract_records import DOCTYPE as CONTRACT
from subscription_mgmt.adapters.licence_records import DOCTYPE

MOST = 100
FIELDS = [
	"name",
	"plan",
	"status",
	"currency",
	"deployment",
	"instance",
	"updates_until",
	"hosting_contract",
	"key",
]


@dataclass(frozen=True)
class Issued:
	name: str
	plan: str
	status: str
	currency: str
	deployment: str
	instance: str | None
	modules: Sequence[str]
	functions: Sequence[str]
	online_only: Sequence[str]
	updates_until: date | None
	hosting_contract: str | None
	hosting_status: str | None
	key: str | None


def issued_to(customer: str) -> list[Issued]:
	"""The latest first; drafts are the vendor's."""
	rows = frappe.get_all(
		DOCTYPE,
		{"customer": customer, "status": ["!=", "Draft"]},
		FIELDS,
		order_by="creation desc",
		limit=MOST,
	)
	names = [row.name for row in rows]
	modules = _contents("Licence Module", "service_module", names)
	functions = _contents("Licence Function", "function", names)
	online_only = _contents("Licence Function", "function", names, needs_online=1)
	hosting = _statuses([row.hosting_contract for row in rows if row.hosting_contract])
	return [
		Issued(
			**{field: row[field] for field in FIELDS if field != "updates_until"},
			updates_until=day(row.updates_until),
			modules=modules[row.name],
			functions=functions[row.name],
			online_only=online_only[row.name],
			hosting_status=hosting.get(row.hosting_contract or ""),
		)
		for row in rows
	]


def _contents(table: str, field: str, licences: Sequence[str], **filters: object) -> Mapping[str, list[str]]:
	found: dict[str, list[str]] = defaultdict(list)
	if licences:
		filters = {"parent": ["in", licences], "parenttype": DOCTYPE, **filters}
		for row in frappe.get_all(table, filters, ["parent", field], order_by="idx", limit=0):
			found[row.parent].append(row[field])
	return found


def _statuses(contracts: Sequence[str]) -> Mapping[str, str]:
	if not contracts:
		return {}
	rows = frappe.get_all(CONTRACT, {"name": ["in", contracts]}, ["name", "status"])
	return {row.name: row.status for row in rows}
