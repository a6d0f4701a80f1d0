"""Does a backup count only when it is proved, is nothing lost by what goes wrong, and does the last good one stay?"""

import gzip
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subscription_mgmt.engine.backup_runs import STORED, BackupRun, BackupStatus, Trigger
from subscription_mgmt.engine.backup_schedule import BackupPolicy
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.services.back_up import next_step
from subscription_mgmt.services.order_backup import (
	approve_small,
	order_backup,
	request_backup,
	schedule_backup,
	set_hold,
)
from subscription_mgmt.services.retain_backups import (
	clear_server,
	holds_on_server,
	is_proved_again,
	note_server_gone,
	remove,
	to_clear,
	to_remove,
)
from tests.builders import refused
from tests.services.backup_world import ACME, MORNING, World, sql_of

GOOD, FAILED = BackupStatus.GOOD, BackupStatus.FAILED


def busy(reason: str = "the line is down") -> DomainError:
	return DomainError("provider_failed", system=ACME, reason=reason)


def test_a_good_backup_is_dumped_verified_copied_encrypted_and_read_back():
	world = World()
	run = world.back_up()
	assert run.status is GOOD
	assert run.before.rows == {"tabCustomer": 2, "tabItem": 40}
	assert {file.kind for file in run.files} == {"database", "public", "private", "config"}
	assert all(file.sha256 and file.stored_sha256 for file in run.files)
	assert sorted(file.key for file in run.files) == list(world.shelf.keys("acme.example/B-001/"))
	assert run.encryption == "key-1"
	assert not any(b"CREATE TABLE" in gzip_or_plain(each) for each in world.shelf.kept.values())


def gzip_or_plain(content: bytes) -> bytes:
	try:
		return gzip.decompress(content)
	except OSError:
		return content


def test_without_encryption_the_copy_is_the_file_itself():
	world = World(encrypted=False)
	run = world.back_up()
	assert run.status is GOOD
	assert all(file.stored_sha256 == file.sha256 for file in run.files)


EMPTY_DUMP = gzip.compress(b"-- begin frappe metadata\n-- version = 15\n")
WITHOUT_END = sql_of({"tabCustomer": ["Ann"], "tabItem": ["Bolt"]}).replace(b"-- Dump completed", b"-- x")


@pytest.mark.parametrize(
	("ending", "spoil", "verdict"),
	[
		("sql.gz", lambda _: EMPTY_DUMP, "dump_without_tables"),
		("sql.gz", lambda _: b"", "dump_without_tables"),
		("sql.gz", lambda whole: whole[:-20], "archive_broken"),
		("sql.gz", lambda whole: whole[:60] + b"?" + whole[61:], "archive_broken"),
		("sql.gz", lambda _: gzip.compress(WITHOUT_END), "dump_cut_off"),
		("sql.gz", lambda _: gzip.compress(sql_of({"tabCustomer": ["Ann"]})), "dump_misses_tables"),
		("sql.gz", lambda _: gzip.compress(sql_of({"tabCustomer": [], "tabItem": []})), "dump_without_rows"),
		("/files.tar", lambda whole: whole[:700], "archive_broken"),
		("private-files.tar", lambda _: b"no archive at all", "archive_broken"),
		("config_backup.json", lambda _: b"{", "archive_broken"),
	],
	ids=[
		"exits 0 with an empty dump",
		"no bytes",
		"cut off",
		"a byte changed",
		"no end mark",
		"a table missing",
		"no rows",
		"files cut off",
		"no archive",
		"settings cut off",
	],
)
def test_what_a_server_calls_done_is_not_taken_for_it(ending, spoil, verdict):
	world = World()
	world.machine.spoil[ending] = spoil
	run = world.back_up()
	assert (run.status, run.verdict) == (FAILED, verdict)
	assert world.shelf.kept == {}
	assert world.bell.opened == {(ACME, "Failed")}


