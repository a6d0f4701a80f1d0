"""Do trainings come with a payment, go with it, and keep to one place in a trainer's day?"""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from subscription_mgmt.adapters.memory import MemoryCatalogue
from subscription_mgmt.engine.catalogue import PackKind
from subscription_mgmt.engine.charges import ChargeKind
from subscription_mgmt.engine.training import SessionStatus
from subscription_mgmt.services.choose_slot import choose_slot
from subscription_mgmt.services.close_session import cancel_session, hold_session, miss_session
from subscription_mgmt.services.grant_trainings import grant_trainings
from subscription_mgmt.services.offer_ports import OfferPorts
from subscription_mgmt.services.propose_slots import propose_slots
from subscription_mgmt.services.tell_of_training import tell_of_training
from tests.builders import a_charge, a_one_off, refused
from tests.services.test_offer import world

NOW = datetime(2026, 7, 9, 10, tzinfo=timezone.utc)
PACK = a_one_off(kind=PackKind.TRAINING, sessions=2, minutes=90)
BOUGHT = a_charge(kind=ChargeKind.PACK, what="Training", quantity=Decimal(1), period=None)


class Base:
	catalogue = MemoryCatalogue({}, {"Training": PACK})


def sold() -> OfferPorts:
	ports = world()
	return replace(ports, support=replace(ports.support, base=Base()))


def statuses(ports: OfferPorts) -> list[str]:
	return [session.status.value for session in ports.trainings.all.values()]  # type: ignore[attr-defined]


def test_a_paid_pack_brings_its_sessions_once_and_takes_them_back_with_the_payment():
	ports = sold()
	grant_trainings([BOUGHT], False, ports)
	assert statuses(ports) == []
	for _ in range(2):
		grant_trainings([BOUGHT], True, ports)
	assert statuses(ports) == ["To Propose", "To Propose"]
	assert ports.trainings.get("TRN-1").minutes == 90
	grant_trainings([BOUGHT], False, ports)
	assert statuses(ports) == ["Cancelled", "Cancelled"]
	grant_trainings([BOUGHT], True, ports)
	assert statuses(ports) == ["To Propose", "To Propose"]


def test_half_of_the_sale_taken_back_takes_the_later_session_and_what_was_held_stays():
	ports = sold()
	grant_trainings([BOUGHT], True, ports)
	(slot, *_) = propose_slots("TRN-1", NOW, ports)
	choose_slot("TRN-1", slot, NOW, ports)
	hold_session("TRN-1", slot, ports)
	grant_trainings([BOUGHT], True, ports, {BOUGHT.key: Decimal("0.5")})
	assert statuses(ports) == ["Done", "Cancelled"]
	grant_trainings([BOUGHT], False, ports)
	assert statuses(ports) == ["Done", "Cancelled"]
	grant_trainings([BOUGHT], True, ports)
	assert statuses(ports) == ["Done", "To Propose"]


def test_of_two_customers_who_want_the_same_moment_the_second_chooses_another():
	ports = sold()
	grant_trainings([BOUGHT], True, ports)
	(slot, *_) = propose_slots("TRN-1", NOW, ports)
	assert slot in propose_slots("TRN-2", NOW, ports)
	choose_slot("TRN-1", slot, NOW, ports)
	with refused("slot_taken", session="TRN-2"):
		choose_slot("TRN-2", slot, NOW, ports)
	assert slot not in propose_slots("TRN-2", NOW, ports)


def test_the_whole_story_is_told_once_each():
	ports = sold()
	grant_trainings([BOUGHT], True, ports)
	(slot, *_) = propose_slots("TRN-1", NOW, ports)
	choose_slot("TRN-1", slot, NOW, ports)
	session = ports.trainings.get("TRN-1")
	ports.trainings.save(session, replace(session, link="https://meet.example/1"))
	for hours in (-30, -20, -20, -1, -1, 0):
		tell_of_training("TRN-1", slot + timedelta(hours=hours), ports)
	miss_session("TRN-1", slot, ports)
	propose_slots("TRN-1", slot, ports)
	cancel_session("TRN-1", ports)
	told = [kind for name, kind in ports.training_news.told if name == "TRN-1"]  # type: ignore[attr-defined]
	assert told == ["proposed", "booked", "reminder", "link", "missed", "proposed", "cancelled"]
	assert ports.trainings.get("TRN-1").status is SessionStatus.CANCELLED
	with refused("unknown_session"):
		cancel_session("TRN-404", ports)
