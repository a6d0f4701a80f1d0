"""Is an invitation one that calendar programmes read?"""

from dataclasses import replace
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from subscription_mgmt.engine.invitation import Invitation, ics

NOW = datetime(2026, 7, 9, 8, 30, tzinfo=timezone.utc)
START = datetime(2026, 7, 15, 9, tzinfo=ZoneInfo("Europe/Paris"))
END = datetime(2026, 7, 15, 11, tzinfo=ZoneInfo("Europe/Paris"))
PLAIN = Invitation("TRN-1@site", 1, START, END, "Formation")


def unfolded(text: str) -> dict[str, str]:
	"""Property → value, read as RFC 5545 says: lines joined, then cut at the first colon."""
	lines = text.replace("\r\n ", "").split("\r\n")
	assert lines.pop() == ""
	return dict(line.split(":", 1) for line in lines)


def unescaped(value: str) -> str:
	return value.replace("\\n", "\n").replace("\\;", ";").replace("\\,", ",").replace("\\\\", "\\")


def test_moments_are_in_utc_and_the_event_is_a_request():
	read = unfolded(ics(PLAIN, NOW))
	assert (read["DTSTART"], read["DTEND"], read["DTSTAMP"]) == (
		"20260715T070000Z",
		"20260715T090000Z",
		"20260709T083000Z",
	)
	assert (read["METHOD"], read["STATUS"], read["SEQUENCE"]) == ("REQUEST", "CONFIRMED", "1")


def test_a_cancelled_one_withdraws_the_event_of_the_same_name():
	read = unfolded(ics(replace(PLAIN, sequence=2, is_cancelled=True), NOW))
	assert (read["METHOD"], read["STATUS"], read["UID"]) == ("CANCEL", "CANCELLED", "TRN-1@site")


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=300))
def test_whatever_a_pack_is_called_lines_are_short_and_the_name_comes_through(name: str):
	text = ics(replace(PLAIN, summary=name), NOW)
	assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
	if "\\" not in name:
		assert unescaped(unfolded(text)["SUMMARY"]) == name


def test_nothing_in_a_text_or_an_address_begins_another_property():
	text = ics(
		replace(PLAIN, summary="a\r\nATTENDEE:x", location="b\nEND:VEVENT", attendee="a@b.c\r\nX-EVIL:1"), NOW
	)
	names = [line.split(":")[0].split(";")[0] for line in text.replace("\r\n ", "").split("\r\n")]
	assert names.count("ATTENDEE") == 1 and names.count("END") == 2 and "X-EVIL" not in names
