"""Do credentials come with a ticket, go with its resolution, and are the customer and nobody else told?"""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from subscription_mgmt.engine.access_grants import Credentials, Erasure, GrantStatus, Purpose
from subscription_mgmt.engine.support_credits import TicketKind
from subscription_mgmt.engine.tickets import Ticket
from subscription_mgmt.services.confirm_removal import confirm_removal
from subscription_mgmt.services.customer_reply import customer_reply
from subscription_mgmt.services.erase_access import erase_access
from subscription_mgmt.services.hand_in_access import hand_in_access
from subscription_mgmt.services.look_at_access import look_at_access
from subscription_mgmt.services.open_ticket import open_ticket
from subscription_mgmt.services.remind_removal import remind_removal
from subscription_mgmt.services.request_access import request_access
from subscription_mgmt.services.resolve import resolve
from subscription_mgmt.services.support_ports import SupportPorts
from tests.builders import refused
from tests.services.test_offer import Telling
from tests.services.test_support_any_order import world

NOW = datetime(2026, 3, 11, 17, tzinfo=timezone.utc)
ROOT = Credentials("temporal", "s3creto", "port 2222")
URL = "https://ana.example"


def opened() -> SupportPorts:
	ports = replace(world("Declining"), desk=Telling())
	ports.tickets.add(Ticket("T1", "Ana", 3, TicketKind.INTERVENTION, "email", NOW))  # type: ignore[attr-defined]
	open_ticket("T1", NOW, ports)
	ports.grants.assigned["T1"].add("luis")  # type: ignore[attr-defined]
	ports.desk.told.clear()  # type: ignore[attr-defined]
	return ports


def told(ports: SupportPorts) -> list[str]:
	return [kind for kind, _ in ports.desk.told if kind.startswith("access_")]  # type: ignore[attr-defined]


def test_a_resolution_erases_what_was_handed_in_and_the_customer_is_reminded_until_he_says_so():
	ports = opened()
	asked = request_access("T1", Purpose.SYSTEM, URL, NOW, ports)
	assert request_access("T1", Purpose.SYSTEM, URL, NOW, ports) == asked
	hand_in_access("T1", Purpose.SYSTEM, "", ROOT, NOW, ports)
	assert look_at_access(asked.name, "luis", NOW, ports) == ROOT
	assert ports.grants.looks == [(asked.name, "luis", NOW)]  # type: ignore[attr-defined]
	resolve("T1", NOW, ports)
	gone = ports.grants.get(asked.name)
	assert (gone.status, gone.erased_for, gone.url) == (GrantStatus.ERASED, Erasure.RESOLVED, URL)
	assert ports.grants.held == {}  # type: ignore[attr-defined]
	assert told(ports) == ["access_system"]
	reminders = [
		remind_removal(asked.name, NOW + timedelta(days=days), ports) for days in (0, 0, 2, 3, 6, 9, 12)
	]
	assert reminders == [True, False, False, True, True, False, False]
	assert told(ports) == ["access_system", *["access_remove"] * 3]
	confirm_removal(asked.name, NOW, ports)
	assert ports.grants.get(asked.name).removed_at == NOW


def test_a_look_that_is_refused_shows_nothing_and_is_not_taken_for_one():
	ports = opened()
	grant = hand_in_access("T1", Purpose.DATABASE, URL, ROOT, NOW, ports)
	with refused("not_the_assignee"):
		look_at_access(grant.name, "Administrator", NOW, ports)
	assert ports.grants.looks == []  # type: ignore[attr-defined]


def test_handed_in_again_replaces_and_another_purpose_does_not():
	ports = opened()
	first = hand_in_access("T1", Purpose.SYSTEM, URL, ROOT, NOW, ports)
	later = NOW + timedelta(hours=5)
	again = hand_in_access("T1", Purpose.SYSTEM, "", Credentials("temporal", "another"), later, ports)
	files = hand_in_access("T1", Purpose.FILES, "ftp://ana.example", ROOT, later, ports)
	assert (again.name, again.url, again.handed_in_at) == (first.name, URL, later)
	assert files.name != first.name
	assert ports.grants.credentials(first.name).secret == "another"


def test_what_was_only_asked_for_is_closed_without_a_reminder():
	ports = opened()
	asked = request_access("T1", Purpose.SYSTEM, URL, NOW, ports)
	resolve("T1", NOW, ports)
	assert ports.grants.get(asked.name).status is GrantStatus.ERASED
	assert not remind_removal(asked.name, NOW, ports)
	assert told(ports) == ["access_system"]


def test_who_says_that_the_user_is_gone_is_not_reminded():
	ports = opened()
	grant = hand_in_access("T1", Purpose.SYSTEM, URL, ROOT, NOW, ports)
	assert not remind_removal(grant.name, NOW, ports)
	resolve("T1", NOW, ports)
	confirm_removal(grant.name, NOW, ports)
	assert not remind_removal(grant.name, NOW, ports)


def test_a_finished_ticket_takes_no_credentials_and_a_reopened_one_does():
	ports = opened()
	resolve("T1", NOW, ports)
	with refused("no_access_for_finished", ticket="T1"):
		hand_in_access("T1", Purpose.SYSTEM, URL, ROOT, NOW, ports)
	with refused("no_access_for_finished", ticket="T1"):
		request_access("T1", Purpose.SYSTEM, URL, NOW, ports)
	customer_reply("T1", NOW, ports)
	hand_in_access("T1", Purpose.SYSTEM, URL, ROOT, NOW, ports)


def test_credentials_are_erased_once():
	ports = opened()
	grant = hand_in_access("T1", Purpose.SYSTEM, URL, ROOT, NOW, ports)
	erase_access(grant.name, Erasure.EXPIRED, NOW, ports)
	with refused("access_move_refused", grant=grant.name):
		erase_access(grant.name, Erasure.WITHDRAWN, NOW, ports)
	resolve("T1", NOW, ports)
	assert told(ports) == []
	with refused("unknown_grant"):
		erase_access("ACC-404", Erasure.EXPIRED, NOW, ports)