def test_a_server_that_is_away_for_a_while_is_asked_again_and_one_that_stays_away_fails():
	world = World()
	world.machine.fail["back_up"] = [busy(), busy()]
	assert world.back_up().status is GOOD
	world.machine.fail["back_up"] = [busy()] * 3
	run = world.back_up()
	assert (run.status, run.verdict, run.figures["reason"]) == (FAILED, "provider_failed", "the line is down")
	assert [each.status for each in world.backups.of(ACME)] == [FAILED, GOOD]


def test_a_wrong_password_fails_at_once():
	world = World()
	world.machine.fail["back_up"] = [DomainError("provider_refused", system=ACME, reason="Access denied")]
	run = world.back_up()
	assert (run.status, run.verdict, run.tries) == (FAILED, "provider_refused", 0)


def test_a_second_place_that_is_full_leaves_the_servers_copy_and_says_so():
	world = World()
	world.shelf.fail = [DomainError("store_failed", store="Shelf", reason="No space left on device")] * 3
	run = world.back_up()
	assert (run.status, run.figures["reason"]) == (FAILED, "No space left on device")
	assert world.shelf.kept == {} and run.on_server


def test_a_copy_that_differs_when_it_is_read_back_is_made_again():
	world, spoilt = World(), []

	def step(name: str) -> BackupRun:
		run = next_step(name, lambda: world.now, world.ports)
		if run.status is BackupStatus.READING_BACK and not spoilt:
			key = run.files[0].key
			world.shelf.kept[key] = world.shelf.kept[key][:-1] + b"?"
			spoilt.append(key)
		return run

	name = order_backup(ACME, Trigger.MANUAL, world.now, world.ports)
	statuses = []
	while (run := step(name)).status not in (GOOD, FAILED):
		statuses.append(run.status.value)
		world.now = run.retry_at or world.now
	assert run.status is GOOD
	assert statuses == ["Dumping", "Verifying", "Copying", "Reading Back", "Copying", "Reading Back"]


def test_a_second_place_that_always_spoils_what_it_is_given_fails():
	world = World()
	world.shelf.put = lambda key, content: (len(content.read()), "0" * 64)
	run = world.back_up()
	assert (run.status, run.verdict) == (FAILED, "copy_differs")


def test_a_backup_half_as_large_as_usual_is_kept_apart_until_a_person_approves_it():
	world = World()
	world.machine.systems[ACME]["tabItem"] = [f"Bolt {n} {n**7}" for n in range(4000)]
	for _ in range(3):
		assert world.back_up().status is GOOD
		world.now += timedelta(days=1)
	world.machine.systems[ACME]["tabItem"] = ["Bolt"]
	small = world.back_up()
	assert (small.status, small.verdict) == (BackupStatus.SUSPICIOUS, "backup_small")
	assert small.figures["size"] < small.figures["usual"] / 2
	assert world.bell.opened == {(ACME, "Suspicious")}
	assert small.name not in {run.name for run in to_remove(ACME, world.now, world.ports)}
	approve_small(small.name, world.ports)
	assert world.backups.get(small.name).status is GOOD
	assert world.bell.opened == set()


def test_the_next_good_backup_closes_the_alert_and_people_are_told_once():
	world = World()
	for _ in range(3):
		world.machine.spoil["sql.gz"] = lambda _: b""
		world.back_up()
	world.machine.spoil.clear()
	world.back_up()
	assert world.bell.opened == set()
	assert world.bell.told == [(ACME, "Failed")]


def test_after_an_outage_one_backup_is_made_and_the_missed_ones_are_written_down():
	world = World()
	terms, first = world.agreed, MORNING - timedelta(days=30)
	last = MORNING - timedelta(days=20)
	name = schedule_backup(ACME, terms, first, last, world.now, world.ports)
	assert world.backups.get(name).due_at == MORNING
	statuses = [run.status.value for run in world.backups.of(ACME)]
	assert statuses == ["Queued", *["Missed"] * 19]
	assert world.bell.opened == {(ACME, "Missed")}
	assert schedule_backup(ACME, terms, first, MORNING, world.now, world.ports) is None


