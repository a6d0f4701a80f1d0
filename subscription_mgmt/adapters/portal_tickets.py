"""Which tickets, contracts to ask about, topics and credits does a customer have?"""

from collections.abc import Sequence

import frappe

from subscription_mgmt.adapters.clock import today_in
from subscription_mgmt.adapters.ticket_records import DOCTYPE
from subscription_mgmt.engine.contracts import RUNNING, Status
from subscription_mgmt.engine.licences import LicenceStatus

LISTED = ("name", "subject", "status", "severity", "opened_at", "respond_by", "resolve_by", "acknowledged_at")
TOPIC_SHOWN = ("topic_name", "scope", "reason")
SERVED = tuple(status.value for status in RUNNING if status is not Status.SUSPENDED)


def tickets_of(customer: str, left_out: Sequence[str] | None, limit: int, start: int) -> list[dict]:
	"""The latest first; `left_out`: statuses that are not asked for."""
	filters: dict = {"customer": customer}
	if left_out:
		filters["status"] = ["not in", left_out]
	return frappe.get_all(DOCTYPE, filters, LISTED, order_by="opened_at desc", start=start, limit=limit)


def contracts_served(customer: str) -> list[dict]:
	"""`[{"name", "plan", "instance"}]` of those on which he may ask for support."""
	filters = {"customer": customer, "status": ["in", SERVED]}
	fields = ["name", "plan", "instance"]
	return frappe.get_all("Subscription Contract", filters, fields, order_by="name", limit=50)


def promised_by_packs(customer: str) -> dict[str, str]:
	"""SLA policy by contract, of the packs that promise support and are on it today."""
	line, pack, contract = (
		frappe.qb.DocType(name) for name in ("Contract Pack", "Pack", "Subscription Contract")
	)
	today = today_in(None)
	rows = (
		frappe.qb.from_(line)
		.join(pack)
		.on(pack.name == line.pack)
		.join(contract)
		.on(contract.name == line.parent)
		.select(contract.name, pack.sla_policy)
		.where((contract.customer == customer) & contract.status.isin(SERVED) & (pack.sla_policy != ""))
		.where((line.starts_on <= today) & (line.ends_on.isnull() | (line.ends_on > today)))
		.run()
	)
	return dict(rows)


def licences_served(customer: str) -> list[dict]:
	"""`[{"name", "plan", "instance"}]` of those whose plan promises support while their updates last."""
	licence, plan = frappe.qb.DocType("Licence"), frappe.qb.DocType("Plan")
	return (
		frappe.qb.from_(licence)
		.join(plan)
		.on(plan.name == licence.plan)
		.select(licence.name, licence.plan, licence.instance)
		.where((licence.customer == customer) & (licence.status == LicenceStatus.ISSUED.value))
		.where((plan.sla_policy != "") & (licence.updates_until > today_in(None)))
		.orderby(licence.name)
		.limit(50)
		.run(as_dict=True)
	)


def topics() -> list[dict]:
	"""`[{"topic_name", "scope", "reason"}]`"""
	return frappe.get_all("Support Topic", fields=TOPIC_SHOWN, order_by="topic_name", limit=0)


def balance_of(customer: str) -> int:
	return frappe.db.get_value("Support Credit Account", customer, "balance") or 0
