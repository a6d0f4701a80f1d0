"""When is a customer trained, and which of the proposed moments suits him?"""

from datetime import datetime

import frappe

from subscription_mgmt.adapters.training_records import DOCTYPE, training_zone
from subscription_mgmt.api import training
from subscription_mgmt.api.portal.guard import Visit, visit_to
from subscription_mgmt.api.portal.words import badge
from subscription_mgmt.engine.portal_roles import Verb

INVITATION = "/api/method/subscription_mgmt.api.portal.training.invitation"


def training_page(visit: Visit) -> dict:
	sessions = training.of_customer(visit.customer)
	return {
		"sessions": [_row(session) for session in sessions],
		"zone": str(training_zone()) if sessions else None,
		"may_book": visit.may(Verb.BOOK_TRAINING),
	}


def _row(session: dict) -> dict:
	booked = session["starts_at"] and session["status"] == "Booked"
	return {
		**session,
		"badge": badge(session["status"]),
		"starts_at": _on_the_wall(session["starts_at"]),
		"slots": [{"value": slot, "at": _on_the_wall(slot)} for slot in session["slots"]],
		"invitation": f"{INVITATION}?session={frappe.utils.quote(session['name'])}" if booked else None,
	}


def _on_the_wall(moment: str | None) -> datetime | None:
	"""What a clock shows in the zone of the trainings."""
	return datetime.fromisoformat(moment).replace(tzinfo=None) if moment else None


@frappe.whitelist(methods=["POST"])
def choose(session: str, slot: str) -> None:
	"""`slot`: one of those proposed, ISO 8601 with offset."""
	_visit, record = visit_to(Verb.BOOK_TRAINING, DOCTYPE, session)
	training.choose(record.name, slot)


@frappe.whitelist()
def invitation(session: str) -> None:
	"""The .ics file of a booked training."""
	_visit, record = visit_to(Verb.SEE, DOCTYPE, session)
	training.invitation(record.name)
