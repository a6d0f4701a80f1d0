"""Which of a customer's people may do what in the portal?

Everybody on the list of a customer's portal users reads what is the customer's; a role says what he may do beyond
that. ERPNext's own portal pages show the customer's invoices to each of them, so no role here pretends to hide them.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum

from subscription_mgmt.engine.errors import DomainError


class PortalRole(Enum):
	OWNER = "Owner"
	BILLING = "Billing"
	TECHNICAL = "Technical"
	VIEWER = "Viewer"


class Verb(Enum):
	SEE = "see"
	SEE_KEYS = "see_keys"
	PAY = "pay"
	CHANGE_PLAN = "change_plan"
	BUY = "buy"
	SET_RENEWAL = "set_renewal"
	CANCEL = "cancel"
	APPROVE_COSTS = "approve_costs"
	DEPLOY = "deploy"
	REGISTER_USERS = "register_users"
	OPEN_TICKET = "open_ticket"
	GRANT_ACCESS = "grant_access"
	BOOK_TRAINING = "book_training"
	HANDLE_BACKUPS = "handle_backups"
	MANAGE_PEOPLE = "manage_people"


_OWNER = frozenset({PortalRole.OWNER})
_MONEY = frozenset({PortalRole.OWNER, PortalRole.BILLING})
_SYSTEM = frozenset({PortalRole.OWNER, PortalRole.TECHNICAL})
_WORKING = frozenset({PortalRole.OWNER, PortalRole.BILLING, PortalRole.TECHNICAL})

MAY: Mapping[Verb, frozenset[PortalRole]] = {
	Verb.SEE: frozenset(PortalRole),
	Verb.SEE_KEYS: _SYSTEM,
	Verb.PAY: _MONEY,
	Verb.CHANGE_PLAN: _MONEY,
	Verb.BUY: _MONEY,
	Verb.SET_RENEWAL: _MONEY,
	Verb.CANCEL: _OWNER,
	Verb.APPROVE_COSTS: _MONEY,
	Verb.DEPLOY: _SYSTEM,
	Verb.REGISTER_USERS: _SYSTEM,
	Verb.OPEN_TICKET: _WORKING,
	Verb.GRANT_ACCESS: _SYSTEM,
	Verb.BOOK_TRAINING: _WORKING,
	Verb.HANDLE_BACKUPS: _SYSTEM,
	Verb.MANAGE_PEOPLE: _OWNER,
}


def may(role: PortalRole | None, verb: Verb) -> bool:
	"""`role` None: no portal user of the customer, who may nothing."""
	return role in MAY[verb]


def completed(roles: Sequence[PortalRole | None]) -> list[PortalRole]:
	"""Roles of a customer's portal users, in their order, none missing.

	Whoever comes first without one is the owner where there is no owner yet; everybody else only reads.
	"""
	found: list[PortalRole] = []
	has_owner = PortalRole.OWNER in roles
	for role in roles:
		given = role or (PortalRole.VIEWER if has_owner else PortalRole.OWNER)
		has_owner = has_owner or given is PortalRole.OWNER
		found.append(given)
	return found


def check_an_owner_stays(roles: Iterable[PortalRole], customer: str) -> None:
	"""Somebody must be left who can invite others. Raises DomainError `last_owner`."""
	if PortalRole.OWNER not in roles:
		raise DomainError("last_owner", customer=customer)
