"""Which backup is due, what does a dump prove, what is compared in a drill, and what was reached in a month?"""

from datetime import datetime, time, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscription_mgmt.engine.backup_due import due_backup
from subscription_mgmt.engine.backup_runs import (
	BACKUP_MOVES,
	MOST_TRIES,
	BackupRun,
	BackupStatus,
	Trigger,
	after_failure,
	key_of,
	moved_backup,
)
from subscription_mgmt.engine.backup_schedule import BackupPolicy, longest_wait
from subscription_mgmt.engine.backup_verdicts import DumpReader, is_small, usual_size
from subscription_mgmt.engine.recovery import gap_is_kept, longest_gap, recovery
from subscription_mgmt.engine.restore_runs import (
	Purpose,
	RestoreRun,
	RestoreStatus,
	difference,
	drill_is_due,
	is_scratch,
	promise_is_kept,
	scratch_site,
)
from subscription_mgmt.engine.systems import Fingerprint
from tests.builders import refused

PARIS = ZoneInfo("Europe/Paris")
TWICE = BackupPolicy("Twice", at=(time(6), time(18)))
DAILY = BackupPolicy("Daily", every=timedelta(hours=24))


def at(text: str, zone: ZoneInfo | timezone = timezone.utc) -> datetime:
	return datetime.fromisoformat(text).replace(tzinfo=zone)


def run(moment: datetime, status: BackupStatus = BackupStatus.GOOD, **values: object) -> BackupRun:
	return BackupRun("B", "acme.example", values.pop("trigger", Trigger.SCHEDULE), status, moment, **values)


def due(policy: BackupPolicy, last: str, now: str) -> tuple[str | None, int]:
	found = due_backup(policy, PARIS, at("2026-01-01 00:00"), at(last, PARIS), at(now, PARIS))
	return found.now and f"{found.now.astimezone(PARIS):%m-%d %H:%M}", len(found.missed)


@pytest.mark.parametrize(
	("last", "now", "expected"),
	[
		("2026-03-02 06:00", "2026-03-02 17:59", (None, 0)),
		("2026-03-02 06:00", "2026-03-02 18:00", ("03-02 18:00", 0)),
		("2026-03-02 06:00", "2026-03-02 18:04", ("03-02 18:00", 0)),
		("2026-03-02 18:00", "2026-03-02 18:05", (None, 0)),
		("2026-03-02 06:00", "2026-03-12 19:00", ("03-12 18:00", 20)),
		("2026-03-28 18:00", "2026-03-29 06:00", ("03-29 06:00", 0)),
	],
	ids=[
		"not yet",
		"to the minute",
		"a pass later",
		"seen to",
		"ten days down",
		"the night the clocks change",
	],
)
def test_one_backup_heals_an_outage_and_the_others_are_missed(last: str, now: str, expected: tuple):
	assert due(TWICE, last, now) == expected


@given(st.lists(st.integers(1, 4000), min_size=1, max_size=40))
def test_whenever_it_is_asked_every_moment_is_made_or_missed_and_none_twice(pauses: list[int]):
	now = last = at("2026-03-20 12:00")
	seen = []
	for minutes in pauses:
		now += timedelta(minutes=minutes)
		found = due_backup(TWICE, PARIS, last, last, now)
		seen += [*found.missed, *([found.now] if found.now else [])]
		last = seen[-1] if seen else last
	assert len(set(seen)) == len(seen)
	local = [moment.astimezone(PARIS) for moment in seen]
	assert {(moment.hour, moment.minute) for moment in local} <= {(6, 0), (18, 0)}
	assert all(after - before <= timedelta(hours=13) for before, after in pairwise(seen))


def test_an_interval_keeps_its_rhythm_however_late_the_scheduler_is():
	first = at("2026-01-01 00:07")
	found = due_backup(DAILY, PARIS, first, first, at("2026-01-02 05:00"))
	assert found.now == at("2026-01-02 00:07")


def test_what_may_be_lost_as_agreed_is_the_longest_wait():
	assert longest_wait(TWICE) == timedelta(hours=12)
	assert longest_wait(BackupPolicy("x", at=(time(6), time(8)))) == timedelta(hours=22)
	assert longest_wait(BackupPolicy("x", at=(time(3),))) == longest_wait(DAILY) == timedelta(hours=24)


SQL = b"-- head\nCREATE TABLE `tabUser` (\n  `name` text\n);\nINSERT INTO `tabUser` VALUES ('a');\n"
END = b"-- Dump completed on 2026-03-02\n"


