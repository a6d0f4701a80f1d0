"""Is every way of altering a stored history found, and does an honest one hold?"""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from subscription_mgmt.engine.activity import (
	CREATED,
	DELETED,
	Channel,
	Entry,
	Head,
	What,
	canonical,
	entry_after,
	first_broken,
	seal,
	sealed,
	what,
	what_was_noted,
)
from subscription_mgmt.engine.contracts import Status

NOON = datetime(2026, 1, 31, 12, 0, tzinfo=timezone.utc)
SEALED = sorted({field.name for field in fields(Entry)} - {"number", "customer"})


def a_chain(*done: What, contract: str = "C1", customer: str = "Ana") -> tuple[list[Entry], Head]:
	"""The entries in order, and the head that the contract keeps."""
	entries: list[Entry] = []
	head = Head(customer=customer)
	for n, each in enumerate(done):
		entries.append(
			entry_after(head, contract, NOON + timedelta(minutes=n), "ana@acme.example", Channel.PORTAL, each)
		)
		head = Head(entries[-1].number, entries[-1].hash, customer)
	return entries, head


def steps(count: int) -> list[What]:
	return [what("renewal_off", "on", "off", day=date(2026, 1, n + 1)) for n in range(count)]


texts = st.text(max_size=12)
whats = st.builds(
	lambda action, before, after, figures: What(action, before, after, canonical(figures)),
	texts,
	texts,
	texts,
	st.dictionaries(texts, st.one_of(texts, st.integers(), st.none(), st.dates(), st.booleans()), max_size=3),
)
chains = st.lists(whats, min_size=1, max_size=7).map(lambda done: a_chain(*done))


def found(entries: list[Entry], head: Head | None) -> tuple[int, str] | None:
	broken = first_broken(entries, head)
	return (broken.number, broken.fault) if broken else None


@given(chains)
def test_an_honest_history_holds(chain: tuple[list[Entry], Head]):
	entries, head = chain
	assert first_broken(entries, head) is None


def test_a_contract_without_a_history_holds():
	assert first_broken([], Head(customer="Ana")) is None


@given(chains, st.data())
def test_any_edit_of_any_field_is_found_at_its_entry(chain: tuple[list[Entry], Head], data: st.DataObject):
	entries, head = chain
	n = data.draw(st.integers(0, len(entries) - 1))
	field = data.draw(st.sampled_from(SEALED))
	value = data.draw(st.one_of(texts, st.none()))
	assume(value != getattr(entries[n], field))
	entries[n] = replace(entries[n], **{field: value})
	assert found(entries, head) == (n + 1, "edited")


@given(chains, st.data())
def test_an_entry_shown_to_another_customer_is_found(chain: tuple[list[Entry], Head], data: st.DataObject):
	entries, head = chain
	assume(CREATED not in [entry.action for entry in entries])
	n = data.draw(st.integers(0, len(entries) - 1))
	entries[n] = replace(entries[n], customer="Eva")
	assert found(entries, head) == (n + 1, "other_customer")


@given(chains, st.data())
def test_another_number_is_found(chain: tuple[list[Entry], Head], data: st.DataObject):
	entries, head = chain
	n = data.draw(st.integers(0, len(entries) - 1))
	number = data.draw(st.integers(-1, 12))
	assume(number != n + 1)
	entries[n] = replace(entries[n], number=number)
	assert first_broken(sorted(entries, key=lambda entry: entry.number), head) is not None


@given(chains, st.data())
def test_an_edit_sealed_again_is_found_where_the_chain_tears(
	chain: tuple[list[Entry], Head], data: st.DataObject
):
	entries, head = chain
	n = data.draw(st.integers(0, len(entries) - 1))
	entries[n] = sealed(replace(entries[n], user="mallory"))
	last = n == len(entries) - 1
	assert found(entries, head) == ((n + 1, "head_differs") if last else (n + 2, "wrong_previous"))


@given(chains, st.data())
def test_a_missing_entry_is_named_the_last_one_too(chain: tuple[list[Entry], Head], data: st.DataObject):
	entries, head = chain
	n = data.draw(st.integers(0, len(entries) - 1))
	del entries[n]
	assert found(entries, head) == (n + 1, "missing")


@given(chains, st.data())
def test_any_number_of_missing_entries_is_found_at_the_first(
	chain: tuple[list[Entry], Head], data: st.DataObject
):
	entries, head = chain
	gone = data.draw(st.sets(st.integers(1, len(entries)), min_size=1))
	left = [entry for entry in entries if entry.number not in gone]
	assert found(left, head) == (min(gone), "missing")


@given(chains, st.data())
def test_entries_out_of_order_are_found(chain: tuple[list[Entry], Head], data: st.DataObject):
	entries, head = chain
	assume(len(entries) > 1)
	first, second = sorted(data.draw(st.sets(st.integers(0, len(entries) - 1), min_size=2, max_size=2)))
	entries[first], entries[second] = entries[second], entries[first]
	assert found(entries, head) == (second + 1, "out_of_order")


@given(chains, st.data())
def test_two_entries_that_change_places_and_numbers_are_found(
	chain: tuple[list[Entry], Head], data: st.DataObject
):
	entries, head = chain
	assume(len(entries) > 1)
	first, second = sorted(data.draw(st.sets(st.integers(0, len(entries) - 1), min_size=2, max_size=2)))
	one, other = entries[first], entries[second]
	entries[first], entries[second] = replace(other, number=first + 1), replace(one, number=second + 1)
	assert found(entries, head) == (first + 1, "edited")


