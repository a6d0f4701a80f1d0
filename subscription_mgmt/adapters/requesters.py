"""Whose is an e-mail address: which customers' portal user or contact has it, and what does he ask about?"""

import frappe
from frappe.model.document import Document

from subscription_mgmt.adapters.portal_members import customers_where
from subscription_mgmt.adapters.portal_tickets import licences_served, promised_by_packs
from subscription_mgmt.adapters.ticket_records import DOCTYPE
from subscription_mgmt.engine.contracts import Status
from subscription_mgmt.engine.incoming_mail import Sender
from subscription_mgmt.engine.portal_roles import Verb

RUNNING = [status.value for status in (Status.TRIALLING, Status.ACTIVE, Status.PAST_DUE)]


def sender_of(address: str) -> Sender:
	"""Customers that are disabled count, too: what they write is theirs."""
	address = (address or "").strip().lower()
	if not address:
		return Sender("")
	customers = {*_by_portal(address), *_by_contact(address), *_by_own_address(address)}
	return Sender(address, tuple(sorted(customers)))


def fill_in_requester(ticket: Document) -> None:
	"""A ticket that came by mail: whose it is where that is beyond doubt, else nobody's until a person says so."""
	ticket.channel = "email"
	customers = sender_of(ticket.raised_by).customers
	if not ticket.customer and len(customers) == 1:
		ticket.customer = customers[0]
		ticket.update(asked_about(customers[0], ticket.follows))


def _by_portal(address: str) -> list[str]:
	"""Where he may open tickets: one who only looks on is a stranger by mail."""
	return customers_where(address, Verb.OPEN_TICKET)


def _by_contact(address: str) -> list[str]:
	contacts = frappe.get_all("Contact Email", {"email_id": address, "parenttype": "Contact"}, pluck="parent")
	if not contacts:
		return []
	links = {"parenttype": "Contact", "parent": ["in", contacts], "link_doctype": "Customer"}
	return frappe.get_all("Dynamic Link", links, pluck="link_name")


def _by_own_address(address: str) -> list[str]:
	return frappe.get_all("Customer", {"email_id": address}, pluck="name")


def asked_about(customer: str, follows: str | None = None) -> dict[str, str]:
	"""`{"contract": name}` or `{"licence": name}`: what the ticket before was about, else the only one that promises
	support; empty where there is none, or a choice."""
	before = frappe.db.get_value(DOCTYPE, follows, ["contract", "licence"], as_dict=True) if follows else {}
	licences = [row["name"] for row in licences_served(customer)]
	for field, served in (("contract", _contracts_served(customer)), ("licence", licences)):
		name = before.get(field) if before else None
		if name in served or len(served) == 1:
			return {field: name if name in served else served[0]}
	return {}


def _contracts_served(customer: str) -> list[str]:
	"""Running ones whose plan, or a pack on them, promises support."""
	contract, plan = frappe.qb.DocType("Subscription Contract"), frappe.qb.DocType("Plan")
	by_plan = (
		frappe.qb.from_(contract)
		.join(plan)
		.on(plan.name == contract.plan)
		.select(contract.name)
		.where((contract.customer == customer) & (plan.sla_policy != ""))
		.where(contract.status.isin(RUNNING))
		.run(pluck=True)
	)
	return list(dict.fromkeys([*by_plan, *promised_by_packs(customer)]))
