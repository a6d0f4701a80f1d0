"""What does an invoice carry when credits meet charges?"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscription_mgmt.engine.charges import ChargeKind
from subscription_mgmt.engine.invoicing import Invoice, due_on, settle
from subscription_mgmt.engine.money import ZERO
from tests.builders import CENT, a_charge, amounts_of, cents, day, money

TODAY = day("2026-01-01")


def some_charges(*amounts: str):
	return [a_charge(amount, key=f"C1|{number}") for number, amount in enumerate(amounts)]


@pytest.mark.parametrize(
	("amounts", "credit", "lines", "change"),
	[
		([], "0", [], "0"),
		(["100.00"], "0", ["100.00"], "0"),
		(["100.00", "-40.00"], "0", ["100.00", "-40.00"], "0"),
		(["100.00", "-140.00"], "0", [], "40.00"),
		(["100.00", "-100.00"], "0", [], "0"),
		(["-40.00"], "10.00", [], "40.00"),
		(["0.00"], "10.00", [], "0"),
		(["100.00"], "40.00", ["100.00", "-40.00"], "-40.00"),
		(["100.00"], "100.00", ["100.00", "-100.00"], "-100.00"),
		(["100.00", "-30.00"], "500.00", ["100.00", "-30.00", "-70.00"], "-70.00"),
	],
)
def test_a_net_credit_is_kept_and_pays_the_next_invoice(
	amounts: list[str], credit: str, lines: list[str], change: str
):
	settled = settle(some_charges(*amounts), money(credit), TODAY)
	assert amounts_of(settled.lines) == lines
	assert settled.credit_change == money(change)


def test_the_credit_used_is_a_line_of_its_own():
	charge = a_charge("100.00", module="CRM")
	line = settle([charge], money("40.00"), TODAY).lines[-1]
	assert (line.kind, line.what, line.key) == (ChargeKind.BALANCE, "Account credit", f"{charge.key}|balance")
	assert (line.quantity, line.rate, line.amount) == (1, money("-40.00"), money("-40.00"))
	assert (line.period, line.module, line.charged_on) == (None, None, TODAY)


@given(st.lists(st.integers(-100_000, 100_000).map(lambda number: number * CENT), max_size=8), cents)
def test_what_is_charged_is_invoiced_or_moves_the_credit(amounts: list[Decimal], credit: Decimal):
	settled = settle(some_charges(*map(str, amounts)), credit, TODAY)
	invoiced = sum((line.amount for line in settled.lines), ZERO)
	assert invoiced - settled.credit_change == sum(amounts, ZERO)
	assert invoiced >= 0
	assert credit + settled.credit_change >= 0


@pytest.mark.parametrize(("days", "expected"), [(0, "2026-01-01"), (30, "2026-01-31"), (31, "2026-02-01")])
def test_an_invoice_is_due_after_the_days_to_pay(days: int, expected: str):
	assert due_on(TODAY, days) == day(expected)


def test_an_invoice_totals_its_lines():
	lines = tuple(some_charges("100.00", "-40.00"))
	assert Invoice("Ana", "C1", "USD", TODAY, TODAY, lines).total == money("60.00")
