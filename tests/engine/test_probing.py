"""When do failing probes become an outage? Timelines: one letter for each look, five minutes apart."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.probing import EVERY, Answer, Outcome, Watched, is_blind, is_reached, look

BEGIN = datetime(2026, 2, 1, tzinfo=timezone.utc)
ANSWERS = {
	"+": (Outcome.ANSWERED, 200),
	"5": (Outcome.ANSWERED, 500),
	"x": (Outcome.TIMED_OUT, None),
	"?": (Outcome.ADDRESS_NOT_ALLOWED, None),
}


def answer(letter: str, at: datetime = BEGIN) -> Answer:
	return Answer(at, *ANSWERS[letter])


def watch(*rows: str, controls: Sequence[str] = (), was_reached: bool = True) -> list[str]:
	"""For each row of letters, one system: `#` from the first failure of an outage until what ended it, `.` elsewhere.

	`controls`: for each look, the letters of what the control addresses answered.
	"""
	systems = [Watched(f"{n}", Mode.FULL, was_reached) for n in range(len(rows))]
	spans: list[list[list[int | None]]] = [[] for _ in rows]
	for n, letters in enumerate(zip(*rows, strict=True)):
		at = BEGIN + n * EVERY
		answers = {f"{row}": answer(letter, at) for row, letter in enumerate(letters)}
		found = look(systems, answers, [answer(each) for each in (controls[n] if controls else "")])
		for system in found.opens:
			spans[int(system.instance)].append([(system.failed.at - BEGIN) // EVERY, None])
		for system in found.closes:
			spans[int(system.instance)][-1][1] = n
		systems = [after(system, found, answers) for system in systems]
	drawn = []
	for own in spans:
		inside = {look for start, end in own for look in range(start, len(rows[0]) if end is None else end)}
		drawn.append("".join("#" if look in inside else "." for look in range(len(rows[0]))))
	return drawn


def after(system: Watched, found, answers) -> Watched:
	"""The system as its record keeps it until the next look."""
	if system in found.reached:
		return replace(system, was_reached=True, failed=None, outage=None)
	if system in found.failing:
		outage = "open" if system in found.opens else system.outage
		return replace(system, failed=system.failed or answers[system.instance], outage=outage)
	return system


@pytest.mark.parametrize(
	("looks", "outage"),
	[
		("++++++", "......"),
		("++x+++", "......"),
		("+x+x+x", "......"),
		("+xx+++", ".##..."),
		("+x5+++", ".##..."),
		("xxxxxx", "######"),
		("+xx+xx", ".##.##"),
		("+xx?x+", ".####."),
		("+x?x++", ".###.."),
		("??????", "......"),
	],
)
def test_two_failures_in_a_row_open_it_from_the_first_and_a_success_ends_it(looks: str, outage: str):
	assert watch(looks) == [outage]


def test_a_system_that_was_never_reached_has_none():
	assert watch("xxx+xx", was_reached=False) == ["....##"]


def test_silence_of_all_at_once_is_our_own_and_opens_nothing():
	assert watch(*["+xxxx+"] * 3) == ["......"] * 3


def test_who_is_not_asked_at_all_does_not_clear_our_network():
	assert watch(*["+xx+"] * 3, "????") == ["...."] * 4


def test_two_systems_that_fall_silent_together_are_too_few_to_blame_ourselves():
	assert watch(*["+xxxx+"] * 2) == [".####."] * 2


def test_one_that_answers_whatever_it_says_clears_our_network():
	assert watch("+xxx+", "+xxx+", "+555+") == [".###.", ".###.", ".###."]
	assert watch("+xxx+", "+xxx+", "+++++") == [".###.", ".###.", "....."]


def test_an_outage_goes_on_through_our_own_blindness_until_the_system_is_seen_again():
	rows = watch("+xxxxx+", "++++xx+", "++++xx+")
	assert rows == [".#####.", ".......", "......."]


def test_a_control_address_that_answers_makes_the_silence_of_all_theirs():
	assert watch("+xx+", controls=["+", "+x", "x+", "+"]) == [".##."]
	assert watch(*["+xx+"] * 5, controls=["+"] * 4) == [".##."] * 5


def test_with_silent_controls_the_silence_of_most_is_ours_and_of_few_is_theirs():
	assert watch("+xx+", "+xx+", "++++", controls=["+", "x", "x", "+"]) == ["....", "....", "...."]
	assert watch("+xx+", "++++", "++++", controls=["+", "x", "x", "+"]) == [".##.", "....", "...."]


def test_who_answers_badly_while_we_are_blind_is_judged_by_it():
	assert watch("+55+", "+xx+", "+xx+", controls=["+", "x", "x", "+"]) == [".##.", "....", "...."]


@pytest.mark.parametrize(
	("wanted", "status", "shows_notice", "reached"),
	[
		(Mode.FULL, 200, False, True),
		(Mode.FULL, 204, False, True),
		(Mode.FULL, 304, False, False),
		(Mode.FULL, 403, False, False),
		(Mode.FULL, 502, False, False),
		(Mode.RESTRICTED, 402, False, True),
		(Mode.RESTRICTED, 503, True, True),
		(Mode.RESTRICTED, 503, False, False),
		(Mode.RESTRICTED, 500, True, False),
		# Who paid and still stands before the page is not served.
		(Mode.FULL, 402, True, False),
		(Mode.FULL, 503, True, False),
		(Mode.READ_ONLY, 402, True, False),
	],
)
def test_what_counts_as_reached(wanted: Mode, status: int, shows_notice: bool, reached: bool):
	assert is_reached(Answer(BEGIN, Outcome.ANSWERED, status, 5, shows_notice), wanted) is reached


looks = st.text("+x5?", min_size=1, max_size=30)


@given(looks)
def test_an_outage_begins_with_two_failures_and_holds_no_success(row: str):
	drawn = watch(row)[0]
	for n, mark in enumerate(drawn):
		if mark == "#":
			assert row[n] != "+"
			if n == 0 or drawn[n - 1] == ".":
				rest = row[n:].replace("?", "")
				assert rest[0] in "x5" and rest[1] in "x5"
	assert "#" in drawn or not any(
		pair[0] in "x5" and pair[1] in "x5"
		for pair in zip(row.replace("?", ""), row.replace("?", "")[1:], strict=False)
	)


@given(
	st.integers(1, 6).flatmap(
		lambda n: st.lists(st.text("+x", min_size=n, max_size=n), min_size=1, max_size=6)
	)
)
def test_no_outage_of_three_or_more_begins_at_a_look_at_which_all_are_silent(rows: list[str]):
	drawn = watch(*rows)
	for n in range(len(rows[0])) if len(rows) >= 3 else ():
		if all(row[n] == "x" for row in rows):
			assert [each for each in drawn if each[n] == "#" and (n == 0 or each[n - 1] == ".")] == []


@given(st.lists(st.sampled_from("+x5"), max_size=6), st.lists(st.sampled_from("+x5"), max_size=3))
def test_a_control_that_answers_is_always_believed(systems: list[str], controls: list[str]):
	blind = is_blind([answer(each) for each in systems], [answer(each) for each in controls])
	if any(each != "x" for each in controls):
		assert not blind
	if blind:
		assert systems.count("x") * 2 > len(systems)
	if "x" not in systems:
		assert not blind
