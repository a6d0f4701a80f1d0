"""Is a restore checked before it touches anything, timed against the promise, and does a drill prove or catch?"""

from datetime import timedelta

import pytest

from subscription_mgmt.engine.backup_runs import BackupStatus, Trigger
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.restore_runs import RestoreStatus, is_scratch, promise_is_kept
from subscription_mgmt.services.order_restore import (
	approve_restore,
	decline_restore,
	order_drill,
	order_restore,
	schedule_drill,
)
from subscription_mgmt.services.restore import next_restore_step
from tests.builders import refused
from tests.services.backup_world import ACME, World

DONE, FAILED = RestoreStatus.DONE, RestoreStatus.FAILED


def restored(world: World, backup: str, **values: object):
	name = order_restore(backup, world.now, world.ports, approved=True, **values)
	return world.work(name, restoring=True)


def test_a_damaged_system_is_as_it_was_and_its_last_state_is_kept():
	world = World(restore_within_minutes=120)
	backup = world.back_up()
	world.machine.systems[ACME] = {"tabCustomer": ["Eve"]}
	run = restored(world, backup.name)
	assert run.status is DONE
	assert world.machine.systems[ACME] == {"tabCustomer": ["Ann", "Bob"], "tabItem": ["Bolt"] * 40}
	safety = world.backups.get(run.safety)
	assert (safety.trigger, safety.status, safety.held) == (Trigger.BEFORE_RESTORE, BackupStatus.GOOD, True)
	assert promise_is_kept(run, world.now) is True
	assert world.notes == ["restored"]
	assert not any("/R-001/" in path for path in world.machine.disk)


def test_a_copy_changed_in_the_second_place_is_found_before_anything_is_touched():
	world = World()
	backup = world.back_up()
	key = backup.files[0].key
	world.shelf.kept[key] = world.shelf.kept[key][:-1] + b"?"
	world.machine.systems[ACME] = {"tabCustomer": ["Eve"]}
	run = restored(world, backup.name)
	assert (run.status, run.verdict) == (FAILED, "decryption_failed")
	assert world.machine.systems[ACME] == {"tabCustomer": ["Eve"]}
	assert ("restore", ACME) not in world.machine.calls


def test_a_system_too_broken_to_be_saved_is_restored_only_when_a_person_says_so():
	world = World()
	backup = world.back_up()
	world.machine.fail["back_up"] = [DomainError("provider_refused", system=ACME, reason="table is corrupt")]
	run = restored(world, backup.name)
	assert (run.status, run.verdict) == (FAILED, "no_safety_backup")
	assert ("restore", ACME) not in world.machine.calls
	assert restored(world, backup.name, without_safety=True).status is DONE


def test_a_system_lost_with_its_server_is_made_again_on_another():
	world = World()
	backup = world.back_up()
	lost = world.machine.systems.pop(ACME)
	world.machine.disk.clear()
	assert restored(world, backup.name).verdict == "no_safety_backup"
	assert restored(world, backup.name, without_safety=True).status is DONE
	assert world.machine.systems[ACME] == lost


def test_a_system_that_is_too_broken_to_answer_is_replaced_all_the_same():
	world = World()
	backup = world.back_up()
	world.machine.fail["provision"] = [DomainError("provider_failed", system=ACME, reason="no such table")]
	assert restored(world, backup.name, without_safety=True).status is DONE


def test_a_late_restore_breaks_the_promise_and_one_asked_for_counts_from_then():
	world = World(restore_within_minutes=120)
	backup = world.back_up()
	asked = world.now
	name = order_restore(backup.name, asked, world.ports, approved=False)
	assert next_restore_step(name, lambda: world.now, world.ports).status is RestoreStatus.REQUESTED
	world.now += timedelta(minutes=119)
	approve_restore(name, False, world.ports)
	assert promise_is_kept(world.restores.get(name), world.now) is None
	world.now += timedelta(minutes=2)
	assert promise_is_kept(world.restores.get(name), world.now) is False
	run = world.work(name, restoring=True)
	assert run.took > timedelta(minutes=121) and promise_is_kept(run, world.now) is False


def test_a_declined_request_changes_nothing_and_lets_another_be_made():
	world = World()
	backup = world.back_up()
	name = order_restore(backup.name, world.now, world.ports, approved=False)
	with refused("restore_at_work"):
		order_restore(backup.name, world.now, world.ports, approved=False)
	decline_restore(name, world.now, world.ports)
	with refused("restore_move_refused"):
		approve_restore(name, False, world.ports)
	assert restored(world, backup.name).status is DONE


