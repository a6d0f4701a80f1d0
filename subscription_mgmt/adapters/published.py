"""Which plans and packs does a vendor show to the public, and how does he describe them?"""

from dataclasses import dataclass

import frappe

from subscription_mgmt.adapters.catalogue_records import pack_of, plan_of
from subscription_mgmt.engine.catalogue import Pack, Plan

SHOWN = {"published": 1, "disabled": 0}


@dataclass(frozen=True)
class Described:
	"""`description`: HTML that Frappe cleaned when the vendor saved it."""

	what: Plan | Pack
	description: str


def published_plans() -> list[Described]:
	names = frappe.get_all("Plan", SHOWN, pluck="name", order_by="tier, name", limit=0)
	records = [frappe.get_cached_doc("Plan", name) for name in names]
	return [Described(plan_of(record), record.description or "") for record in records]


def published_packs() -> list[Described]:
	names = frappe.get_all("Pack", SHOWN, pluck="name", order_by="name", limit=0)
	records = [frappe.get_cached_doc("Pack", name) for name in names]
	return [Described(pack_of(record), record.description or "") for record in records]


def is_published(doctype: str, name: str) -> bool:
	return isinstance(name, str) and bool(frappe.db.exists(doctype, {"name": name, **SHOWN}))
