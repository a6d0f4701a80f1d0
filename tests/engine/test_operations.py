"""Which operation comes next, and what becomes of one that fails?"""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.operations import (
	LATER,
	MOST_TRIES,
	OPEN,
	OPERATION_MOVES,
	PASSING,
	Kind,
	Operation,
	State,
	back_off,
	has_slot,
	in_order,
	judged,
	judged_abandoned,
	may_start,
	moved,
	startable,
	superseded,
)

NOON = datetime(2026, 2, 3, 12, tzinfo=timezone.utc)


def an(
	kind: Kind, state: State = State.QUEUED, name: str = "", mode: Mode | None = None, **more
) -> Operation:
	values = {"instance": "acme.example", "server": "s1", "ordered_at": NOON, "due_at": NOON, **more}
	return Operation(name or f"{kind.value} {state.value}", kind=kind, state=state, mode=mode, **values)


PAID = an(Kind.SET_ACCESS, mode=Mode.FULL, name="paid")
CLOSE = an(Kind.SET_ACCESS, mode=Mode.RESTRICTED, name="close")


def test_who_paid_comes_first_then_access_then_who_waits_longest():
	old = an(Kind.BACK_UP, name="old", due_at=NOON - timedelta(days=1))
	new = an(Kind.UPDATE, name="new")
	assert in_order([new, old, CLOSE, PAID]) == [PAID, CLOSE, old, new]


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("running", Kind)
def test_one_thing_at_a_time_but_who_paid_does_not_wait_for_a_backup(kind: Kind, running: Kind):
	other = an(running, State.RUNNING, mode=Mode.RESTRICTED)
	assert not may_start(an(kind, mode=Mode.RESTRICTED), [other])
	assert may_start(PAID, [other]) is (running is Kind.BACK_UP)


def test_nothing_begins_before_the_system_was_made():
	for state in (*OPEN, State.FAILED):
		assert not may_start(PAID, [an(Kind.PROVISION, state)])
	assert may_start(PAID, [an(Kind.PROVISION, State.DONE)])
	assert may_start(PAID, [an(Kind.PROVISION, State.SUPERSEDED)])


def test_an_operation_is_not_in_its_own_way():
	made = an(Kind.PROVISION, name="it")
	assert may_start(made, [made])


def test_the_newest_mode_wins_and_one_that_runs_is_let_end():
	others = [CLOSE, an(Kind.SET_ACCESS, State.FAILED, "failed"), an(Kind.SET_ACCESS, State.RUNNING, "runs")]
	assert [each.name for each in superseded(PAID, [*others, PAID, an(Kind.BACK_UP)])] == ["close", "failed"]
	assert superseded(an(Kind.BACK_UP), others) == []


def test_a_system_ordered_again_to_be_made_does_not_wait_for_the_attempt_that_failed():
	failed = an(Kind.PROVISION, State.FAILED, "failed")
	assert superseded(an(Kind.PROVISION, name="again"), [failed]) == [failed]


def test_a_server_bears_as_many_heavy_operations_as_it_says():
	busy = [an(Kind.BACK_UP, State.RUNNING, str(n), instance=f"{n}.example") for n in range(2)]
	assert not has_slot(an(Kind.BACK_UP), busy, 2, frozenset())
	assert has_slot(an(Kind.BACK_UP), busy, 3, frozenset())
	assert has_slot(PAID, busy, 2, frozenset()), "access always fits"
	assert has_slot(an(Kind.BACK_UP), [PAID, CLOSE], 1, frozenset()), "and takes no slot"


def test_huge_systems_leave_a_slot_to_the_small_ones():
	big = frozenset({"huge1.example", "huge2.example"})
	one = an(Kind.BACK_UP, State.RUNNING, "1", instance="huge1.example")
	assert not has_slot(an(Kind.BACK_UP, instance="huge2.example"), [one], 2, big)
	assert has_slot(an(Kind.BACK_UP, instance="small.example"), [one], 2, big)
	assert has_slot(an(Kind.BACK_UP, instance="huge2.example"), [], 1, big), "one slot is for all"


def test_of_what_is_due_as_much_begins_as_fits_and_no_more():
	many = [an(Kind.BACK_UP, name=str(n), instance=f"{n}.example") for n in range(5)]
	elsewhere = an(Kind.BACK_UP, name="elsewhere", instance="x.example", server="s2")
	closing = an(Kind.SET_ACCESS, name="closing", instance="0.example", mode=Mode.RESTRICTED)
	begun = startable([*many, elsewhere, closing, PAID], [], {"s1": 2, "s2": 1}, frozenset())
	assert [each.name for each in begun] == ["paid", "closing", "1", "2", "elsewhere"]
	running = [an(Kind.UPDATE, State.RUNNING, "r", instance="1.example")]
	assert [each.name for each in startable(many, running, {"s1": 2}, frozenset())] == ["0"]


