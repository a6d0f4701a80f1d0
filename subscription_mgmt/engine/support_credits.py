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
	holds. `kept`: credits that were to be taken back and could not, because they were used.
	"""

	key: str
	customer: str
	kind: LineKind
	change: int
	at: datetime
	ticket: str | None = None
	source: str | None = None
	expires_on: date | None = None
	kept: int = 0


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
	owed: int,
	lines: Sequence[CreditLine],
	balance: int,
	now: datetime,
	expires_on: date | None = None,
) -> CreditLine | None:
	"""The line that brings what `source` (a charge) grants to `owed`; None: it does already.

	`lines`: those of this source. No more is taken back than the `balance`: what was used stays, is named as
	`kept`, and is not granted a second time when the source is paid after all.
	"""
	kept = sum(line.kept for line in lines)
	change = owed - (sum(line.change for line in lines) - kept)
	if not change:
		return None
	key = f"{source}|{len(lines)}"
	if change < 0:
		taken = min(-change, balance)
		return CreditLine(key, customer, LineKind.REVERSAL, -taken, now, source=source, kept=-change - taken)
	again = min(kept, change)
	return CreditLine(
		key, customer, LineKind.GRANT, change - again, now, None, source, expires_on, kept=-again
	)


@dataclass(frozen=True)
class StatementRow:
	line: CreditLine
	balance: int


@dataclass(frozen=True)
class Statement:
	"""Credits at the beginning and at the end of a time, and what happened in between."""

	opening: int
	rows: tuple[StatementRow, ...]
	closing: int


def statement_of(
	lines: Sequence[CreditLine], since: datetime | None = None, until: datetime | None = None
) -> Statement:
	"""`lines`: the whole ledger, in the order it was booked; [since, until), None: without end.

	Seed es: "el cliente puede solicitar el informe de créditos en cualquier momento".
	"""
	balance = opening = 0
	rows: list[StatementRow] = []
	for line in lines:
		if until is not None and line.at >= until:
			continue
		balance += line.change
		if since is not None and line.at < since:
			opening = balance
		elif line.change or line.kept > 0:
			rows.append(StatementRow(line, balance))
	return Statement(opening, tuple(rows), balance)


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
