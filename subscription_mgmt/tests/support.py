"""Which tickets and credits do the bench tests speak of? Small ones, rolled back with each test case."""

from datetime import datetime, timezone

import frappe
from frappe.model.document import Document

from subscription_mgmt.adapters.support_site import support_ports
from subscription_mgmt.engine.support_credits import CreditLine, LineKind
from subscription_mgmt.tests.records import make_customer, make_pack

NOW = datetime(2026, 11, 2, 16, tzinfo=timezone.utc)


def make_policy(name: str = "_Test Gold", **values: object) -> str:
	"""Always open; a response within 60 minutes and a resolution within 240 for severity 1."""
	if not frappe.db.exists("SLA Policy", name):
		targets = [{"severity": "1", "response_minutes": 60, "resolution_minutes": 240}]
		frappe.get_doc(
			{
				"doctype": "SLA Policy",
				"policy_name": name,
				"service_calendar": make_calendar(),
				"targets": targets,
				**values,
			}
		).insert()
	return name


def make_calendar() -> str:
	if not frappe.db.exists("Service Calendar", "_Test Round the Clock"):
		frappe.get_doc(
			{"doctype": "Service Calendar", "calendar_name": "_Test Round the Clock", "always_open": 1}
		).insert()
	return "_Test Round the Clock"


def make_requester(name: str = "_Test Asker", policy: str | None = None, **values: object) -> str:
	customer = make_customer(name, **values)
	frappe.db.set_value("Customer", customer, "support_policy", policy or make_policy())
	frappe.clear_document_cache("Customer", customer)
	return customer


def make_prepaid(name: str = "_Test Prepaid") -> str:
	return make_requester(name, make_policy("_Test Credits", uses_credits=1, low_balance=30))


def make_credit_pack(name: str = "_Test 120 Credits", credits: int = 120, **values: object) -> Document:
	rest = {"kind": "Support Credits", "one_off": 1, "needs_contract": 0, "credits": credits}
	return make_pack(name, **{"prices": {"Once": credits}, **rest, **values})


def make_ticket(**values: object) -> Document:
	ticket = {
		"doctype": "SLA Ticket",
		"subject": "_Test",
		"severity": "1",
		"kind": "Query",
		"channel": "email",
	}
	return frappe.get_doc(
		{**ticket, "customer": values.get("customer") or make_requester(), **values}
	).insert()


def grant(customer: str, credits: int) -> None:
	key = frappe.generate_hash(length=10)
	support_ports().credits.add(CreditLine(key, customer, LineKind.GRANT, credits, NOW))


def balance_of(customer: str) -> int:
	"""As the ledger says, which the account has to agree with."""
	total = sum(frappe.get_all("Support Credit", {"customer": customer}, pluck="change"))
	assert total == (frappe.db.get_value("Support Credit Account", customer, "balance") or 0)
	return total
