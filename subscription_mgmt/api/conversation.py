"""What does a person of ours say on a ticket: to the customer, to colleagues, or that two tickets are one?"""

import frappe
from frappe.utils import cint, strip_html

from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.adapters.conversation_records import DOCTYPE, answer_publicly, write_note
from subscription_mgmt.adapters.support_site import support_ports
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.refusals import refusals_worded
from subscription_mgmt.services import identify as identifying
from subscription_mgmt.services import merge as merging
from subscription_mgmt.services import rate as rating
from subscription_mgmt.services import reopen as reopening
from subscription_mgmt.services import reply as replying
from subscription_mgmt.services import wait as waiting
from subscription_mgmt.services.time_work import check_timer_stopped


@frappe.whitelist(methods=["POST"])
def reply(
	ticket: str,
	message: str,
	files: str | list | None = None,
	confirms_severity: bool | int | str = 0,
	waits: bool | int | str = 0,
) -> dict:
	"""Public: the customer reads it, by mail where mail goes out. `files`: names of Files; `waits`: the clock stops
	until he answers."""
	_check_may_change(ticket)
	_check_said(message)
	sent = frappe.parse_json(files) or []
	for file in sent:
		# Frappe attaches whatever file is named.
		frappe.has_permission("File", "read", file, throw=True)
	with refusals_worded():
		name = answer_publicly(frappe.get_doc(DOCTYPE, ticket), message, sent)
		if cint(confirms_severity):
			replying.reply(ticket, moment(), support_ports(), confirms_severity=True)
		if cint(waits):
			waiting.wait(ticket, moment(), support_ports())
	return {"message": name, "mailed": bool(frappe.db.exists("Email Queue", {"communication": name}))}


@frappe.whitelist(methods=["POST"])
def note(ticket: str, message: str) -> str:
	"""Internal: no customer sees it."""
	_check_may_change(ticket)
	_check_said(message)
	return write_note(ticket, message)


@frappe.whitelist(methods=["POST"])
def merge(ticket: str, into: str) -> None:
	_check_may_change(ticket)
	_check_may_change(into)
	with refusals_worded():
		ports = support_ports()
		check_timer_stopped(ticket, frappe.session.user, ports)
		merging.merge(ticket, into, moment(), ports)


@frappe.whitelist(methods=["POST"])
def reopen(ticket: str, reason: str) -> None:
	_check_may_change(ticket)
	with refusals_worded():
		reopening.reopen(ticket, reason or "", moment(), support_ports())


@frappe.whitelist(methods=["POST"])
def identify(ticket: str, customer: str, contract: str | None = None) -> None:
	"""Say whose a ticket of an unknown sender is."""
	_check_may_change(ticket)
	frappe.has_permission("Customer", "select", customer, throw=True)
	with refusals_worded():
		identifying.identify(ticket, customer, contract or None, moment(), support_ports())
	frappe.get_doc(DOCTYPE, ticket).have_it_offered()


@frappe.whitelist(methods=["POST"])
def answer_rating(ticket: str, answer: str) -> None:
	"""Public, as the rating is to its customer."""
	_check_may_change(ticket)
	_check_said(answer)
	with refusals_worded():
		rating.answer_rating(ticket, strip_html(answer), moment(), support_ports())


def _check_may_change(ticket: str) -> None:
	frappe.has_permission(DOCTYPE, "write", ticket, throw=True)


def _check_said(message: str) -> None:
	if not strip_html(message or "").strip():
		with refusals_worded():
			raise DomainError("nothing_said")
