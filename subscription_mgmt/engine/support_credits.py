"""What does support cost in credits, and what does a customer's ledger of them say?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from subscription_mgmt.engine.catalogue import Pack, PackKind
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.support_policies import CreditRules


class TicketKind(Enum):
	QUERY = "Query"
	INTERVENTION = "Intervention"
	UPDATE = "Update"


class LineKind(Enum):
	GRANT = "Grant"
	USE = "Use"
	REVERSAL = "Reversal"
	EXPIRY = "Expiry"


@dataclass(frozen=True)
class CreditLine:
	"""One line of a customer's ledger; never edited. `key` is unique, so that nothing is booked twice.

	`source`: the charge that was paid, or the line that expired. `expires_on`: first day a grant no longer
	holds.
	"""

	key: str
	customer: str
	kind: LineKind
	change: int
	at: datetime
	ticket: str | None = None
	source: str | None = None
	expires_on: date | None = None


@dataclass(frozen=True)
class PackNeeded:
	"""So many of this pack are enough."""

	pack: str
	quantity: int
	credits: int


def credits_for(kind: TicketKind, minutes: int, rules: CreditRules, flat: int = 0) -> int:
	"""Credits that `minutes` of work cost, at least the minimum of the kind; or `flat`, whatever it takes.

	>>> (
	...     credits_for(TicketKind.QUERY, 16, CreditRules()),
	...     credits_for(TicketKind.INTERVENTION, 50, CreditRules()),
	... )
	(30, 60)
	"""
	if minutes < 0:
		raise DomainError("minutes_negative", minutes=minutes)
	if flat or kind is TicketKind.UPDATE:
		return flat or rules.update
	least = rules.intervention if kind is TicketKind.INTERVENTION else rules.query
	return max(least, -(-minutes // rules.block) * rules.block)


def smallest_sufficient(missing: int, packs: Iterable[Pack]) -> PackNeeded | None:
	"""The purchase that adds at least `missing` credits with the fewest of them; None: no pack grants any.

	Seed es: "para que adquiera el pack mínimo de créditos necesarios".
	"""
	granting = [pack for pack in packs if pack.kind is PackKind.SUPPORT_CREDITS and pack.credits > 0]
	enough = [PackNeeded(pack.name, -(-missing // pack.credits), pack.credits) for pack in granting]
	return min(
		enough, key=lambda need: (need.quantity * need.credits, need.quantity, need.pack), default=None
	)


def crosses_low_balance(before: int, after: int, rules: CreditRules) -> bool:
	"""Whether a use takes the balance down to what the customer is to be warned of: once on each way down.

	Seed es: "será avisado cuando su saldo esté próximo a su agotamiento". 0: never.
	"""
	return 0 < rules.low_balance < before and after <= rules.low_balance


def grant_due(
	customer: str,
	source: str,
	credits: int,
	lines: Sequence[CreditLine],
	is_paid: bool,
	now: datetime,
	expires_on: date | None = None,
) -> CreditLine | None:
	"""The line that brings what `source` (a charge) grants to what it should: all of it once paid, else
	nothing.

	`lines`: those of this source. A payment taken back reverses the grant. Asked again, nothing is due.
	"""
	change = (credits if is_paid else 0) - sum(line.change for line in lines)
	if not change:
		return None
	kind = LineKind.GRANT if change > 0 else LineKind.REVERSAL
	return CreditLine(
		f"{source}|{len(lines)}", customer, kind, change, now, source=source, expires_on=expires_on
	)


def expired(lines: Sequence[CreditLine], today: date) -> list[tuple[CreditLine, int]]:
	"""(grant, credits of it that nobody used and that end by `today`), oldest first.

	What was used came from the grants that end first; those that never end are used last.
	"""
	grants = [line for line in lines if line.kind is LineKind.GRANT]
	grants.sort(key=lambda line: (line.expires_on or date.max, line.at))
	used = -sum(line.change for line in lines if line.kind in (LineKind.USE, LineKind.REVERSAL))
	gone = _gone_by_grant(lines)
	over: list[tuple[CreditLine, int]] = []
	for grant in grants:
		left = grant.change - gone.get(grant.key, 0)
		taken = min(left, max(used, 0))
		used -= taken
		if grant.expires_on is not None and grant.expires_on <= today and left > taken:
			over.append((grant, left - taken))
	return over


def _gone_by_grant(lines: Iterable[CreditLine]) -> Mapping[str, int]:
	return {line.source or "": -line.change for line in lines if line.kind is LineKind.EXPIRY}
