"""Do credits and tickets keep their promises in whatever order things happen to them?"""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from subscription_mgmt.adapters.memory import MemoryCatalogue, MemoryContracts, MemoryCustomers, MemoryLedger
from subscription_mgmt.adapters.memory_grants import MemoryGrants
from subscription_mgmt.adapters.memory_support import (
	MemoryCredits,
	MemoryPromises,
	MemoryTickets,
	MemoryTimers,
)
from subscription_mgmt.engine.catalogue import Pack, PackKind
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.routing import Route
from subscription_mgmt.engine.support_credits import CreditLine, LineKind, TicketKind, credits_for
from subscription_mgmt.engine.support_policies import CREDITS, CreditRules, SlaPolicy
from subscription_mgmt.engine.tickets import Ticket, TicketStatus
from subscription_mgmt.services.acknowledge import acknowledge
from subscription_mgmt.services.classify import Facts, classify
from subscription_mgmt.services.customer_reply import customer_reply
from subscription_mgmt.services.merge import merge
from subscription_mgmt.services.open_ticket import open_ticket
from subscription_mgmt.services.reopen import reopen
from subscription_mgmt.services.reply import reply
from subscription_mgmt.services.resolve import resolve
from subscription_mgmt.services.resume_ticket import resume_ticket, waiting_for_credits
from subscription_mgmt.services.set_severity import set_severity
from subscription_mgmt.services.support_ports import SupportPorts
from subscription_mgmt.services.wait import wait
from subscription_mgmt.services.watch_deadlines import watch_deadlines
from subscription_mgmt.services.work import work
from tests.builders import price

T0 = datetime(2026, 2, 3, 9, tzinfo=timezone.utc)
ZONE = ZoneInfo("UTC")
RULES = CreditRules(low_balance=30)
POLICIES = {
	"Prepaid": SlaPolicy("Prepaid", response={1: 60, 2: 120}, resolution={1: 240}, credits=RULES),
	"Capped": SlaPolicy("Capped", response={1: 60}, hour_cap=90, beyond_cap=CREDITS, credits=RULES),
	"Declining": SlaPolicy("Declining", resolution={1: 240, 2: 300}, hour_cap=90),
}
PACK = Pack("60", PackKind.SUPPORT_CREDITS, (price("60.00", None),), False, True, credits=60)


class Desk:
	def __init__(self) -> None:
		self.missed: list[tuple[str, str]] = []

	def tell(self, *news: object, **figures: object) -> None: ...

	def credited(self, line: CreditLine, balance: int) -> None: ...

	def breached(self, ticket: Ticket, target: str, due: datetime) -> None:
		self.missed.append((ticket.name, target))

	def near(self, *news: object) -> None: ...

	def merged(self, *news: object) -> None: ...

	def remarked(self, *news: object, **figures: object) -> None: ...


class Base:
	"""What support asks of the rest: customers, and contracts there are none of."""

	customers = MemoryCustomers()
	contracts = MemoryContracts()
	catalogue = MemoryCatalogue({}, {"60": PACK})
	ledger = MemoryLedger()


def world(policy: str) -> SupportPorts:
	promises = MemoryPromises(ZONE, POLICIES, {}, {}, [PACK], {"Ana": policy})
	tickets, credits = MemoryTickets(ZONE), MemoryCredits()
	return SupportPorts(Base(), tickets, credits, promises, Desk(), MemoryTimers(), MemoryGrants())  # type: ignore[arg-type]


def about(n: int) -> Facts:
	return Facts(
		list(TicketKind)[n % 3], production=n % 7 > 0, third_party=n % 11 == 0, customised=n % 5 == 0
	)


VERBS = {
	"acknowledge": lambda name, n, now, ports: acknowledge(name, now, ports),
	"wait": lambda name, n, now, ports: wait(name, now, ports),
	"reply": lambda name, n, now, ports: customer_reply(name, now, ports),
	"work": lambda name, n, now, ports: work(name, n, now, ports),
	"severity": lambda name, n, now, ports: set_severity(name, n % 4 + 1, "because", now, ports),
	"classify": lambda name, n, now, ports: classify(name, about(n), now, ports),
	"resolve": lambda name, n, now, ports: resolve(name, now, ports),
	"answer": lambda name, n, now, ports: reply(name, now, ports, n % 2 == 0),
	"reopen": lambda name, n, now, ports: reopen(name, "because", now, ports),
	"merge": lambda name, n, now, ports: merge(name, f"T{n % 3 + 1}", now, ports),
	"watch": lambda name, n, now, ports: watch_deadlines(name, now, ports),
}
happenings = st.lists(
	st.tuples(
		st.sampled_from([*VERBS, "open", "grant"]),
		st.sampled_from(["T1", "T2", "T3"]),
		st.integers(1, 130),
		st.sampled_from(TicketKind),
	),
	max_size=40,
)


def happen(happening: tuple, number: int, now: datetime, ports: SupportPorts) -> None:
	verb, name, n, kind = happening
	if verb == "open":
		ports.tickets.add(Ticket(name, "Ana", n % 4 + 1, kind, "email", now))  # type: ignore[attr-defined]
		open_ticket(name, now, ports)
	elif verb == "grant":
		ports.credits.add(CreditLine(f"grant {number}", "Ana", LineKind.GRANT, n, now))
		for waiting in waiting_for_credits("Ana", ports):
			resume_ticket(waiting, now, ports)
	else:
		VERBS[verb](name, n, now, ports)


@given(st.sampled_from(sorted(POLICIES)), happenings)
def test_no_order_of_things_breaks_a_promise(policy: str, story: list[tuple]):
	ports = world(policy)
	for number, happening in enumerate(story):
		try:
			happen(happening, number, T0 + timedelta(minutes=17 * number), ports)
		except DomainError:
			pass  # refused; what it left behind is judged below
		lines = ports.credits.lines_of("Ana")
		assert ports.credits.balance("Ana") == sum(line.change for line in lines) >= 0
	missed = ports.desk.missed  # type: ignore[attr-defined]
	assert len(missed) == len(set(missed))
	for ticket in ports.tickets.all.values():  # type: ignore[attr-defined]
		used = -sum(line.change for line in lines if line.ticket == ticket.name)
		assert ticket.charged == used
		if ticket.status is TicketStatus.RESOLVED and ticket.route is Route.CREDITS:
			assert used >= credits_for(ticket.kind, ticket.credit_minutes, RULES)
		if policy == "Declining":
			assert used == 0
	if policy != "Prepaid":
		assert sum(ticket.minutes for ticket in ports.tickets.all.values()) <= 90  # type: ignore[attr-defined]
