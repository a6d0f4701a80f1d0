"""How do the credentials of an intervention come and go, and who may look at them?"""

from datetime import datetime, timedelta, timezone

import pytest

from subscription_mgmt.engine.access_grants import (
	GRANT_MOVES,
	Credentials,
	Erasure,
	Grant,
	GrantStatus,
	Purpose,
	check_credentials,
	check_may_look,
	erased,
	handed_in,
	removed,
)
from tests.builders import refused

NOW = datetime(2026, 3, 11, 17, tzinfo=timezone.utc)
ASKED = Grant("ACC-1", "T1", "Ana", Purpose.SYSTEM)
HELD = handed_in(ASKED, "https://ana.example", NOW, 72)
GONE = erased(HELD, Erasure.RESOLVED, NOW)


def test_only_the_assignee_looks_and_only_while_they_are_held():
	check_may_look(HELD, "luis@example.com", {"luis@example.com"}, NOW)
	with refused("not_the_assignee", ticket="T1"):
		check_may_look(HELD, "Administrator", {"luis@example.com"}, NOW)
	for grant in (ASKED, GONE):
		with refused("no_credentials_held"):
			check_may_look(grant, "luis@example.com", {"luis@example.com"}, NOW)


def test_nobody_looks_at_the_moment_their_time_is_up_though_no_job_has_run():
	check_may_look(HELD, "luis", {"luis"}, NOW + timedelta(hours=72, microseconds=-1))
	with refused("no_credentials_held"):
		check_may_look(HELD, "luis", {"luis"}, NOW + timedelta(hours=72))


def test_the_story_of_a_grant():
	assert (HELD.status, HELD.expires_at) == (GrantStatus.HANDED_IN, NOW + timedelta(hours=72))
	assert (GONE.status, GONE.erased_for, GONE.expires_at) == (GrantStatus.ERASED, Erasure.RESOLVED, None)
	assert removed(GONE, NOW).removed_at == NOW


@pytest.mark.parametrize("status", GrantStatus)
@pytest.mark.parametrize("event", ["handed_in", "erased", "removed"])
def test_what_the_table_does_not_name_is_refused(status: GrantStatus, event: str):
	grant = Grant("ACC-1", "T1", "Ana", Purpose.SYSTEM, status)
	if (status, event) in GRANT_MOVES:
		assert grant.moved(event).status is GRANT_MOVES[status, event]
	else:
		with refused("access_move_refused", grant="ACC-1", event=event):
			grant.moved(event)


@pytest.mark.parametrize(
	"credentials", [Credentials("", "x"), Credentials(" ", "x"), Credentials("root", "")]
)
def test_half_of_the_credentials_is_refused(credentials: Credentials):
	with refused("credentials_incomplete"):
		check_credentials(credentials)


def test_a_file_is_not_taken_for_a_password():
	check_credentials(Credentials("root", "x" * 4000))
	for credentials in (Credentials("root", "x" * 4001), Credentials("r", "x", "y" * 4001)):
		with refused("credentials_too_long", most=4000):
			check_credentials(credentials)


def test_no_log_or_traceback_holds_a_secret():
	held = Credentials("root", "hunter2", "port 22")
	assert "hunter2" not in f"{held!r} {held} {[held]}"