def test_a_restore_that_fails_half_way_is_tried_again_and_then_says_where_the_old_state_is():
	world = World()
	backup = world.back_up()
	world.machine.fail["restore"] = [DomainError("provider_failed", system=ACME, reason="killed")]
	assert restored(world, backup.name).status is DONE
	world.machine.fail["restore"] = [DomainError("provider_failed", system=ACME, reason="disk")] * 3
	run = restored(world, backup.name)
	assert (run.status, run.verdict) == (FAILED, "provider_failed")
	assert world.backups.get(run.safety).status is BackupStatus.GOOD
	assert world.notes == ["restored", "restore_failed"]
	assert world.bell.opened == {(ACME, "Restore Failed")}
	world.back_up()
	assert world.bell.opened == {(ACME, "Restore Failed")}
	assert restored(world, backup.name).status is DONE and world.bell.opened == set()


@pytest.mark.parametrize("steps", range(8))
@pytest.mark.parametrize("drill", [True, False])
def test_a_killed_worker_is_followed_by_one_that_goes_on_where_it_stood(steps: int, drill: bool):
	world = World()
	backup = world.back_up()
	name = (
		order_drill(ACME, world.now, world.ports)
		if drill
		else order_restore(backup.name, world.now, world.ports, approved=True)
	)
	for _ in range(steps):
		next_restore_step(name, lambda: world.now, world.ports)
	save, world.restores.save = world.restores.save, lambda before, after: None
	next_restore_step(name, lambda: world.now, world.ports)
	world.restores.save = save
	assert world.work(name, restoring=True).status is DONE
	assert list(world.machine.systems) == [ACME]


def test_a_drill_proves_a_backup_in_a_scratch_system_that_nobody_can_use_and_that_goes_again():
	world = World(drill_every_days=30)
	world.back_up()
	run = world.work(order_drill(ACME, world.now, world.ports), restoring=True)
	assert (run.status, run.verdict) == (DONE, "")
	assert is_scratch(run.scratch)
	verbs = [verb for verb, site in world.machine.calls if site == run.scratch]
	assert verbs[:2] == ["provision", "set_access"] and verbs[-3:] == ["restore", "fingerprint", "discard"]
	assert list(world.machine.systems) == [ACME]
	assert world.machine.modes[run.scratch].value == "Restricted"


def test_a_drill_catches_rows_that_the_backup_lost():
	world = World()
	backup = world.back_up()
	key = next(file.key for file in backup.files if file.kind == "database")
	# What a dump that was cut between two tables would be, with all its checksums right.
	world.machine.systems["other.example"] = {"tabCustomer": ["Ann"], "tabItem": ["Bolt"] * 40}
	world.machine.spoil["sql.gz"] = lambda whole: cut(whole)
	run = world.work(order_drill(ACME, world.now, world.ports), restoring=True)
	assert key in world.shelf.kept
	assert (run.status, run.verdict) == (FAILED, "rows_differ")
	assert run.figures == {"table": "tabItem", "expected": 40, "found": 39}
	assert world.bell.opened == {(ACME, "Drill Failed")}
	assert ACME in world.machine.systems and run.scratch not in world.machine.systems


def cut(whole: bytes) -> bytes:
	import gzip

	plain = gzip.decompress(whole)
	return gzip.compress(plain.replace(b"INSERT INTO `tabItem` VALUES ('Bolt');\n", b"", 1))


def test_a_drill_catches_an_archive_cut_short_in_the_second_place():
	world = World(encrypted=False)
	backup = world.back_up()
	key = next(file.key for file in backup.files if file.kind == "database")
	world.shelf.kept[key] = world.shelf.kept[key][:-30]
	run = world.work(order_drill(ACME, world.now, world.ports), restoring=True)
	assert (run.status, run.verdict) == (FAILED, "copy_differs")
	assert world.bell.opened == {(ACME, "Drill Failed")}


def test_a_scratch_system_is_dropped_however_often_that_fails():
	world = World()
	world.back_up()
	world.machine.fail["restore"] = [DomainError("provider_refused", system=ACME, reason="no")]
	world.machine.fail["discard"] = [DomainError("provider_failed", system=ACME, reason="busy")] * 9
	run = world.work(order_drill(ACME, world.now, world.ports), restoring=True)
	assert run.status is FAILED
	assert list(world.machine.systems) == [ACME]


def test_a_drill_is_due_by_the_policy_and_needs_something_to_restore():
	world = World(drill_every_days=7)
	assert schedule_drill(ACME, world.agreed, world.now, world.ports) is None
	with refused("nothing_to_restore"):
		order_drill(ACME, world.now, world.ports)
	world.back_up()
	name = schedule_drill(ACME, world.agreed, world.now, world.ports)
	world.work(name, restoring=True)
	assert schedule_drill(ACME, world.agreed, world.now + timedelta(days=6), world.ports) is None
	assert schedule_drill(ACME, world.agreed, world.now + timedelta(days=8), world.ports)
