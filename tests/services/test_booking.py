"""Is the customer warned once on each way down, whatever takes his credits, and is nothing taken twice?"""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from subscription_mgmt.adapters.memory import MemoryCatalogue
from subscription_mgmt.adapters.memory_support import MemoryPromises
from subscription_mgmt.engine.catalogue import Pack, PackKind
from subscription_mgmt.engine.charges import ChargeKind
from subscription_mgmt.engine.support_credits import LineKind, TicketKind
from subscription_mgmt.engine.support_policies import CreditRules, SlaPolicy
from subscription_mgmt.engine.tickets import Ticket
from subscription_mgmt.services.expire_credits import expire_credits
from subscription_mgmt.services.grant_credits import grant_credits
from subscription_mgmt.services.open_ticket import open_ticket
from subscription_mgmt.services.resolve import resolve
from subscription_mgmt.services.support_ports import SupportPorts
from subscription_mgmt.services.work import work
from tests.builders import a_charge, price
from tests.services.test_offer import Telling
from tests.services.test_support_any_order import ZONE, world
from tests.services.test_support_any_order import Base as Known

NOW = datetime(2026, 2, 3, 9, tzinfo=timezone.utc)
TODAY = date(2026, 2, 3)
PACK = Pack("120", PackKind.SUPPORT_CREDITS, (price("120.00", None),), False, True, credits=120)
BOUGHT = a_charge(kind=ChargeKind.PACK, what="120", contract=None, period=None)


class Base(Known):
	catalogue = MemoryCatalogue({}, {"120": PACK})


def prepaid(expire_months: int = 0) -> SupportPorts:
	rules = CreditRules(low_balance=30, expire_months=expire_months)
	policies = {"Prepaid": SlaPolicy("Prepaid", credits=rules)}
	promises = MemoryPromises(ZONE, policies, {}, {}, [PACK], {"Ana": "Prepaid"})
	return replace(world("Prepaid"), base=Base(), promises=promises, desk=Telling())


def warnings(ports: SupportPorts) -> list[int]:
	return [told["balance"] for kind, told in ports.desk.told if kind == "low_balance"]  # type: ignore[attr-defined]


def settle(ports: SupportPorts, is_paid: bool, share: str = "1") -> int:
	grant_credits([BOUGHT], is_paid, TODAY, NOW, ports, {BOUGHT.key: Decimal(share)})
	return ports.credits.balance("Ana")


def use(ports: SupportPorts, name: str, minutes: int) -> None:
	ports.tickets.add(Ticket(name, "Ana", 3, TicketKind.QUERY, "email", NOW))  # type: ignore[attr-defined]
	open_ticket(name, NOW, ports)
	work(name, minutes, NOW, ports)
	resolve(name, NOW, ports)


def test_uses_warn_once_on_the_way_down_and_again_after_the_next_pack():
	ports = prepaid()
	settle(ports, True)
	for number, minutes in enumerate([45, 45, 15]):  # 75, 30, 15 are left
		use(ports, f"T{number}", minutes)
	assert warnings(ports) == [30]


def test_a_sale_taken_back_warns_too_and_only_when_it_leaves_few():
	ports = prepaid()
	assert settle(ports, True) == 120
	assert settle(ports, True, "0.5") == 60
	assert warnings(ports) == []
	assert settle(ports, True, "0.25") == 30
	assert settle(ports, True, "0") == 0
	assert warnings(ports) == [30]


def test_credits_that_end_warn_too():
	ports = prepaid(expire_months=1)
	settle(ports, True)
	expire_credits("Ana", TODAY + timedelta(days=28), NOW, ports)
	assert ports.credits.balance("Ana") == 0
	assert warnings(ports) == [0]


def test_what_was_used_stays_and_is_neither_taken_later_nor_granted_twice():
	ports = prepaid()
	settle(ports, True)
	use(ports, "T1", 75)
	assert settle(ports, False) == 0
	lines = ports.credits.lines_from(BOUGHT.key)
	assert [(line.kind, line.change, line.kept) for line in lines] == [
		(LineKind.GRANT, 120, 0),
		(LineKind.REVERSAL, -45, 75),
	]
	assert settle(ports, False) == 0
	assert settle(ports, True) == 45
	assert settle(ports, True) == 45


def test_a_part_of_the_money_is_a_part_of_the_credits_and_no_part_of_one_is_granted():
	ports = prepaid()
	assert settle(ports, True, "0.3333") == 39
	assert settle(ports, True) == 120
