"""Is a request that is not included explained, and quoted once?"""

from dataclasses import replace
from datetime import date, datetime, timezone

import pytest

from subscription_mgmt.adapters.memory_offers import MemoryQuotes, MemoryTrainingNews, MemoryTrainings
from subscription_mgmt.adapters.memory_support import MemoryPromises
from subscription_mgmt.engine.calendars import Calendar
from subscription_mgmt.engine.quoting import Proposal
from subscription_mgmt.engine.support_credits import TicketKind
from subscription_mgmt.engine.support_policies import CreditRules, Scope, SlaPolicy, Topic
from subscription_mgmt.engine.tickets import Ticket
from subscription_mgmt.engine.working_time import WorkingTime
from subscription_mgmt.services.offer import offer, quote
from subscription_mgmt.services.offer_ports import OfferPorts
from subscription_mgmt.services.open_ticket import open_ticket
from tests.builders import refused
from tests.services.test_support_any_order import ZONE, Desk
from tests.services.test_support_any_order import world as prepaid_world

NOW = datetime(2026, 2, 3, 9, tzinfo=timezone.utc)
TODAY = date(2026, 2, 3)
TOPICS = {
	"Import": Topic("Import", Scope.EXCLUDED, "It is another service.", "Success Pack"),
	"On site": Topic("On site", Scope.EXCLUDED, "We come nowhere."),
	"Visit": Topic("Visit", Scope.EXCLUDED, item="Day"),
	"Migration": Topic("Migration", Scope.BY_QUOTE),
	"Update": Topic("Update", flat_credits=120),
}


class Telling(Desk):
	def __init__(self) -> None:
		super().__init__()
		self.told: list[tuple[str, dict]] = []

	def tell(self, customer: str, kind: str, ticket: Ticket | None = None, **figures: object) -> None:
		self.told.append((kind, figures))


def world(success_pack: str | None = None) -> OfferPorts:
	policies = {"Prepaid": SlaPolicy("Prepaid", credits=CreditRules())}
	promises = MemoryPromises(ZONE, policies, TOPICS, {}, [], {"Ana": "Prepaid"})
	support = replace(prepaid_world("Prepaid"), promises=promises, desk=Telling())
	office = WorkingTime(Calendar("office", windows={day: ((540, 1020),) for day in range(5)}))
	return OfferPorts(support, MemoryQuotes(success_pack), MemoryTrainings(office), MemoryTrainingNews())


def asked(ports: OfferPorts, topic: str | None, kind: TicketKind = TicketKind.QUERY) -> None:
	is_update = kind is TicketKind.UPDATE
	ticket = Ticket("T1", "Ana", 3, kind, "email", NOW, topic=topic, customised=is_update)
	ports.support.tickets.add(ticket)  # type: ignore[attr-defined]
	open_ticket("T1", NOW, ports.support)
	ports.support.desk.told.clear()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
	("topic", "made", "told"),
	[
		("Import", Proposal("T1", "Ana", "Import", "Success Pack", "It is another service."), "excluded"),
		("Visit", Proposal("T1", "Ana", "Visit"), "excluded"),
		("Migration", Proposal("T1", "Ana", "Migration"), "by_quote"),
		("On site", None, "excluded"),
	],
)
def test_what_is_not_included_is_explained_and_quoted_once(topic: str, made: Proposal | None, told: str):
	ports = world("Success Pack")
	asked(ports, topic)
	first = offer("T1", TODAY, ports)
	assert ports.quotes.all.get("T1") == made  # type: ignore[attr-defined]
	assert [kind for kind, _ in ports.support.desk.told] == [told]  # type: ignore[attr-defined]
	if made:
		assert offer("T1", TODAY, ports) == first == "Q-T1"
		assert len(ports.support.desk.told) == 1  # type: ignore[attr-defined]
	else:
		with refused("nothing_to_quote", ticket="T1"):
			quote("T1", TODAY, ports)


def test_an_update_of_a_customised_system_without_a_topic_is_offered_the_success_pack():
	ports = world("Success Pack")
	asked(ports, None, TicketKind.UPDATE)
	quote("T1", TODAY, ports)
	assert ports.quotes.all["T1"].pack == "Success Pack"  # type: ignore[attr-defined]


def test_an_update_of_a_customised_system_with_a_topic_is_quoted_as_that_topic():
	ports = world("Success Pack")
	asked(ports, "Update", TicketKind.UPDATE)
	quote("T1", TODAY, ports)
	assert ports.quotes.all["T1"] == Proposal("T1", "Ana", "Update")  # type: ignore[attr-defined]


def test_what_is_included_needs_no_offer():
	ports = world()
	asked(ports, None)
	with refused("needs_no_offer", ticket="T1"):
		offer("T1", TODAY, ports)
