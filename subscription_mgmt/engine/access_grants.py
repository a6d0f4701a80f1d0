"""How long does a vendor hold the credentials of a customer's system, and who may look at them?"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from subscription_mgmt.engine.errors import DomainError


class GrantStatus(Enum):
	REQUESTED = "Requested"
	HANDED_IN = "Handed In"
	ERASED = "Erased"
	REMOVED = "Removed"


class Purpose(Enum):
	"""Seed es: "usuario y contraseña del usuario superadministrador, y en algunos casos FTP y Base de Datos"."""

	SYSTEM = "System"
	FILES = "Files"
	DATABASE = "Database"


class Erasure(Enum):
	"""Why credentials are gone: the ticket is done, their time is up, or somebody took them back."""

	RESOLVED = "Resolved"
	EXPIRED = "Expired"
	WITHDRAWN = "Withdrawn"


# Credentials handed in a second time replace those before. Removed: the customer says that the user is gone.
GRANT_MOVES: dict[tuple[GrantStatus, str], GrantStatus] = {
	(GrantStatus.REQUESTED, "handed_in"): GrantStatus.HANDED_IN,
	(GrantStatus.HANDED_IN, "handed_in"): GrantStatus.HANDED_IN,
	(GrantStatus.REQUESTED, "erased"): GrantStatus.ERASED,
	(GrantStatus.HANDED_IN, "erased"): GrantStatus.ERASED,
	(GrantStatus.ERASED, "removed"): GrantStatus.REMOVED,
}
LIVING = frozenset({GrantStatus.REQUESTED, GrantStatus.HANDED_IN})
MOST_CHARACTERS = 4000  # a private key fits in, a file does not
REMINDERS, REMINDED_AFTER = 3, timedelta(days=3)


@dataclass(frozen=True)
class Credentials:
	"""What nobody but the assignee sees. `details`: a port, a database's name and the like."""

	username: str
	secret: str
	details: str = ""

	def __repr__(self) -> str:
		return "Credentials(…)"  # so that no log holds them


@dataclass(frozen=True)
class Grant:
	"""Temporary access for one intervention, without the credentials themselves. Moments are aware."""

	name: str
	ticket: str
	customer: str
	purpose: Purpose
	status: GrantStatus = GrantStatus.REQUESTED
	url: str = ""
	handed_in_at: datetime | None = None
	expires_at: datetime | None = None
	erased_at: datetime | None = None
	erased_for: Erasure | None = None
	removed_at: datetime | None = None
	reminded_at: datetime | None = None
	reminders: int = 0

	def moved(self, event: str) -> "Grant":
		"""Raises DomainError `access_move_refused`."""
		after = GRANT_MOVES.get((self.status, event))
		if after is None:
			raise DomainError("access_move_refused", grant=self.name, status=self.status.value, event=event)
		return replace(self, status=after)


def check_credentials(credentials: Credentials) -> None:
	if not credentials.username.strip() or not credentials.secret:
		raise DomainError("credentials_incomplete")
	for given in (credentials.username, credentials.secret, credentials.details):
		if len(given) > MOST_CHARACTERS:
			raise DomainError("credentials_too_long", most=MOST_CHARACTERS)


def handed_in(grant: Grant, url: str, now: datetime, hours: int) -> Grant:
	"""Held for `hours` at most, whatever becomes of the ticket."""
	after = grant.moved("handed_in")
	return replace(after, url=url, handed_in_at=now, expires_at=now + timedelta(hours=hours))


def erased(grant: Grant, reason: Erasure, now: datetime) -> Grant:
	return replace(grant.moved("erased"), erased_at=now, erased_for=reason, expires_at=None)


def removed(grant: Grant, now: datetime) -> Grant:
	return replace(grant.moved("removed"), removed_at=now)


def reminder_due(grant: Grant, now: datetime) -> bool:
	"""Whether the customer is told to remove the temporary user: at once, and twice more until he says it is gone.

	Seed es: "inmediatamente sea borrado del sistema por parte de nuestro cliente".
	"""
	if grant.status is not GrantStatus.ERASED or grant.handed_in_at is None or grant.reminders >= REMINDERS:
		return False
	return grant.reminded_at is None or now - grant.reminded_at >= REMINDED_AFTER


def reminded(grant: Grant, now: datetime) -> Grant:
	return replace(grant, reminded_at=now, reminders=grant.reminders + 1)


def check_may_look(grant: Grant, user: str, assignees: Collection[str], now: datetime) -> None:
	"""Only who is assigned to the ticket, only while the credentials are held. Raises DomainError."""
	if grant.status is not GrantStatus.HANDED_IN or grant.expires_at is None or grant.expires_at <= now:
		raise DomainError("no_credentials_held", grant=grant.name)
	if user not in assignees:
		raise DomainError("not_the_assignee", ticket=grant.ticket)
