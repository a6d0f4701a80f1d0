"""Is the next invoice told as billing would make it, without a look at the ledger?"""

from dataclasses import replace

from subscription_mgmt.engine.contracts import PackLine, PlannedChange, Status
from subscription_mgmt.services.bill import bill
from subscription_mgmt.services.next_invoice import next_invoice
from tests.builders import MONTHLY, a_contract, a_pack, a_plan, amounts_of, day, prices, some_ports

TODAY = day("2026-01-11")
PAID = a_contract(next_billing=day("2026-02-01"))


def upcoming(contract, **changes):
	return next_invoice(contract, TODAY, some_ports(contract, **changes))


def test_the_day_and_the_lines_are_those_that_billing_makes():
	users = PackLine("Users", 2, day("2026-01-01"), billed_until=day("2026-02-01"))
	contract = replace(PAID, packs=(users,))
	ports = some_ports(contract)
	on, charges = next_invoice(contract, TODAY, ports)
	bill("C1", on, ports)
	assert (on, list(charges)) == (day("2026-02-01"), list(ports.ledger.charges_of("C1")))


def test_what_was_missed_is_due_today():
	on, charges = upcoming(a_contract("2025-12-01"))
	assert (on, amounts_of(charges)) == (TODAY, ["100.00", "100.00"])


def test_a_planned_change_is_in_it():
	contract = replace(PAID, planned=PlannedChange("Large", MONTHLY, day("2026-02-01")))
	_on, charges = upcoming(contract, plans=(a_plan(), a_plan(name="Large", prices=prices("300.00"))))
	assert [(charge.what, f"{charge.amount}") for charge in charges] == [("Large", "300.00")]


def test_there_is_none_where_nothing_recurs():
	assert upcoming(replace(PAID, status=Status.SUSPENDED)) is None
	assert upcoming(replace(PAID, ends_on=day("2026-02-01"))) is None
	assert upcoming(replace(PAID, next_billing=None)) is None


def test_a_gap_in_the_price_list_is_no_figure():
	assert upcoming(PAID, plans=(a_plan(prices=()),)) is None
	assert upcoming(replace(PAID, packs=(PackLine("Gone", 1, day("2026-01-01")),)), packs=(a_pack(),)) is None
