"""What can be done with a ticket from Desk, by its buttons, and how are its deadlines explained?"""

import frappe
from frappe import _
from frappe.utils import cint

from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.adapters.moments import stored
from subscription_mgmt.adapters.support_site import support_ports
from subscription_mgmt.adapters.ticket_records import DOCTYPE
from subscription_mgmt.engine.working_time import explain as explained
from subscription_mgmt.refusals import refusals_worded, sentence
from subscription_mgmt.services import acknowledge as acknowledging
from subscription_mgmt.services import customer_reply as replying
from subscription_mgmt.services import resolve as resolving
from subscription_mgmt.services import set_severity as setting
from subscription_mgmt.services import wait as waiting
from subscription_mgmt.services import work as working


@frappe.whitelist(methods=["POST"])
def acknowledge(ticket: str) -> None:
	"""Acknowledges receipt and confirms the severity."""
	_check_may_change(ticket)
	with refusals_worded():
		acknowledging.acknowledge(ticket, moment(), support_ports())


@frappe.whitelist(methods=["POST"])
def wait(ticket: str) -> None:
	_check_may_change(ticket)
	with refusals_worded():
		waiting.wait(ticket, moment(), support_ports())


@frappe.whitelist(methods=["POST"])
def customer_reply(ticket: str) -> None:
	_check_may_change(ticket)
	with refusals_worded():
		replying.customer_reply(ticket, moment(), support_ports())


@frappe.whitelist(methods=["POST"])
def work(ticket: str, minutes: int | str) -> str:
	"""What became of it, in words."""
	_check_may_change(ticket)
	with refusals_worded():
		done = working.work(ticket, cint(minutes), moment(), support_ports())
	if done is working.Work.DECLINED:
		return sentence("hour_cap_used", ticket=ticket)
	if done is working.Work.WAITS_FOR_CREDITS:
		return _("Too few credits: the customer was told, and the ticket waits. Nothing was recorded.")
	return _("{0} minutes recorded.").format(cint(minutes))


@frappe.whitelist(methods=["POST"])
def set_severity(ticket: str, severity: int | str, reason: str) -> None:
	_check_may_change(ticket)
	if cint(severity) not in (1, 2, 3, 4):
		frappe.throw(_("A severity is 1, 2, 3 or 4, not {0}.").format(severity))
	with refusals_worded():
		setting.set_severity(ticket, cint(severity), reason or "", moment(), support_ports())


@frappe.whitelist(methods=["POST"])
def resolve(ticket: str) -> None:
	_check_may_change(ticket)
	with refusals_worded():
		resolving.resolve(ticket, moment(), support_ports())


@frappe.whitelist()
def explain(ticket: str) -> dict[str, list[dict]]:
	"""By target: the windows used up to its deadline and the pauses left out, in the site's time."""
	frappe.has_permission(DOCTYPE, "read", ticket, throw=True)
	ports = support_ports()
	found = ports.tickets.get(ticket)
	if found.policy is None:
		return {}
	policy = ports.promises.policy(found.policy)
	told = {}
	for target, minutes in (("response", policy.response), ("resolution", policy.resolution)):
		if minutes.get(found.severity):
			clock = ports.promises.clock(policy)
			stretches = explained(clock, found.opened_at, minutes[found.severity], found.pauses)
			told[target] = [
				{"start": stored(each.start), "end": stored(each.end), "counts": each.counts}
				for each in stretches
			]
	return told


def _check_may_change(ticket: str) -> None:
	frappe.has_permission(DOCTYPE, "write", ticket, throw=True)
