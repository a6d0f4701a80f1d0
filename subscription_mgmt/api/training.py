"""How are slots of a training proposed, chosen and seen to, from Desk and from the portal?"""

from datetime import datetime, timezone

import frappe
from frappe import _

from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.adapters.email_notices import recipients_of
from subscription_mgmt.adapters.moments import moment_of
from subscription_mgmt.adapters.offers_site import offer_ports
from subscription_mgmt.adapters.training_news import invitation_of
from subscription_mgmt.adapters.training_records import DOCTYPE, SLOT, training_zone
from subscription_mgmt.engine.portal_roles import Verb
from subscription_mgmt.permissions import may_act_for
from subscription_mgmt.refusals import refusals_worded
from subscription_mgmt.services import choose_slot as choosing
from subscription_mgmt.services import close_session as closing
from subscription_mgmt.services import propose_slots as proposing

COLUMNS = [
	"name",
	"pack",
	"contract",
	"number",
	"minutes",
	"status",
	"starts_at",
	"link_sent_at",
	"conference_link",
]


@frappe.whitelist(methods=["POST"])
def propose(session: str) -> list[str]:
	"""The slots, which the customer is told of. ISO 8601 with offset."""
	_check_may_change(session)
	with refusals_worded():
		return [_iso(slot) for slot in proposing.propose_slots(session, moment(), offer_ports())]


@frappe.whitelist(methods=["POST"])
def choose(session: str, slot: str) -> None:
	"""`slot`: one of those proposed, ISO 8601 with offset. By the customer, or for him."""
	_check_own(session, Verb.BOOK_TRAINING)
	with refusals_worded():
		choosing.choose_slot(session, _moment(slot), moment(), offer_ports())


@frappe.whitelist()
def of_customer(customer: str) -> list[dict]:
	"""With the slots to choose from, and the conference link once it was sent. Moments: ISO 8601 with offset."""
	if not may_act_for(customer, Verb.SEE):
		frappe.throw(_("{0} is not yours.").format(customer), frappe.PermissionError)
	rows = frappe.get_all(DOCTYPE, {"customer": customer}, COLUMNS, order_by="creation, number", limit=0)
	slots: dict[str, list[datetime]] = {row.name: [] for row in rows if row.status == "Proposed"}
	proposed = {"parenttype": DOCTYPE, "parent": ["in", list(slots)]}
	for slot in frappe.get_all(SLOT, proposed, ["parent", "starts_at"], order_by="idx", limit=0):
		slots[slot.parent].append(slot.starts_at)
	return [_told(row, slots.get(row.name, [])) for row in rows]


@frappe.whitelist()
def invitation(session: str) -> None:
	"""The .ics file of a booked training, to download."""
	_check_own(session, Verb.SEE)
	found = offer_ports().trainings.get(session)
	if found.starts_at is None:
		frappe.throw(_("{0} has no day yet.").format(session))
	attendee = (recipients_of(found.customer) or [""])[0]
	frappe.response.filename = "training.ics"
	frappe.response.filecontent = invitation_of(found, attendee)
	frappe.response.type = "download"


@frappe.whitelist(methods=["POST"])
def held(session: str) -> None:
	_check_may_change(session)
	with refusals_worded():
		closing.hold_session(session, moment(), offer_ports())


@frappe.whitelist(methods=["POST"])
def missed(session: str) -> None:
	"""The customer did not come."""
	_check_may_change(session)
	with refusals_worded():
		closing.miss_session(session, moment(), offer_ports())


@frappe.whitelist(methods=["POST"])
def cancel(session: str) -> None:
	_check_may_change(session)
	with refusals_worded():
		closing.cancel_session(session, offer_ports())


def _told(row: frappe._dict, slots: list[datetime]) -> dict:
	return {
		"name": row.name,
		"pack": row.pack,
		"contract": row.contract,
		"number": row.number,
		"minutes": row.minutes,
		"status": row.status,
		"starts_at": _iso(moment_of(row.starts_at)) if row.starts_at else None,
		"slots": [_iso(moment_of(slot)) for slot in slots],
		"link": row.conference_link if row.link_sent_at else None,
	}


def _iso(slot: datetime | None) -> str:
	assert slot is not None
	return slot.astimezone(training_zone()).isoformat()


def _moment(slot: str) -> datetime:
	try:
		found = datetime.fromisoformat(slot.replace("Z", "+00:00"))
	except ValueError:
		frappe.throw(_("{0} is no moment. Write one like 2026-03-02T09:00:00+01:00.").format(slot))
		raise
	return found if found.tzinfo else found.replace(tzinfo=timezone.utc)


def _check_may_change(session: str) -> None:
	frappe.has_permission(DOCTYPE, "write", session, throw=True)


def _check_own(session: str, verb: Verb = Verb.SEE) -> None:
	customer = frappe.db.get_value(DOCTYPE, session, "customer")
	if not customer or not may_act_for(customer, verb):
		frappe.throw(_("{0} is not yours.").format(session), frappe.PermissionError)
