"""What happens when a user is registered, changed or removed: is he counted, metered, refused, and written down?"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from subscription_mgmt.adapters.memory_usage import MemoryUsage
from subscription_mgmt.engine.catalogue import Aggregate, Excess, Quota
from subscription_mgmt.engine.charges import Charge, ChargeKind
from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.engine.users import ContractUser
from subscription_mgmt.services.activate import activate
from subscription_mgmt.services.add_pack import add_pack
from subscription_mgmt.services.bill import bill
from subscription_mgmt.services.change_user import change_user
from subscription_mgmt.services.contract_users import Standing
from subscription_mgmt.services.ports import Ports
from subscription_mgmt.services.register_user import register_user, would_register
from subscription_mgmt.services.remove_user import remove_user
from tests.builders import YEARLY, a_draft, a_pack, a_plan, day, refused, some_ports

BILLED = Quota("users", Decimal(1), Aggregate.PEAK, Excess.BILL, Decimal(12), per_module=True)
BLOCKED = replace(BILLED, excess=Excess.BLOCK, price=None)
NOW = datetime.fromisoformat("2026-01-20 12:00")


@dataclass
class Sent:
	kinds: list[str] = field(default_factory=list)

	def send(self, contract: Contract, kind: str, **figures: object) -> None:
		self.kinds.append(kind)


def office(quota: Quota = BILLED) -> Ports:
	"""C1, active since 1 January for a year, with its administrator."""
	plan = a_plan(modules=("CRM", "Sales"), quotas=(quota,))
	pack = a_pack(name="Extra user", per_module=True)
	ports = some_ports(a_draft(interval=YEARLY), plans=(plan,), packs=(pack,))
	ports = replace(ports, usage=MemoryUsage(), notices=Sent())
	activate("C1", day("2026-01-01"), ports)
	register(ports, "ana", now=NOW - timedelta(days=19))
	return ports


def register(ports: Ports, login: str, *modules: str, now: datetime = NOW) -> Standing:
	return register_user("C1", ContractUser(login, modules=modules), now, ports)


def usage_charges(ports: Ports) -> list[Charge]:
	return [each for each in ports.ledger.charges_of("C1") if each.kind is ChargeKind.USAGE]


def test_the_administrator_alone_costs_nothing():
	ports = office()
	bill("C1", day("2026-02-01"), ports)
	assert usage_charges(ports) == []


def test_a_user_without_a_pack_is_metered_for_each_module_he_may_open_and_named_on_the_charge():
	ports = office()
	register(ports, "ben", "CRM", "Sales")
	bill("C1", day("2026-02-01"), ports)
	assert [(charge.module, charge.amount) for charge in usage_charges(ports)] == [("CRM", 12), ("Sales", 12)]
	assert usage_charges(ports)[0].basis.subjects == ("ana", "ben")
	assert (usage_charges(ports)[0].basis.day, usage_charges(ports)[0].basis.days_over) == (NOW.date(), 12)


def test_a_pack_for_the_module_spares_the_invoice_for_usage_of_that_module():
	ports = office()
	add_pack("C1", "Extra user", 1, "CRM", NOW.date(), ports)
	register(ports, "ben", "CRM", "Sales")
	bill("C1", day("2026-02-01"), ports)
	assert [(charge.module, charge.amount) for charge in usage_charges(ports)] == [("Sales", 12)]


def test_it_says_beforehand_what_would_be_metered_and_stores_nothing():
	ports = office()
	would = would_register("C1", ContractUser("ben", modules=("CRM",)), NOW, ports)
	assert [(each.module, each.extra, each.price) for each in would.seats] == [
		("CRM", 1, 12),
		("Sales", 0, 12),
	]
	assert [user.login for user in ports.users.of("C1")] == ["ana"]


def test_who_has_no_place_is_refused_where_the_quota_blocks_and_nothing_is_counted():
	ports = office(BLOCKED)
	with refused("users_beyond_quota", module="CRM", users=2, allowed="1"):
		register(ports, "ben", "CRM")
	assert [record.value for record in ports.usage.since("C1", day("2026-01-01"))] == [1, 1]
	add_pack("C1", "Extra user", 1, "CRM", NOW.date(), ports)
	register(ports, "ben", "CRM")
	with refused("users_beyond_quota", module="Sales"):
		change_user("C1", "ben", {"modules": ("CRM", "Sales")}, NOW, ports)


def test_who_is_removed_or_not_enabled_counts_no_more_from_then_on():
	ports = office()
	register(ports, "ben", "CRM")
	register(ports, "eva", "CRM")
	change_user("C1", "ben", {"enabled": False}, NOW + timedelta(days=1), ports)
	remove_user("C1", "eva", NOW + timedelta(days=1), ports)
	for night in ("2026-02-01", "2026-03-01"):
		bill("C1", day(night), ports)
	assert [(str(charge.period.start), charge.amount) for charge in usage_charges(ports)] == [
		("2026-01-01", 24)
	]


def test_every_change_stands_in_the_history_once():
	ports = office()
	register(ports, "ben", "CRM")
	change_user("C1", "ben", {"modules": ("Sales",)}, NOW, ports)
	change_user("C1", "ben", {"modules": ("Sales",)}, NOW, ports)
	remove_user("C1", "ben", NOW, ports)
	assert ports.journal.notes[1:] == [
		("user_added", {"user": "ben", "modules": "CRM"}),
		("user_changed", {"user": "ben", "before": "CRM", "after": "Sales"}),
		("user_removed", {"user": "ben"}),
	]


def test_the_customer_is_told_when_the_quota_is_reached():
	ports = office()
	ports.notices.kinds.clear()
	register(ports, "ben", "CRM", now=NOW + timedelta(days=30))
	assert ports.notices.kinds == ["quota_80", "quota_100"]


def test_a_draft_has_no_users_yet_and_a_suspended_contract_gets_no_more():
	draft = some_ports(a_draft())
	with refused("contract_not_active"):
		register(draft, "ana")
	ports = office()
	register(ports, "ben", "CRM")
	contract = ports.contracts.get("C1")
	ports.contracts.save(contract, contract.moved("past_due").moved("grace_over"))
	with refused("suspended_pays_first"):
		register(ports, "eva", "CRM")
	with refused("suspended_pays_first"):
		change_user("C1", "ben", {"modules": ("CRM", "Sales")}, NOW, ports)
	change_user("C1", "ben", {"modules": ()}, NOW, ports)