def test_what_is_to_be_made_is_made_before_anything_else_of_it_begins():
	make = an(Kind.PROVISION, name="make")
	assert startable([PAID, make], [make], {"s1": 1}, frozenset()) == [make]


@pytest.mark.parametrize("code", sorted(PASSING))
def test_what_may_pass_is_tried_again_a_longer_while_later_and_given_up_in_the_end(code: str):
	waits = []
	for tries in range(1, MOST_TRIES + 1):
		verdict = judged(an(Kind.UPDATE, State.RUNNING, tries=tries), code, NOON)
		waits.append(verdict.due_at and verdict.due_at - NOON)
	assert waits[-1] is None and verdict.event == "given_up"
	assert waits[:-1] == sorted(waits[:-1]) and waits[0] == timedelta(minutes=1)


def test_what_no_try_can_mend_waits_for_a_person_at_once():
	for code in ("provider_refused", "guard_missing", "not_offered", "word_refused", "update_rolled_back"):
		assert judged(an(Kind.UPDATE, State.RUNNING, tries=1), code, NOON).event == "given_up"


def test_what_goes_on_elsewhere_is_asked_again_however_often():
	for code in LATER:
		verdict = judged(an(Kind.DROP, State.RUNNING, tries=99), code, NOON, timedelta(seconds=90))
		assert (verdict.event, verdict.due_at) == ("waits", NOON + timedelta(seconds=90))


def test_what_killed_three_workers_is_given_up():
	assert judged(an(Kind.UPDATE, State.RUNNING, tries=2), None, NOON).event == "failed"
	assert judged(an(Kind.UPDATE, State.RUNNING, tries=3), None, NOON).event == "given_up"


def test_a_worker_that_is_gone_is_followed_by_another_but_not_for_ever():
	assert judged_abandoned(an(Kind.UPDATE, State.RUNNING, tries=MOST_TRIES - 1)) == "abandoned"
	assert judged_abandoned(an(Kind.UPDATE, State.RUNNING, tries=MOST_TRIES)) == "given_up"


def test_an_outdated_order_is_superseded():
	assert judged(CLOSE, "operation_outdated", NOON).event == "superseded"


def test_what_is_done_stays_done():
	for state in (State.DONE, State.SUPERSEDED):
		assert not [move for move in OPERATION_MOVES if move[0] is state]
		with pytest.raises(DomainError) as refused:
			moved(an(Kind.DROP, state), "claimed")
		assert refused.value.code == "operation_refused"


@given(st.integers(0, 1000))
def test_nobody_waits_longer_than_an_hour(tries: int):
	assert timedelta(minutes=1) <= back_off(tries) <= timedelta(hours=1)


KINDS = st.sampled_from(Kind)


@given(st.lists(st.tuples(KINDS, st.sampled_from(Mode)), min_size=1, max_size=12), st.data())
def test_whoever_comes_when_never_do_two_that_exclude_each_other_run(ordered, data):
	"""Workers begin whatever may begin, in any order, and end in any order."""
	todo = [an(kind, mode=mode, name=str(n)) for n, (kind, mode) in enumerate(ordered)]
	state = {each.name: State.QUEUED for each in todo}
	for _ in range(40):
		now = [an(each.kind, state[each.name], each.name, each.mode) for each in todo]
		ready = [each for each in now if each.state is State.QUEUED and may_start(each, now)]
		running = [each for each in now if each.state is State.RUNNING]
		steps = [*[(each, State.RUNNING) for each in ready], *[(each, State.DONE) for each in running]]
		if not steps:
			break
		chosen, after = data.draw(st.sampled_from(steps))
		state[chosen.name] = after
		kinds = sorted(each.kind.value for each in todo if state[each.name] is State.RUNNING)
		assert len(kinds) <= 1 or (set(kinds) == {"Back Up", "Set Access"} and kinds.count("Back Up") == 1), (
			kinds
		)
	if (
		"Provision" in {kind.value for kind, _ in ordered}
		and sum(k is Kind.PROVISION for k, _ in ordered) > 1
	):
		return  # two that make the same system wait for each other: `order` never stores the second
	assert set(state.values()) == {State.DONE}, state
