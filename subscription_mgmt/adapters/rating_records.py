"""How does a customer's rating become fields of an SLA Ticket, and back?"""

from collections.abc import Iterator
from datetime import date

import frappe
from frappe.model.document import Document

from subscription_mgmt.adapters.moments import moment_of, stored
from subscription_mgmt.adapters.typed_text import as_text
from subscription_mgmt.engine.ratings import MOST_STARS, Rating

DOCTYPE = "SLA Ticket"
FIELDS = ["rating", "rating_comment", "rated_at", "rating_answer", "rating_answered_at"]


def stored_rating(ticket: str) -> Rating | None:
	return rating_of(frappe.db.get_value(DOCTYPE, ticket, FIELDS, as_dict=True))


def ratings_between(first: date, last: date, customer: str | None = None) -> Iterator[Rating]:
	"""Those given on the days from `first` to `last`, in the order they were given."""
	filters: dict[str, object] = {"rated_at": ["between", [first, last]]}
	if customer:
		filters["customer"] = customer
	for row in frappe.get_list(DOCTYPE, filters, FIELDS, order_by="rated_at", limit=0):
		if found := rating_of(row):
			yield found


def rating_of(row: Document) -> Rating | None:
	rated_at = moment_of(row.rated_at)
	if rated_at is None:
		return None
	return Rating(
		stars=round(row.rating * MOST_STARS),
		rated_at=rated_at,
		comment=row.rating_comment or "",
		answer=row.rating_answer or "",
		answered_at=moment_of(row.rating_answered_at),
	)


def store_rating(ticket: str, rating: Rating) -> None:
	"""Frappe's Rating is a share of its stars."""
	values = (
		rating.stars / MOST_STARS,
		as_text(rating.comment),
		stored(rating.rated_at),
		as_text(rating.answer),
		stored(rating.answered_at),
	)
	frappe.db.set_value(DOCTYPE, ticket, dict(zip(FIELDS, values, strict=True)))