def fault(sql: bytes, piece: int, expected: set[str] = frozenset({"tabUser"})) -> str | None:
	reader = DumpReader()
	for start in range(0, len(sql), piece):
		reader.feed(sql[start : start + piece])
	found = reader.fault(expected)
	return found and found[0]


@pytest.mark.parametrize("piece", [1, 7, 64, 1 << 20])
def test_a_dump_is_judged_alike_in_whatever_pieces_it_is_read(piece: int):
	assert fault(SQL + END, piece) is None
	assert fault(SQL, piece) == "dump_cut_off"
	assert fault(END, piece) == "dump_without_tables"
	assert fault(SQL + END, piece, {"tabUser", "tabItem"}) == "dump_misses_tables"
	assert fault(SQL.replace(b"INSERT", b"-- no") + END, piece) == "dump_without_rows"


def test_a_row_that_holds_the_words_of_a_dump_does_not_deceive():
	row = b"INSERT INTO `tabNote` VALUES ('x CREATE TABLE `tabItem` ( -- Dump completed');\n"
	assert fault(SQL + row * 30, 50) == "dump_cut_off"
	assert fault(SQL + row + END, 50, {"tabUser", "tabItem"}) == "dump_misses_tables"


def test_a_line_longer_than_memory_is_not_kept():
	reader = DumpReader()
	for _ in range(200):
		reader.feed(b"x" * 100_000)
	assert len(reader._rest) <= 1024


@pytest.mark.parametrize(
	("size", "sizes", "small"),
	[
		(49, [100], True),
		(50, [100], False),
		(10, [], False),
		(49, [100, 1, 100, 1, 100], True),
		(60, [100, 200], True),
	],
)
def test_small_is_less_than_half_of_the_median_of_the_last_good_ones(
	size: int, sizes: list[int], small: bool
):
	assert is_small(size, sizes) is small


def test_only_the_last_five_tell_what_is_usual():
	assert usual_size([10] * 5 + [1000] * 50) == 10


def test_no_event_leads_out_of_an_end():
	for status in (BackupStatus.FAILED, BackupStatus.MISSED, BackupStatus.REMOVED):
		assert not [event for before, event in BACKUP_MOVES if before is status]
		with refused("backup_move_refused", status=status.value):
			moved_backup(run(at("2026-03-02 06:00"), status), "started")


def test_each_try_waits_longer_and_there_is_a_last_one():
	now, one = at("2026-03-02 06:00"), run(at("2026-03-02 06:00"), BackupStatus.COPYING)
	waits = []
	while one.status is BackupStatus.COPYING:
		one = after_failure(one, now, "store_failed", False, {"reason": "full"})
		waits.append(one.retry_at and one.retry_at - now)
	assert waits == [timedelta(minutes=2), timedelta(minutes=4), None] and len(waits) == MOST_TRIES
	assert (one.status, one.verdict, one.figures) == (BackupStatus.FAILED, "store_failed", {"reason": "full"})


def test_a_key_names_system_run_and_file_and_says_when_it_is_encrypted():
	one = run(at("2026-03-02 06:00"), encryption="key-1")
	assert key_of(one, "/srv/x/db.sql.gz") == "acme.example/B/db.sql.gz.age"
	with refused("site_name_refused"):
		key_of(BackupRun("B", "../etc", Trigger.MANUAL, BackupStatus.GOOD, one.due_at), "x")


BEFORE = Fingerprint({"a": 10, "b": 5}, at("2026-03-02 06:00"))
AFTER = Fingerprint({"a": 12, "b": 5, "new": 1}, at("2026-03-02 06:05"))


@pytest.mark.parametrize(
	("rows", "newest", "verdict"),
	[
		({"a": 10, "b": 5}, "06:00", None),
		({"a": 12, "b": 5, "new": 1}, "06:05", None),
		({"a": 11, "b": 5}, "06:03", None),
		({"a": 9, "b": 5}, "06:03", "rows_differ"),
		({"a": 13, "b": 5}, "06:03", "rows_differ"),
		({"a": 11}, "06:03", "table_missing"),
		({"a": 11, "b": 5}, "05:59", "newest_differs"),
		({"a": 11, "b": 5}, "06:06", "newest_differs"),
	],
)
def test_a_copy_lies_between_the_fingerprints_before_and_after_its_dump(rows, newest, verdict):
	found = difference(Fingerprint(rows, at(f"2026-03-02 {newest}")), BEFORE, AFTER)
	assert (found and found[0]) == verdict


