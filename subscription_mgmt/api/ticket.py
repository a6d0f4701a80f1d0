"""What can be done with a ticket from Desk, by its buttons, and how are its deadlines explained?"""

import frappe
from frappe import _
from frappe.utils import cint

from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.adapters.moments import stored
from subscription_mgmt.adapters.support_site import support_ports
from subscription_mgmt.adapters.ticket_records import DOCTYPE, TicketRecords
from subscription_mgmt.engine.countdown import countdowns
from subscription_mgmt.engine.support_credits import TicketKind
from subscription_mgmt.engine.working_time import explain as explained
from subscription_mgmt.refusals import refusals_worded, sentence
from subscription_mgmt.services import acknowledge as acknowledging
from subscription_mgmt.services import classify as classifying
from subscription_mgmt.services import customer_reply as replying
from subscription_mgmt.services import resolve as resolving
from subscription_mgmt.services import set_severity as setting
from subscription_mgmt.services import wait as waiting
from subscription_mgmt.services import work as working
from subscription_mgmt.services.time_work import check_timer_stopped
from subscription_mgmt.support_messages import severity_definitions

# What is said of a ticket when it is classified.
ABOUT = ("kind", "topic", "contract", "licence", "production", "third_party", "customised")


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
	return outcome_of(done, ticket, cint(minutes))


def outcome_of(done: working.Work, ticket: str, minutes: int) -> str:
	if done is working.Work.DECLINED:
		return sentence("hour_cap_used", ticket=ticket)
	if done is working.Work.WAITS_FOR_CREDITS:
		return _("Too few credits: the customer was told, and the ticket waits. Nothing was recorded.")
	return _("{0} minutes recorded.").format(minutes)


@frappe.whitelist(methods=["POST"])
def set_severity(ticket: str, severity: int | str, reason: str) -> None:
	_check_may_change(ticket)
	if cint(severity) not in (1, 2, 3, 4):
		frappe.throw(_("A severity is 1, 2, 3 or 4, not {0}.").format(severity))
	with refusals_worded():
		setting.set_severity(ticket, cint(severity), reason or "", moment(), support_ports())


@frappe.whitelist(methods=["POST"])
def classify(ticket: str, **facts: object) -> None:
	"""Says what it is about. `facts`: fields of ABOUT; those that are not given stay."""
	_check_may_change(ticket)
	record = frappe.get_doc(DOCTYPE, ticket)
	said = {field: facts.get(field, record.get(field)) for field in ABOUT}
	if said["kind"] not in {kind.value for kind in TicketKind}:
		frappe.throw(_("There is no kind {0} of ticket.").format(frappe.utils.escape_html(str(said["kind"]))))
	links = {field: said[field] or None for field in ("topic", "contract", "licence")}
	marks = {field: bool(cint(said[field])) for field in ("production", "third_party", "customised")}
	with refusals_worded():
		about = classifying.Facts(TicketKind(said["kind"]), **links, **marks)
		classifying.classify(ticket, about, moment(), support_ports())
	record.reload()
	record.have_it_offered()


@frappe.whitelist(methods=["POST"])
def resolve(ticket: str) -> None:
	_check_may_change(ticket)
	with refusals_worded():
		ports = support_ports()
		check_timer_stopped(ticket, frappe.session.user, ports)
		resolving.resolve(ticket, moment(), ports)


@frappe.whitelist()
def countdowns_of(ticket: str) -> dict:
	"""What the form counts down: by target the seconds of working time left, and when the next second counts.

	Moments are in UTC, as a browser reads them.
	"""
	frappe.has_permission(DOCTYPE, "read", ticket, throw=True)
	ports, now = support_ports(), moment()
	found = TicketRecords().seen(ticket)
	told = []
	if found.policy is not None:
		clock = ports.promises.clock(ports.promises.policy(found.policy), found.channel)
		told = [
			{
				"target": each.target,
				"due": each.due.isoformat(),
				"seconds": each.seconds,
				"runs": each.runs,
				"changes_at": each.changes_at.isoformat() if each.changes_at else None,
			}
			for each in countdowns(found, clock, now)
		]
	return {"now": now.isoformat(), "status": found.status.value, "countdowns": told}


@frappe.whitelist()
def severities() -> dict[str, str]:
	"""What each severity means, shown beside the choice."""
	return severity_definitions(_)


@frappe.whitelist()
def explain(ticket: str) -> dict[str, list[dict]]:
	"""By target: the windows used up to its deadline and the pauses left out, in the site's time."""
	frappe.has_permission(DOCTYPE, "read", ticket, throw=True)
	ports = support_ports()
	found = TicketRecords().seen(ticket)
	if found.policy is None:
		return {}
	policy = ports.promises.policy(found.policy)
	told = {}
	for target, minutes in (("response", policy.response), ("resolution", policy.resolution)):
		if minutes.get(found.severity):
			clock = ports.promises.clock(policy, found.channel)
			stretches = explained(clock, found.opened_at, minutes[found.severity], found.pauses)
			told[target] = [
				{
					"start": stored(each.start),
					"end": stored(each.end),
					"counts": each.counts,
					"minutes": round(each.minutes),
				}
				for each in stretches
			]
	return told


def _check_may_change(ticket: str) -> None:
	frappe.has_permission(DOCTYPE, "write", ticket, throw=True)
