"""What does a customer see of his tickets, and what does he say on them?"""

import frappe
from frappe.model.document import Document
from frappe.rate_limiter import rate_limit
from frappe.utils import cint, strip_html

from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.adapters.conversation_records import DOCTYPE, public_messages, take_from_portal
from subscription_mgmt.adapters.portal_members import customers_where
from subscription_mgmt.adapters.requesters import asked_about
from subscription_mgmt.adapters.support_site import support_ports
from subscription_mgmt.adapters.ticket_files import attach_uploads, file_of
from subscription_mgmt.api.portal.guard import Visit, visit, visit_to
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.incoming_mail import Sender
from subscription_mgmt.engine.portal_roles import Verb
from subscription_mgmt.engine.ratings import MOST_STARS
from subscription_mgmt.refusals import refusals_worded
from subscription_mgmt.services import rate as rating
from subscription_mgmt.services.take_mail import place_of
from subscription_mgmt.support_messages import severity_definitions

SAID_AN_HOUR, HOUR = 60, 3600
# What a customer sees of his ticket; never what is said about it among ourselves.
SHOWN = (
	*("name", "subject", "status", "severity", "kind", "channel", "topic", "contract", "route", "opened_at"),
	*("acknowledged_at", "resolved_at", "respond_by", "resolve_by", "minutes", "credit_minutes", "charged"),
	*("merged_into", "follows", "description", "rating_comment", "rated_at", "rating_answer", "offer"),
	*("licence", "product_version"),
)
# What he may say of a new one.
ASKED = (
	*("subject", "severity", "kind", "topic", "contract", "licence"),
	*("product_version", "production", "third_party", "customised"),
)


@frappe.whitelist()
def tickets(customer: str | None = None, start: int | str = 0) -> list[dict]:
	"""The latest first, 20 at a time."""
	fields = ["name", "subject", "status", "severity", "opened_at", "respond_by", "resolve_by", "rating"]
	filters = {"customer": visit(Verb.SEE, customer).customer}
	rows = frappe.get_all(DOCTYPE, filters, fields, order_by="opened_at desc", start=cint(start), limit=20)
	return [{**row, "rating": stars(row.rating)} for row in rows]


@frappe.whitelist()
def conversation(ticket: str) -> dict:
	_visit, record = _visited(Verb.SEE, ticket)
	shown = {field: record.get(field) for field in SHOWN}
	return {**shown, "rating": stars(record.rating), "messages": public_messages(record.name)}


@frappe.whitelist(methods=["POST"])
@rate_limit(limit=SAID_AN_HOUR, seconds=HOUR)
def open_ticket(customer: str | None = None, message: str = "", **asked: object) -> str:
	"""Its number. `asked`: of ASKED; files of the request go with the message."""
	coming = visit(Verb.OPEN_TICKET, customer)
	_check_said(message)
	values = {field: asked[field] for field in ASKED if asked.get(field) not in (None, "")}
	return _opened(coming.customer, values, message).name


@frappe.whitelist(methods=["POST"])
@rate_limit(limit=SAID_AN_HOUR, seconds=HOUR)
def say(ticket: str, message: str) -> str:
	"""The ticket on which it was put: a new one where this one was resolved too long ago, or closed."""
	coming, record = _visited(Verb.OPEN_TICKET, ticket)
	_check_said(message)
	with refusals_worded():
		sender = Sender(coming.user, tuple(customers_where(coming.user, Verb.OPEN_TICKET)))
		place = place_of([record.name], sender, moment(), support_ports())
	if place.ticket is None:
		# Of a closed ticket the kind and the topic may be what was refused.
		about = {"subject": record.subject, "follows": record.name}
		return _opened(coming.customer, {**about, **asked_about(coming.customer, record.name)}, message).name
	_put(frappe.get_doc(DOCTYPE, place.ticket), message)
	return place.ticket


@frappe.whitelist(methods=["POST"])
def rate(ticket: str, stars: int | str, comment: str = "") -> None:
	_visit, record = _visited(Verb.OPEN_TICKET, ticket)
	with refusals_worded():
		rating.rate(record.name, cint(stars), strip_html(comment or ""), moment(), support_ports())


@frappe.whitelist()
def file(ticket: str, file: str) -> None:
	"""Downloads one that was sent with a message. Never shown by the browser: it may be a page with script."""
	_visit, record = _visited(Verb.SEE, ticket)
	found = file_of(record.name, file)
	frappe.local.response.filename = found.file_name
	frappe.local.response.filecontent = found.get_content()
	frappe.local.response.type = "download"


@frappe.whitelist()
def severities() -> dict[str, str]:
	"""What each severity means."""
	return severity_definitions(frappe._)


def stars(share: float | None) -> int | None:
	return round(share * MOST_STARS) if share else None


def _visited(verb: Verb, ticket: str) -> tuple[Visit, Document]:
	return visit_to(verb, DOCTYPE, ticket)


def _opened(customer: str, values: dict, message: str) -> Document:
	record = frappe.get_doc({"doctype": DOCTYPE, "customer": customer, "channel": "portal", **values})
	record.insert(ignore_permissions=True)
	_put(record, message)
	return record


def _put(record: Document, message: str) -> None:
	attach_uploads(take_from_portal(record, message))


def _check_said(message: str) -> None:
	if not strip_html(message or "").strip():
		with refusals_worded():
			raise DomainError("nothing_said")
