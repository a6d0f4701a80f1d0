"""Can an invoice that multiplies quantity and rate show every charge exactly?"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscription_mgmt.engine.charges import charge_key, total
from subscription_mgmt.engine.money import rounded
from tests.builders import a_charge, cents, day, money


@pytest.mark.parametrize(
	("quantity", "rate", "amount", "expected"),
	[
		("2", "50.00", "100.00", ("2", "50.00")),
		("2", "50.00", "55.25", ("1", "55.25")),
		("3", "0.335", "1.01", ("1", "1.01")),
		("1", "100.00", "-40.00", ("1", "-40.00")),
		("1", "0.00", "0.00", ("1", "0.00")),
	],
)
def test_a_part_of_a_period_is_sold_as_one_piece(
	quantity: str, rate: str, amount: str, expected: tuple[str, str]
):
	charge = a_charge(amount, quantity=money(quantity), rate=money(rate))
	assert charge.as_sold() == tuple(map(money, expected))


@given(
	st.integers(1, 500),
	st.integers(0, 10**9).map(lambda number: Decimal(number).scaleb(-4)),
	st.integers(0, 366),
	st.integers(0, 3),
)
def test_as_sold_always_multiplies_to_the_amount(quantity: int, rate: Decimal, part_days: int, decimals: int):
	for share in (Decimal(1), Decimal(part_days) / 366, -Decimal(part_days) / 366):
		amount = rounded(rate * quantity * share, decimals)
		charge = a_charge(quantity=Decimal(quantity), rate=rate, amount=amount, decimals=decimals)
		sold, at = charge.as_sold()
		assert sold * at == amount
		assert at == rounded(at, decimals)


@pytest.mark.parametrize(("amount", "is_part"), [("100.00", False), ("99.99", True), ("-100.00", True)])
def test_a_charge_knows_whether_it_is_a_part(amount: str, is_part: bool):
	assert a_charge(amount, quantity=money("2"), rate=money("50.00")).is_part_of_a_period is is_part


def test_the_key_tells_apart_contract_thing_day_and_generation():
	base = ("C1", "plan:Basic", day("2026-01-31"), 0)
	others = [
		("C2", "plan:Basic", day("2026-01-31"), 0),
		("C1", "plan:Pro", day("2026-01-31"), 0),
		("C1", "plan:Basic", day("2026-02-28"), 0),
		("C1", "plan:Basic", day("2026-01-31"), 1),
	]
	assert charge_key(*base) == "C1|plan:Basic|2026-01-31|0"
	assert len({charge_key(*each) for each in [base, *others]}) == 5


@given(st.lists(cents, max_size=5))
def test_the_total_is_the_sum_of_the_amounts(amounts: list[Decimal]):
	assert total(a_charge(amount=each) for each in amounts) == sum(amounts, Decimal(0))
