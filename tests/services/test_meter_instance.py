"""Is what a system says about itself on a day counted once, whoever asks however often?"""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from subscription_mgmt.engine.catalogue import Aggregate, Quota, ServiceModule
from subscription_mgmt.engine.systems import Reading
from subscription_mgmt.services.bill import bill
from subscription_mgmt.services.cancel import cancel_now
from subscription_mgmt.services.meter_instance import meter_instance
from subscription_mgmt.services.ports import Ports
from subscription_mgmt.services.register_user import register_user
from tests.builders import a_plan, day, refused, some_ports
from tests.services.test_contract_users import BILLED, NOW, office, usage_charges

EMAILS = Quota("emails", Decimal(100), Aggregate.SUM)


def measured(ports: Ports, *names: str, mails: int = 0, now: datetime = NOW) -> list[tuple]:
	readings = [Reading("users", len(names), "Selling", names), Reading("emails", mails)]
	_, intake = meter_instance("C1", readings, now, ports)
	return [(record.metric, record.module, record.value) for record in intake.taken]


def a_system() -> Ports:
	"""The office of the registered users, whose Sales module the system calls Selling, with its mails counted."""
	ports = office()
	plan = a_plan(modules=("CRM", "Sales"), quotas=(BILLED, EMAILS))
	modules = (ServiceModule("Sales", covers=("Selling",)), ServiceModule("CRM", covers=("CRM",)))
	return replace(ports, catalogue=some_ports(plans=(plan,), modules=modules).catalogue)


def test_measured_twice_on_a_day_it_counts_once_whatever_it_says_the_second_time():
	ports = a_system()
	assert measured(ports, "ana", "ben", mails=7) == [
		("emails", None, 7),
		("users", "CRM", 1),
		("users", "Sales", 2),
	]
	assert measured(ports, "ana", "ben", "eva", mails=9, now=NOW + timedelta(hours=3)) == []
	assert len(measured(ports, "ana", now=NOW + timedelta(days=1))) == 3


def test_who_can_open_a_module_and_is_not_registered_is_billed_and_named():
	ports = a_system()
	measured(ports, "ana", "zoe")
	bill("C1", day("2026-02-01"), ports)
	assert [(charge.module, charge.amount, charge.basis.subjects) for charge in usage_charges(ports)] == [
		("Sales", 12, ("ana", "zoe"))
	]


def test_who_was_removed_before_the_month_began_is_not_billed_for_it():
	"""The first reading of a day comes some minutes after midnight; until then the level of the day before holds."""
	ports = a_system()
	measured(ports, "ana", "zoe", now=datetime.fromisoformat("2026-01-31 00:20"))
	for of_february in (1, 2):
		measured(ports, "ana", now=datetime.fromisoformat(f"2026-02-0{of_february} 00:20"))
	bill("C1", day("2026-03-01"), ports)
	assert [(str(charge.period.start), charge.quantity) for charge in usage_charges(ports)] == [
		("2026-01-01", 1)
	]


def test_registering_after_a_reading_counts_both():
	ports = a_system()
	measured(ports, "ana", "zoe")
	register_user(
		"C1",
		replace(ports.users.of("C1")[0], login="ben", modules=("Sales",), is_administrator=False),
		NOW,
		ports,
	)
	bill("C1", day("2026-02-01"), ports)
	assert [charge.amount for charge in usage_charges(ports)] == [24]


def test_what_a_quota_blocks_is_taken_up_to_it_and_the_customer_told():
	ports = a_system()
	ports.notices.kinds.clear()
	measured(ports, mails=130)
	assert "blocked" in ports.notices.kinds


def test_a_contract_that_is_over_is_not_measured():
	ports = a_system()
	cancel_now("C1", NOW.date(), ports)
	with refused("contract_over"):
		measured(ports, "ana")
