"""Is money rounded half-up, and does a split always add up?"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscription_mgmt.engine.money import rounded, split
from tests.builders import CENT, cents, money

weights = st.lists(st.integers(0, 1000), min_size=1, max_size=12).filter(any)


@pytest.mark.parametrize(
	("amount", "decimals", "expected"),
	[
		("2.344", 2, "2.34"),
		("2.345", 2, "2.35"),
		("2.355", 2, "2.36"),
		("-2.345", 2, "-2.35"),
		("0.005", 2, "0.01"),
		("99.5", 0, "100"),
		("98.5", 0, "99"),
		("1.0005", 3, "1.001"),
		("7", 2, "7.00"),
	],
)
def test_half_a_cent_goes_away_from_zero(amount: str, decimals: int, expected: str):
	assert str(rounded(money(amount), decimals)) == expected


@given(cents)
def test_a_credit_mirrors_its_charge(amount: Decimal):
	third = amount / 3
	assert rounded(-third) == -rounded(third)


@pytest.mark.parametrize(
	("amount", "shares", "decimals", "expected"),
	[
		("100.00", [1, 1, 1], 2, ["33.33", "33.33", "33.34"]),
		("0.01", [1, 1], 2, ["0.01", "0.00"]),
		("-100.00", [1, 1, 1], 2, ["-33.33", "-33.33", "-33.34"]),
		("100", [1, 1, 1], 0, ["33", "33", "34"]),
		("10.00", [0, 1], 2, ["0.00", "10.00"]),
		("10.00", [3], 2, ["10.00"]),
	],
)
def test_the_last_share_takes_the_odd_cent(
	amount: str, shares: list[int], decimals: int, expected: list[str]
):
	assert [str(share) for share in split(money(amount), shares, decimals)] == expected


@given(cents, weights)
def test_a_split_adds_up_and_no_share_but_the_last_is_off_by_a_cent(amount: Decimal, shares: list[int]):
	parts = split(amount, shares)
	assert sum(parts) == amount
	fair = [amount * weight / sum(shares) for weight in shares]
	assert all(abs(part - share) <= CENT / 2 for part, share in zip(parts[:-1], fair, strict=False))
	assert abs(parts[-1] - fair[-1]) <= CENT * len(parts) / 2


@pytest.mark.parametrize("shares", [[], [0, 0], [1, -1], [3, -1]])
def test_a_split_by_nothing_or_by_negative_weights_is_refused(shares: list[int]):
	with pytest.raises(ValueError):
		split(Decimal(1), shares)
