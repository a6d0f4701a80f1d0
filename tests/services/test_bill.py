"""Is a night's billing harmless to repeat, and does a failure leave nothing behind?"""

from dataclasses import replace

import pytest

from subscription_mgmt.engine.contracts import PackLine, Status
from subscription_mgmt.services.bill import bill
from tests.builders import (
	a_charge,
	a_contract,
	a_draft,
	a_plan,
	a_trial,
	amounts_of,
	day,
	money,
	price,
	refused,
	some_ports,
)


def test_missed_periods_come_on_one_invoice_and_are_charged_once():
	ports = some_ports(a_contract())
	for _ in range(3):
		bill("C1", day("2026-03-05"), ports)
	(invoice,) = ports.journal.invoices
	assert amounts_of(invoice.lines) == ["100.00"] * 3
	assert ports.contracts.get("C1").next_billing == day("2026-04-01")


def test_a_night_with_nothing_due_writes_nothing():
	ports = some_ports(a_contract(next_billing=day("2026-02-01")))
	bill("C1", day("2026-01-31"), ports)
	assert ports.contracts.get("C1") == a_contract(next_billing=day("2026-02-01"))
	assert (ports.journal.invoices, ports.journal.moves, ports.ledger.charges_of("C1")) == ([], [], ())


def test_a_draft_is_not_billed():
	ports = some_ports(a_draft())
	bill("C1", day("2026-06-01"), ports)
	assert ports.contracts.get("C1") == a_draft()


def test_the_journal_hears_of_a_trial_that_is_over_and_of_a_term_that_is_over():
	ports = some_ports(a_trial(until="2026-01-15", ends_on=day("2026-02-15")))
	bill("C1", day("2026-01-15"), ports)
	bill("C1", day("2026-02-15"), ports)
	assert ports.journal.moves == [(Status.TRIALLING, Status.ACTIVE), (Status.ACTIVE, Status.ENDED)]
	assert len(ports.journal.invoices) == 1


def test_a_disabled_customer_is_not_billed_and_the_period_stays_due():
	ports = some_ports(a_contract(), disabled=("Ana",))
	with refused("customer_disabled", customer="Ana"):
		bill("C1", day("2026-01-01"), ports)
	assert ports.contracts.get("C1") == a_contract()
	assert ports.ledger.charges_of("C1") == ()


def test_a_disabled_customers_contract_still_ends_on_its_day():
	ended = a_contract(next_billing=day("2026-02-01"), ends_on=day("2026-02-01"))
	ports = some_ports(ended, disabled=("Ana",))
	bill("C1", day("2026-02-01"), ports)
	assert ports.contracts.get("C1").status is Status.ENDED


@pytest.mark.parametrize(
	("contract", "code"),
	[
		(a_contract(plan="Gold"), "unknown_plan"),
		(a_contract(packs=(PackLine("Robots", 1, day("2026-01-01")),)), "unknown_pack"),
		(a_contract(currency="EUR"), "no_price"),
	],
)
def test_a_contract_that_cannot_be_billed_is_left_as_it_was(contract, code: str):
	ports = some_ports(contract)
	with refused(code):
		bill("C1", day("2026-03-01"), ports)
	assert ports.contracts.get("C1") == contract
	assert ports.ledger.charges_of("C1") == ()
	assert ports.journal.invoices == []


def test_one_bad_contract_does_not_touch_another():
	ports = some_ports(a_contract(plan="Gold"), a_contract(name="C2"))
	with refused("unknown_plan"):
		bill("C1", day("2026-01-01"), ports)
	bill("C2", day("2026-01-01"), ports)
	assert [invoice.contract for invoice in ports.journal.invoices] == ["C2"]


def test_a_debt_that_exists_already_is_refused_by_the_ledger():
	ports = some_ports(a_contract())
	ports.ledger.add(a_contract(), [a_charge()])
	with refused("charged_before", key="C1|plan:Basic|2026-01-01|0"):
		bill("C1", day("2026-01-01"), ports)


def test_a_credit_kept_from_before_pays_the_next_invoice():
	ports = some_ports(a_contract())
	ports.ledger.credit["Ana", "USD"] = money("130.00")
	bill("C1", day("2026-01-01"), ports)
	bill("C1", day("2026-02-01"), ports)
	assert [invoice.total for invoice in ports.journal.invoices] == [money("0.00"), money("70.00")]
	assert ports.ledger.credit["Ana", "USD"] == 0


def test_a_plan_that_costs_nothing_is_charged_and_not_invoiced():
	ports = some_ports(a_contract(), plans=(a_plan(prices=(price("0.00"),)),))
	bill("C1", day("2026-02-01"), ports)
	assert len(ports.ledger.charges_of("C1")) == 2
	assert ports.journal.invoices == []


def test_a_suspended_contract_is_left_alone():
	suspended = replace(a_contract(), status=Status.SUSPENDED)
	ports = some_ports(suspended)
	bill("C1", day("2026-06-01"), ports)
	assert ports.contracts.get("C1") == suspended
	assert ports.journal.invoices == []