def test_a_system_in_use_may_have_more_than_its_backup_and_never_less():
	used = Fingerprint({"a": 20, "b": 6}, at("2026-03-02 09:00"))
	assert difference(used, BEFORE, AFTER, more_is_fine=True) is None
	assert difference(Fingerprint({"a": 9, "b": 6}, used.newest), BEFORE, AFTER, True)[0] == "rows_differ"


def test_the_name_of_a_scratch_system_is_its_own_and_no_customers():
	name = scratch_site("R-1", "acme.example")
	assert is_scratch(name) and name.endswith(".example")
	assert name != scratch_site("R-2", "acme.example")
	assert not any(map(is_scratch, ("acme.example", "drill-acme.example", "x.drill-3f9c12ab34cd.example")))


def test_a_drill_is_due_after_so_many_days_and_none_where_none_are_agreed():
	now = at("2026-03-30 00:00")
	assert drill_is_due(30, None, now) and drill_is_due(30, now - timedelta(days=30), now)
	assert not drill_is_due(30, now - timedelta(days=29), now) and not drill_is_due(0, None, now)


def restore(
	asked: str, answered: str | None, status: RestoreStatus = RestoreStatus.DONE, **values: object
) -> RestoreRun:
	values = {"promised": timedelta(hours=2), "purpose": Purpose.RESTORE, **values}
	purpose = values.pop("purpose")
	moment = at(answered) if answered else None
	return RestoreRun(
		"R", "acme.example", purpose, "B", status, at(asked), answered_at=moment, finished_at=moment, **values
	)


@pytest.mark.parametrize(
	("answered", "status", "now", "kept"),
	[
		("2026-03-02 12:00", RestoreStatus.DONE, "2026-03-03 00:00", True),
		("2026-03-02 12:01", RestoreStatus.DONE, "2026-03-03 00:00", False),
		(None, RestoreStatus.RESTORING, "2026-03-02 11:59", None),
		(None, RestoreStatus.RESTORING, "2026-03-02 12:01", False),
		(None, RestoreStatus.REQUESTED, "2026-03-02 12:01", False),
		(None, RestoreStatus.FAILED, "2026-03-02 10:05", False),
		(None, RestoreStatus.DECLINED, "2026-03-03 00:00", None),
	],
)
def test_the_promise_counts_from_the_request_to_the_answer(answered, status, now, kept):
	assert promise_is_kept(restore("2026-03-02 10:00", answered, status), at(now)) is kept


def test_a_month_is_certified_by_what_was_really_reached():
	days = [at("2026-03-01 06:00") + timedelta(days=n) for n in range(31)]
	backups = [
		run(
			day,
			BackupStatus.MISSED if n in (9, 10) else BackupStatus.FAILED if n == 20 else BackupStatus.REMOVED,
		)
		for n, day in enumerate(days)
	]
	backups.append(run(at("2026-02-28 06:00")))
	restores = [
		restore("2026-03-11 09:00", "2026-03-11 10:30"),
		restore("2026-03-12 09:00", "2026-03-12 12:30"),
		restore("2026-03-20 04:00", "2026-03-20 04:20", purpose=Purpose.DRILL),
		restore("2026-04-20 04:00", "2026-04-20 04:20", RestoreStatus.FAILED, purpose=Purpose.DRILL),
	]
	month = at("2026-03-01 00:00"), at("2026-04-01 00:00")
	found = recovery(backups, restores, *month, now=at("2026-05-01 00:00"))
	assert (found.due, found.made, found.failed, found.missed) == (31, 28, 1, 2)
	assert found.longest_gap == timedelta(days=3)
	assert (found.restores, found.restores_in_time) == (2, 1)
	assert found.longest_restore == timedelta(hours=3, minutes=30)
	assert (found.last_drill, found.last_drill_passed) == (at("2026-03-20 04:20"), True)


def test_a_gap_reaches_to_the_ends_of_the_span_and_none_is_known_without_a_backup():
	start, end = at("2026-03-01 00:00"), at("2026-03-11 00:00")
	assert longest_gap([run(at("2026-03-02 00:00"))], start, end) == timedelta(days=9)
	assert longest_gap([run(at("2026-02-20 00:00")), run(at("2026-03-10 00:00"))], start, end) == timedelta(
		days=18
	)
	assert longest_gap([run(at("2026-03-02 00:00"), BackupStatus.FAILED)], start, end) is None
	assert gap_is_kept(timedelta(hours=24, minutes=59), timedelta(hours=24))
	assert not gap_is_kept(timedelta(hours=26), timedelta(hours=24)) and not gap_is_kept(
		None, timedelta(hours=24)
	)