@given(chains, st.data())
def test_an_entry_slipped_in_is_found_even_when_it_is_sealed(
	chain: tuple[list[Entry], Head], data: st.DataObject
):
	entries, head = chain
	n = data.draw(st.integers(0, len(entries)))
	before = entries[n - 1] if n else None
	follows = Head(n, before.hash if before else "", head.customer)
	forged = entry_after(follows, "C1", NOON, "mallory", Channel.DESK, what("renewal_on", "off", "on"))
	moved_on = [replace(entry, number=entry.number + 1) for entry in entries[n:]]
	for following in (entries[n:], moved_on):
		assert first_broken([*entries[:n], forged, *following], head) is not None


def test_a_sealed_entry_added_at_the_end_is_named():
	entries, head = a_chain(*steps(2))
	entries.append(entry_after(head, "C1", NOON, "mallory", Channel.DESK, what("renewal_on")))
	assert found(entries, head) == (3, "beyond_head")


def test_a_history_cut_off_with_its_head_still_tears_at_the_hash():
	entries, _head = a_chain(*steps(3))
	assert found(entries[:2], Head(2, "0" * 64, "Ana")) == (2, "head_differs")


def test_an_entry_of_another_contract_does_not_fit():
	entries, head = a_chain(*steps(2))
	others, _head = a_chain(*steps(2), contract="C2")
	assert found([entries[0], replace(others[1], contract="C1")], head) == (2, "edited")


def test_a_contract_that_is_gone_must_have_been_deleted():
	entries, _head = a_chain(what(CREATED), what(DELETED))
	assert found(entries, None) is None
	assert found(entries[:1], None) == (1, "contract_gone")


def test_a_name_given_again_goes_on_and_the_first_bearer_may_have_been_another():
	entries, head = a_chain(what(CREATED), what(DELETED), customer="Ana")
	head = replace(head, customer="Eva")
	entries.append(entry_after(head, "C1", NOON, "eva@acme.example", Channel.DESK, what(CREATED)))
	assert found(entries, Head(3, entries[2].hash, "Eva")) is None
	assert found(entries, Head(3, entries[2].hash, "Zoe")) == (3, "other_customer")


def test_the_moment_is_kept_in_utc_to_the_microsecond():
	there = datetime(2026, 1, 31, 8, 0, 0, 7, tzinfo=timezone(timedelta(hours=-4)))
	entry = entry_after(Head(), "C1", there, "ana", Channel.API, what("renewal_on"))
	assert entry.happened_at == "2026-01-31T12:00:00.000007+00:00"


def test_a_moment_without_a_time_zone_is_a_mistake_of_the_caller():
	with pytest.raises(AssertionError, match="without a time zone"):
		entry_after(Head(), "C1", NOON.replace(tzinfo=None), "ana", Channel.API, what("renewal_on"))


def test_the_seal_does_not_change_with_the_code():
	"""Whoever changes how entries are sealed breaks every stored history: this number must stay."""
	(entry,), _head = a_chain(what("status_changed", Status.DRAFT, Status.ACTIVE, day=date(2026, 1, 31)))
	assert seal(entry) == "24f84a3af650e6cd338905591d5c29398b41776fe732178fe515270df8979de4"


@given(st.permutations(["b", "a", "ñ"]))
def test_figures_are_written_the_same_in_any_order(names: list[str]):
	assert canonical({name: 1 for name in names}) == '{"a":1,"b":1,"ñ":1}'


def test_figures_keep_days_decimals_and_choices_readable():
	figures = {"day": date(2026, 1, 31), "total": Decimal("1E+2"), "status": Status.PAST_DUE, "left": None}
	assert canonical(figures) == '{"day":"2026-01-31","left":null,"status":"Past Due","total":"100"}'


@pytest.mark.parametrize(
	("code", "figures", "sides"),
	[
		("renewal_on", {}, ("off", "on")),
		("renewal_off", {"day": date(2026, 7, 31)}, ("on", "off")),
		("cancelled_for", {"day": date(2026, 7, 31)}, ("", "2026-07-31")),
		("pack_added", {"pack": "Users", "quantity": 2, "module": "-"}, ("", "2 × Users")),
		("pack_removed", {"pack": "Users", "quantity": "all", "module": "-"}, ("all × Users", "")),
		("plan_changed", {"before": "Basic", "after": "Full"}, ("Basic", "Full")),
		("held", {}, ("", "")),
	],
)
def test_a_note_says_from_what_to_what(code: str, figures: dict, sides: tuple[str, str]):
	noted = what_was_noted(code, figures)
	assert (noted.action, noted.from_value, noted.to_value) == (code, *sides)
	assert noted.figures == canonical(figures)


def a_forgery(change: Callable[[Entry], Entry]) -> tuple[int, str] | None:
	entries, head = a_chain(*steps(3))
	entries[1] = change(entries[1])
	return found(entries, head)


@pytest.mark.parametrize(
	"change",
	[
		lambda entry: replace(entry, from_value=entry.to_value, to_value=entry.from_value),
		lambda entry: replace(entry, figures=entry.figures.replace(":", ": ")),
		lambda entry: replace(entry, user=entry.user + " "),
		lambda entry: replace(entry, hash=entry.hash.upper()),
	],
)
def test_a_small_forgery_is_an_edit_too(change: Callable[[Entry], Entry]):
	assert a_forgery(change) == (2, "edited")
