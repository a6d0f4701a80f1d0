"""Which tickets does a mail speak of, and did a person write it at all?"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# RFC 3834, and what was in use before it.
AUTOMATIC_PRECEDENCE = frozenset({"bulk", "junk", "auto_reply"})
AUTOMATIC_HEADERS = ("x-autoreply", "x-autorespond", "x-failed-recipients", "isnotification")
ROBOTS = ("mailer-daemon@", "postmaster@")

NUMBER = re.compile(r"\[([A-Z0-9][\w.-]{2,60})\]|#([A-Z0-9][\w.-]{2,60})")
MOST_NUMBERS = 5


@dataclass(frozen=True)
class Sender:
	"""`customers`: those whose portal user or contact has this address; none for a stranger."""

	address: str
	customers: tuple[str, ...] = ()


def is_automatic(headers: Mapping[str, str], sender: str) -> bool:
	"""An absence note, a bounce, an advertisement: it is never answered, and counts as nobody's reply. `headers` by
	their names in lower case."""
	submitted = headers.get("auto-submitted", "").split(";")[0].strip().lower()
	if submitted not in ("", "no"):
		return True
	if headers.get("precedence", "").strip().lower() in AUTOMATIC_PRECEDENCE:
		return True
	if headers.get("return-path", "").strip() == "<>" or sender.lower().startswith(ROBOTS):
		return True
	return any(name in headers for name in AUTOMATIC_HEADERS)


def is_from_list(headers: Mapping[str, str]) -> bool:
	"""A newsletter, or a customer whose people share an address: which of them, its sender says."""
	return "list-id" in headers or headers.get("precedence", "").strip().lower() == "list"


def numbers_in(subject: str) -> Sequence[str]:
	"""What may be the number of a ticket: `[TKT-2026-00001]`, or `#TKT-2026-00001` as Frappe writes it."""
	found = [bracketed or hashed for bracketed, hashed in NUMBER.findall(subject)]
	return list(dict.fromkeys(found))[:MOST_NUMBERS]
