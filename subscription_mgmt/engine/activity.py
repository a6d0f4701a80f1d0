"""Was a contract's history altered? Each entry is sealed with the hash of the one before it.

The contract keeps the number and hash of the last entry (its head): an entry cut off the end is missed too.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timezone
from decimal import Decimal
from enum import Enum
from hashlib import sha256

CREATED = "created"
DELETED = "deleted"
# What the vendor does behind the counter: customers are not shown it.
INTERNAL = frozenset({"parked", "unparked", "deletion_waits"})


class Channel(Enum):
	DESK = "Desk"
	PORTAL = "Portal"
	API = "API"
	JOB = "Job"
	IMPORT = "Import"


@dataclass(frozen=True)
class Head:
	"""Where a chain stands: number and hash of its last entry."""

	number: int = 0
	hash: str = ""
	customer: str = ""


@dataclass(frozen=True)
class Entry:
	"""One change of a contract, as it is stored: text and a number, so that reading it back changes nothing.

	`happened_at`: ISO, UTC, microseconds. `figures`: canonical JSON. `customer` is who the entry is shown to:
	the contract's; it is not sealed, because a customer may be renamed.
	"""

	contract: str
	number: int
	happened_at: str
	user: str
	channel: str
	action: str
	from_value: str
	to_value: str
	figures: str
	previous_hash: str
	customer: str = ""
	hash: str = ""


@dataclass(frozen=True)
class Broken:
	"""The first link that does not hold. `fault` is worded by `messages.py`."""

	contract: str
	number: int
	fault: str


@dataclass(frozen=True)
class What:
	"""What was done, from what, to what, and the figures a sentence about it needs."""

	action: str
	from_value: str = ""
	to_value: str = ""
	figures: str = "{}"


def what(action: str, from_value: object = "", to_value: object = "", **figures: object) -> What:
	return What(action, _text(from_value), _text(to_value), canonical(figures))


def what_was_noted(code: str, figures: Mapping[str, object]) -> What:
	"""A service's note as an entry: figures named `before` and `after` are its from and to."""
	if "before" in figures or "after" in figures:
		before, after = figures.get("before", ""), figures.get("after", "")
	elif "pack" in figures:
		packs = f"{figures.get('quantity', 1)} × {figures['pack']}"
		before, after = (packs, "") if code in ("pack_removed", "pack_dropped") else ("", packs)
	else:
		before, after = {"renewal_on": ("off", "on"), "renewal_off": ("on", "off")}.get(
			code, ("", figures.get("day", ""))
		)
	return What(code, _text(before), _text(after), canonical(figures))


def entry_after(
	head: Head, contract: str, happened_at: datetime, user: str, channel: Channel, done: What
) -> Entry:
	"""The sealed entry that follows `head`. `happened_at` must know its time zone."""
	assert happened_at.tzinfo is not None, "a moment without a time zone"
	return sealed(
		Entry(
			contract=contract,
			number=head.number + 1,
			happened_at=happened_at.astimezone(timezone.utc).isoformat(timespec="microseconds"),
			user=user,
			channel=channel.value,
			action=done.action,
			from_value=done.from_value,
			to_value=done.to_value,
			figures=done.figures,
			previous_hash=head.hash,
			customer=head.customer,
		)
	)


def sealed(entry: Entry) -> Entry:
	return replace(entry, hash=seal(entry))


def seal(entry: Entry) -> str:
	"""SHA-256, in hexadecimal, of the previous hash and everything the entry says."""
	content = asdict(entry)
	for unsealed in ("previous_hash", "customer", "hash"):
		del content[unsealed]
	return sha256(f"{entry.previous_hash}\n{canonical(content)}".encode()).hexdigest()


def canonical(figures: Mapping[str, object]) -> str:
	"""The same JSON for the same figures, whatever their order. Days are ISO, decimals plain text.

	>>> canonical({"day": date(2026, 1, 31), "amount": Decimal("12.50")})
	'{"amount":"12.50","day":"2026-01-31"}'
	"""
	return json.dumps(
		figures,
		default=_text,
		sort_keys=True,
		ensure_ascii=False,
		separators=(",", ":"),
		allow_nan=False,
	)


def first_broken(entries: Sequence[Entry], head: Head | None) -> Broken | None:
	"""The first link of one contract's chain that does not hold; None when all do.

	`entries` in the order of their numbers, `head` as the contract keeps it; None: the contract is gone.
	"""
	numbers = {entry.number for entry in entries}
	last = Head()
	for entry in entries:
		if broken := _broken_between(last, entry, numbers):
			return broken
		last = Head(entry.number, entry.hash)
	if entries and head is None and entries[-1].action != DELETED:
		return Broken(entries[-1].contract, last.number, "contract_gone")
	return _broken_at_end(entries, last, head) if head else None


def _broken_between(last: Head, entry: Entry, numbers: set[int]) -> Broken | None:
	expected = last.number + 1
	if entry.number > expected and expected not in numbers:
		return Broken(entry.contract, expected, "missing")
	if entry.number != expected:
		return Broken(entry.contract, entry.number, "out_of_order")
	if entry.hash != seal(entry):
		return Broken(entry.contract, entry.number, "edited")
	if entry.previous_hash != last.hash:
		return Broken(entry.contract, entry.number, "wrong_previous")
	return None


def _broken_at_end(entries: Sequence[Entry], last: Head, head: Head) -> Broken | None:
	contract = entries[-1].contract if entries else ""
	if last.number < head.number:
		return Broken(contract, last.number + 1, "missing")
	if last.number > head.number:
		return Broken(contract, head.number + 1, "beyond_head")
	if last.hash != head.hash:
		return Broken(contract, last.number, "head_differs")
	strangers = [entry.number for entry in _since_created(entries) if entry.customer != head.customer]
	return Broken(contract, strangers[0], "other_customer") if strangers else None


def _since_created(entries: Sequence[Entry]) -> Sequence[Entry]:
	"""A deleted draft's name may be given again, to another customer's contract: the chain goes on."""
	created = [n for n, entry in enumerate(entries) if entry.action == CREATED]
	return entries[created[-1] :] if created else entries


def _text(value: object) -> str:
	if isinstance(value, date):
		return value.isoformat()
	if isinstance(value, Decimal):
		return f"{value:f}"
	if isinstance(value, Enum):
		return str(value.value)
	return "" if value is None else str(value)