def test_a_system_without_any_backup_gets_its_first_at_once():
	world = World()
	name = schedule_backup(ACME, world.agreed, MORNING, None, world.now, world.ports)
	assert world.backups.get(name).due_at == world.now


@pytest.mark.parametrize("steps", range(5))
def test_a_killed_worker_is_followed_by_one_that_goes_on_where_it_stood(steps: int):
	world = World()
	name = order_backup(ACME, Trigger.MANUAL, world.now, world.ports)
	for _ in range(steps):
		next_step(name, lambda: world.now, world.ports)
	before = world.backups.get(name)
	world.backups.save, kept = lambda before, after: None, world.backups.save
	next_step(name, lambda: world.now, world.ports)  # done, but its end was never stored
	world.backups.save = kept
	assert world.backups.get(name) == before
	assert world.work(name).status is GOOD


def test_a_customer_asks_for_one_backup_and_not_for_many():
	world = World()
	first = request_backup(ACME, world.now, world.ports)
	with refused("backup_requested_lately", hours=4):
		request_backup(ACME, world.now + timedelta(hours=3), world.ports)
	world.work(first)
	assert request_backup(ACME, MORNING + timedelta(hours=5), world.ports) != first


def a_deleted_system(days: int | None) -> World:
	"""Whose data was deleted right after its final backup; what nobody may remove any more was held before."""
	world = World()
	world.back_up()
	world.now += timedelta(days=1)
	world.back_up(Trigger.FINAL)
	world.agreed = None
	note_server_gone(ACME, world.ports)
	world.deleted_until = world.now + timedelta(days=days) if days is not None else None
	return world


def test_backups_of_a_deleted_system_stay_as_long_as_was_said_and_then_all_go():
	world = a_deleted_system(days=90)
	world.now += timedelta(days=90, seconds=-1)
	assert to_remove(ACME, world.now, world.ports) == []
	world.now += timedelta(seconds=1)
	over = [run.name for run in to_remove(ACME, world.now, world.ports)]
	assert over == ["B-001", "B-002"]
	world.machine.fail["remove"] = [busy()]  # the server may be gone: nothing is asked of it any more
	assert [remove(name, world.now, world.ports) for name in over] == [True, True]
	assert world.shelf.kept == {}


def test_a_held_backup_of_a_deleted_system_stays_whatever_was_said():
	world = a_deleted_system(days=1)
	set_hold("B-002", True, world.ports)
	world.now += timedelta(days=900)
	assert [run.name for run in to_remove(ACME, world.now, world.ports)] == ["B-001"]
	assert not remove("B-002", world.now, world.ports)


def test_where_nothing_was_said_backups_of_a_deleted_system_stay():
	world = a_deleted_system(days=None)
	world.now += timedelta(days=9000)
	assert to_remove(ACME, world.now, world.ports) == []


def test_a_copy_changed_in_the_second_place_proves_nothing_any_more():
	world = World()
	final = world.back_up(Trigger.FINAL)
	assert is_proved_again(final.name, world.ports)
	key = next(key for key in world.shelf.kept if "database" in key)
	world.shelf.kept[key] = world.shelf.kept[key][:-1]
	assert not is_proved_again(final.name, world.ports)
	del world.shelf.kept[key]
	assert not is_proved_again(final.name, world.ports)


def test_with_the_server_goes_what_lay_there_alone_and_a_hold_on_it_is_told_before():
	world = World(store=None)
	run = world.back_up()
	assert not is_proved_again(run.name, world.ports)
	assert not holds_on_server(ACME, world.ports)
	set_hold(run.name, True, world.ports)
	assert holds_on_server(ACME, world.ports)
	note_server_gone(ACME, world.ports)
	assert world.backups.get(run.name).status is BackupStatus.REMOVED


def test_without_a_second_place_a_backup_says_so_and_can_be_restored_from_its_server():
	world = World(store=None)
	run = world.back_up()
	assert (run.status, run.store, run.on_server) == (GOOD, None, True)


