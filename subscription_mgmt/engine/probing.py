"""Can a system be reached, and when do failing probes become an outage?

Two failures in a row open an outage that began with the first of them; the first success ends it. A system that was
never reached yet has none: whether it is not ready or its address is wrong, nobody was cut off from it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from subscription_mgmt.engine.access import Mode

EVERY = timedelta(minutes=5)
# Longer without a look than this, and what happened meanwhile is not known.
UNSEEN_AFTER = 3 * EVERY
# A new system that is not reached for so long is being set up.
SET_UP_WITHIN = timedelta(days=1)
# Without control addresses, this many systems have to fall silent together before our own network is suspected.
FEWEST_TO_SUSPECT_OURSELVES = 3
PAYMENT_REQUIRED, UNAVAILABLE = 402, 503


class Outcome(Enum):
	"""What became of one request."""

	ANSWERED = "Answered"
	NAME_NOT_FOUND = "Name Not Found"
	NOT_CONNECTED = "Not Connected"
	TIMED_OUT = "Timed Out"
	BROKEN_OFF = "Broken Off"
	CERTIFICATE_REFUSED = "Certificate Refused"
	NO_HTTP = "No HTTP"
	TOO_MANY_REDIRECTS = "Too Many Redirects"
	ADDRESS_NOT_ALLOWED = "Address Not Allowed"


# Nothing came from the other side: our own network may be what is broken.
SILENT = frozenset({Outcome.NAME_NOT_FOUND, Outcome.NOT_CONNECTED, Outcome.TIMED_OUT})


@dataclass(frozen=True)
class Answer:
	"""`at`: when it was asked. `status`: of the HTTP answer, if one came. `shows_notice`: whether the page was our
	own that says why access is restricted."""

	at: datetime
	outcome: Outcome
	status: int | None = None
	milliseconds: int = 0
	shows_notice: bool = False


@dataclass(frozen=True)
class Watched:
	"""What is known of a system between two looks. `was_reached`: ever; `failed`: the first of the failures that still
	go on; `outage`: the one that is open because of them."""

	instance: str
	wanted: Mode
	was_reached: bool = True
	failed: Answer | None = None
	outage: str | None = None


@dataclass(frozen=True)
class Findings:
	"""What one look at all systems brought about. Whoever is neither `reached` nor `failing` was not seen."""

	reached: Sequence[Watched]
	failing: Sequence[Watched]
	opens: Sequence[Watched]
	closes: Sequence[Watched]
	is_blind: bool


def is_reached(answer: Answer, wanted: Mode) -> bool:
	"""Whether the system serves what its contracts grant.

	A restricted system that asks to be paid is reached; one that asks although it was restored is not: who paid and
	still stands before that page is not served.
	"""
	if answer.outcome is not Outcome.ANSWERED or answer.status is None:
		return False
	if 200 <= answer.status < 300:
		return True
	if wanted is not Mode.RESTRICTED:
		return False
	return answer.status == PAYMENT_REQUIRED or (answer.status == UNAVAILABLE and answer.shows_notice)


def is_blind(answers: Sequence[Answer], controls: Sequence[Answer]) -> bool:
	"""Whether so many systems are silent at once that the silence is rather our own network's.

	`controls`: what addresses answered that are always there. One of them, or without any one system, that answers
	clears our network. With too few systems to tell, the silence is theirs: the promise is to the customer.
	"""
	asked = [answer for answer in answers if answer.outcome is not Outcome.ADDRESS_NOT_ALLOWED]
	silent = sum(answer.outcome in SILENT for answer in asked)
	if controls:
		return all(control.outcome in SILENT for control in controls) and 2 * silent > len(asked)
	return silent == len(asked) >= FEWEST_TO_SUSPECT_OURSELVES


def look(systems: Sequence[Watched], answers: Mapping[str, Answer], controls: Sequence[Answer]) -> Findings:
	"""What the answers, by instance, change. When we are blind, silence says nothing, and the systems that did answer
	are judged as ever."""
	blind = is_blind(list(answers.values()), controls)
	reached, failing, opens, closes = [], [], [], []
	for system in systems:
		answer = answers[system.instance]
		if is_reached(answer, system.wanted):
			reached.append(system)
			if system.outage is not None:
				closes.append(system)
		elif answer.outcome is not Outcome.ADDRESS_NOT_ALLOWED and not (blind and answer.outcome in SILENT):
			failing.append(system)
			if system.was_reached and system.failed is not None and system.outage is None:
				opens.append(system)
	return Findings(reached, failing, opens, closes, blind)
