"""How content was the customer with a resolved ticket, and until when may he change what he said?"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.tickets import Ticket, TicketStatus

MOST_STARS = 5
CHANGEABLE_DAYS = 7
LONGEST = 2_000  # characters of a comment or an answer


@dataclass(frozen=True)
class Rating:
	"""`stars`: 1 to 5. `rated_at`: when the customer first said so."""

	stars: int
	rated_at: datetime
	comment: str = ""
	answer: str = ""
	answered_at: datetime | None = None


def rated(earlier: Rating | None, ticket: Ticket, stars: int, comment: str, now: datetime) -> Rating:
	"""Once per resolution, and changeable for some days. Raises DomainError `rating_needs_resolution`,
	`stars_out_of_range`, `rating_is_final` or `text_too_long`."""
	if ticket.status is not TicketStatus.RESOLVED or ticket.resolved_at is None:
		raise DomainError("rating_needs_resolution", ticket=ticket.name)
	if not 1 <= stars <= MOST_STARS:
		raise DomainError("stars_out_of_range", stars=stars, most=MOST_STARS)
	_check_length(comment)
	if earlier is None or earlier.rated_at < ticket.resolved_at:
		return Rating(stars, now, comment.strip())
	if now > earlier.rated_at + timedelta(days=CHANGEABLE_DAYS):
		raise DomainError("rating_is_final", ticket=ticket.name, days=CHANGEABLE_DAYS)
	return replace(earlier, stars=stars, comment=comment.strip())


def with_answer(rating: Rating | None, ticket: Ticket, answer: str, now: datetime) -> Rating:
	"""The vendor's public answer. Raises DomainError `nothing_rated`, or `text_too_long`."""
	if rating is None:
		raise DomainError("nothing_rated", ticket=ticket.name)
	_check_length(answer)
	return replace(rating, answer=answer.strip(), answered_at=now)


def _check_length(text: str) -> None:
	if len(text) > LONGEST:
		raise DomainError("text_too_long", length=len(text), most=LONGEST)