@settings(max_examples=40, deadline=None)
@given(
	st.lists(
		st.tuples(
			st.sampled_from([GOOD, FAILED, BackupStatus.SUSPICIOUS, BackupStatus.MISSED]),
			st.booleans(),
			st.integers(1, 90),
		),
		min_size=1,
		max_size=25,
	),
	st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 2)),
)
def test_whatever_happened_the_last_good_one_and_those_on_hold_are_never_removed(history, keep):
	world = World()
	daily, weekly, monthly = keep
	policy = BackupPolicy(
		"x", every=timedelta(hours=24), keep_daily=daily, keep_weekly=weekly, keep_monthly=monthly
	)
	world.agreed = type(world.agreed)(policy, timezone.utc, "Shelf")
	at = datetime(2026, 1, 1, tzinfo=timezone.utc)
	for status, held, hours in history:
		at += timedelta(hours=hours)
		world.backups.add(BackupRun("", ACME, Trigger.SCHEDULE, status, at, store="Shelf", held=held))
	good = [run for run in world.backups.of(ACME) if run.status is GOOD]
	held = [run.name for run in world.backups.of(ACME) if run.held and run.status in STORED]
	for run in list(world.backups.of(ACME)):
		if run.status in STORED:
			remove(run.name, world.now, world.ports)
	left = {run.name for run in world.backups.of(ACME)}
	assert set(held) <= left
	if good:
		assert good[0].name in left
	else:
		assert {run.name for run in world.backups.runs.values()} == left


def test_old_copies_go_from_the_second_place_and_the_newest_stays_on_the_server():
	world = World()
	world.agreed = World(store="Shelf").agreed
	policy = BackupPolicy("x", every=timedelta(hours=24), keep_daily=2, keep_weekly=0, keep_monthly=0)
	world.agreed = type(world.agreed)(policy, timezone.utc, "Shelf")
	for _ in range(4):
		world.back_up()
		world.now += timedelta(days=1)
	for run in to_clear(ACME, world.ports):
		clear_server(run.name, world.ports)
	assert {path.split("/")[4] for path in world.machine.disk} == {"B-004"}
	assert [remove(run.name, world.now, world.ports) for run in to_remove(ACME, world.now, world.ports)] == [
		True,
		True,
	]
	assert world.backups.get("B-001").before is None and world.backups.get("B-004").before is not None
	assert {key.split("/")[1] for key in world.shelf.kept} == {"B-003", "B-004"}


def test_the_copy_right_before_an_update_stays_on_the_server_until_there_is_a_newer_one():
	world = World(on_server=0)
	before = world.back_up(Trigger.BEFORE_UPDATE)
	assert to_clear(ACME, world.ports) == []
	world.now += timedelta(days=1)
	newer = world.back_up()
	assert [run.name for run in to_clear(ACME, world.ports)] == [newer.name, before.name]


def test_a_server_that_is_away_keeps_the_copy_in_the_second_place_until_it_is_back():
	world = World()
	policy = BackupPolicy("x", every=timedelta(hours=24), keep_daily=1, keep_weekly=0, keep_monthly=0)
	world.agreed = type(world.agreed)(policy, timezone.utc, "Shelf")
	old = world.back_up()
	world.now += timedelta(days=1)
	world.back_up()
	world.machine.fail["remove"] = [busy()]
	with refused("provider_failed"):
		remove(old.name, world.now, world.ports)
	assert world.backups.get(old.name).status is GOOD
	assert len(list(world.shelf.keys(f"{ACME}/{old.name}/"))) == 4
	assert remove(old.name, world.now, world.ports)


def test_a_hold_set_while_the_sweep_works_is_heeded():
	world = World()
	policy = BackupPolicy("x", every=timedelta(hours=24), keep_daily=1, keep_weekly=0, keep_monthly=0)
	world.agreed = type(world.agreed)(policy, timezone.utc, "Shelf")
	old = world.back_up()
	world.now += timedelta(days=1)
	world.back_up()
	found = to_remove(ACME, world.now, world.ports)
	set_hold(old.name, True, world.ports)
	assert [remove(run.name, world.now, world.ports) for run in found] == [False]
	assert world.backups.get(old.name).status is GOOD
