"""Is each record taken once, told of once, billed once, and explained as it was billed?"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from subscription_mgmt.adapters.memory_usage import MemoryUsage
from subscription_mgmt.engine.catalogue import Aggregate, Excess, Quota
from subscription_mgmt.engine.charges import Charge, ChargeKind
from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.engine.usage import UsageRecord
from subscription_mgmt.services.activate import activate
from subscription_mgmt.services.bill import bill
from subscription_mgmt.services.entitlement import entitlement
from subscription_mgmt.services.explain_usage import explain_charge, explain_charges, running_month
from subscription_mgmt.services.ports import Ports
from subscription_mgmt.services.preview import preview
from subscription_mgmt.services.record_usage import Intake, record_usage
from tests.builders import YEARLY, a_draft, a_plan, day, refused, some_ports

USERS = Quota("users", Decimal(1), Aggregate.PEAK, Excess.BILL, Decimal(12), per_module=True)
COMPANIES = Quota("companies", Decimal(2), Aggregate.LAST)
NOW = datetime.fromisoformat("2026-01-20 12:00")


@dataclass
class Sent:
	"""Notices, remembered."""

	kinds: list[str] = field(default_factory=list)

	def send(self, contract: Contract, kind: str, **figures: object) -> None:
		self.kinds.append(kind)


def metered_ports() -> tuple[Ports, Sent]:
	"""C1, active since 1 January for a year."""
	sent = Sent()
	ports = some_ports(a_draft(interval=YEARLY), plans=(a_plan(quotas=(USERS, COMPANIES)),))
	ports = replace(ports, usage=MemoryUsage(), notices=sent)
	activate("C1", day("2026-01-01"), ports)
	return ports, sent


def users(
	value: int, at: str = "2026-01-10", key: str | None = None, names: tuple[str, ...] = ()
) -> UsageRecord:
	return UsageRecord(
		key or f"{at} {value}", "users", datetime.fromisoformat(at), Decimal(value), "CRM", names
	)


def take(ports: Ports, *records: UsageRecord, now: datetime = NOW) -> Intake:
	return record_usage("C1", records, now, ports)


def usage_charges(ports: Ports) -> list[Charge]:
	return [each for each in ports.ledger.charges_of("C1") if each.kind is not ChargeKind.PLAN]


def test_what_is_refused_of_a_batch_does_not_stop_the_rest():
	ports, _ = metered_ports()
	intake = take(ports, users(2), users(-1), users(2), users(3, key="2026-01-10 2"), users(4))
	assert ([record.value for record in intake.taken], intake.duplicates) == ([2, 4], 1)
	assert [(n, error.code) for n, error in intake.refused] == [
		(1, "negative_usage"),
		(3, "usage_key_reused"),
	]


def test_alerts_of_a_batch_are_sent_once_and_not_again_in_the_same_month():
	ports, sent = metered_ports()
	take(ports, users(2), users(3), users(1))
	take(ports, users(5))
	assert sent.kinds == ["quota_80", "quota_100"]
	take(ports, users(2, at="2026-02-03"), now=NOW + timedelta(days=30))
	assert sent.kinds == ["quota_80", "quota_100"] * 2


def test_late_records_are_billed_with_the_next_bill_and_alarm_nobody():
	ports, sent = metered_ports()
	take(ports, users(2))
	bill("C1", day("2026-02-01"), ports)
	sent.kinds.clear()
	take(ports, users(4, at="2026-01-11"), now=NOW + timedelta(days=20))
	assert sent.kinds == []
	bill("C1", day("2026-02-10"), ports)
	assert [charge.amount for charge in usage_charges(ports)] == [12]
	bill("C1", day("2026-03-01"), ports)
	assert [(str(charge.period.start), charge.amount) for charge in usage_charges(ports)] == [
		("2026-01-01", 12),
		("2026-01-01", 24),
		("2026-02-01", 36),
	]
	bill("C1", day("2026-03-01"), ports)
	bill("C1", day("2026-04-01"), ports)
	assert [charge.amount for charge in usage_charges(ports)][3:] == [36]


def test_a_charge_is_explained_by_the_days_and_users_that_made_it():
	ports, _ = metered_ports()
	take(ports, users(3, names=("ana", "ben", "eva")), users(1, at="2026-01-12", names=("ana",)))
	bill("C1", day("2026-02-01"), ports)
	figure = explain_charge(usage_charges(ports)[0], ports)
	assert figure is not None and figure.over == usage_charges(ports)[0].quantity == 2
	assert [(row.day.day, row.over, row.subjects) for row in figure.days[9:12]] == [
		(10, 2, ("ana", "ben", "eva")),
		(11, 2, ("ana", "ben", "eva")),
		(12, 0, ("ana",)),
	]


def test_what_is_behind_an_invoice_is_looked_up_once_for_all_its_modules():
	ports, _ = metered_ports()
	take(ports, users(3), users(2, at="2026-01-11"))
	bill("C1", day("2026-02-01"), ports)
	(charge,) = usage_charges(ports)
	looked = []
	usage = type(
		"Counted", (), {"since": lambda _self, *asked: looked.append(asked) or ports.usage.since(*asked)}
	)()
	found = explain_charges([charge, replace(charge, module="Another"), charge], replace(ports, usage=usage))
	assert [(each, figure.over) for each, figure in found] == [(charge, 2), (charge, 2)]
	assert len(looked) == 1


def test_the_running_month_says_what_would_be_billed_and_the_preview_of_renewals_leaves_usage_out():
	ports, _ = metered_ports()
	take(ports, users(3))
	assert [each.over for each in running_month("C1", NOW.date(), ports)] == [2]
	(_, charges), *_ = preview(ports.contracts.get("C1"), NOW.date(), 1, ports)
	assert {charge.kind for charge in charges} == {ChargeKind.PLAN}


def test_a_system_asks_before_it_uses_more():
	ports, _ = metered_ports()
	take(ports, UsageRecord("a", "companies", NOW, Decimal(1)), users(1))
	one, two = (entitlement("C1", "companies", None, Decimal(n), NOW, ports) for n in (1, 2))
	assert (one.allowed, two.allowed, two.missing) == (True, False, 1)
	more = entitlement("C1", "users", "CRM", Decimal(1), NOW, ports)
	assert (more.allowed, more.billed, more.used, more.quota) == (True, True, 1, 1)
	with refused("unknown_metric"):
		entitlement("C1", "printers", None, Decimal(1), NOW, ports)


def test_a_report_of_nothing_changes_nothing():
	ports, _ = metered_ports()
	before = ports.contracts.get("C1")
	assert take(ports) == Intake()
	assert ports.contracts.get("C1") == before


def test_a_contract_that_is_no_draft_and_not_over_is_needed():
	draft = some_ports(a_draft(), plans=(a_plan(quotas=(COMPANIES,)),))
	with refused("contract_not_active"):
		take(draft, users(1))
