"""What does a calendar programme read in an invitation? An .ics file of one event (RFC 5545, RFC 5546)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone

OCTETS = 75


@dataclass(frozen=True)
class Invitation:
	"""`sequence`: the highest one counts. Moments are aware. `organizer`, `attendee`: e-mail addresses."""

	uid: str
	sequence: int
	start: datetime
	end: datetime
	summary: str
	description: str = ""
	location: str = ""
	organizer: str = ""
	attendee: str = ""
	is_cancelled: bool = False


def ics(invitation: Invitation, now: datetime) -> str:
	"""Lines end in CRLF and are folded; moments are in UTC, so that no zone has to be explained."""
	lines = [
		"BEGIN:VCALENDAR",
		"VERSION:2.0",
		"PRODID:-//subscription_mgmt//training//EN",
		f"METHOD:{'CANCEL' if invitation.is_cancelled else 'REQUEST'}",
		"BEGIN:VEVENT",
		f"UID:{_text(invitation.uid)}",
		f"SEQUENCE:{invitation.sequence}",
		f"DTSTAMP:{_moment(now)}",
		f"DTSTART:{_moment(invitation.start)}",
		f"DTEND:{_moment(invitation.end)}",
		f"SUMMARY:{_text(invitation.summary)}",
		f"STATUS:{'CANCELLED' if invitation.is_cancelled else 'CONFIRMED'}",
	]
	if invitation.description:
		lines.append(f"DESCRIPTION:{_text(invitation.description)}")
	if invitation.location:
		lines.append(f"LOCATION:{_text(invitation.location)}")
	if invitation.organizer:
		lines.append(f"ORGANIZER:mailto:{_address(invitation.organizer)}")
	if invitation.attendee:
		lines.append(f"ATTENDEE;ROLE=REQ-PARTICIPANT;RSVP=FALSE:mailto:{_address(invitation.attendee)}")
	lines += ["END:VEVENT", "END:VCALENDAR"]
	return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _moment(moment: datetime) -> str:
	return f"{moment.astimezone(timezone.utc):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
	for char in ("\\", ";", ","):
		text = text.replace(char, f"\\{char}")
	return text.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _address(address: str) -> str:
	"""Nothing that could end the line and begin another property."""
	return "".join(char for char in address if char.isprintable() and char not in ' ";,')


def _folded(line: str) -> Iterator[str]:
	"""No line is longer than 75 octets; one that goes on begins with a space. No character is cut in two."""
	part, size = "", 0
	for char in line:
		octets = len(char.encode())
		if size + octets > OCTETS:
			yield part
			part, size = " ", 1
		part, size = part + char, size + octets
	yield part
