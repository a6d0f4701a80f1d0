"""Does a removed pack stop at the period's end, and does the journal hear of it?"""

import pytest

from subscription_mgmt.engine.contracts import PackLine
from subscription_mgmt.services.bill import bill
from subscription_mgmt.services.remove_pack import remove_pack
from tests.builders import a_contract, amounts_of, day, refused, some_ports

HELD = a_contract(packs=(PackLine("Users", 5, day("2026-01-01")),))


@pytest.mark.parametrize(
	("quantity", "noted", "next_invoice"),
	[(2, 2, ["100.00", "30.00"]), (5, 5, ["100.00"]), (None, "all", ["100.00"])],
)
def test_what_is_removed_is_not_on_the_next_invoice(quantity: int | None, noted, next_invoice: list[str]):
	ports = some_ports(HELD)
	bill("C1", day("2026-01-01"), ports)
	remove_pack("C1", "Users", quantity, None, day("2026-01-20"), ports)
	bill("C1", day("2026-02-01"), ports)
	paid, following = ports.journal.invoices
	assert amounts_of(paid.lines) == ["100.00", "50.00"]
	assert amounts_of(following.lines) == next_invoice
	assert ports.journal.notes == [("pack_removed", {"pack": "Users", "quantity": noted, "module": "-"})]


@pytest.mark.parametrize(
	("name", "pack", "quantity", "code"),
	[
		("C9", "Users", 1, "unknown_contract"),
		("C1", "Robots", 1, "pack_not_on_contract"),
		("C1", "Users", 6, "fewer_packs"),
		("C1", "Users", 0, "quantity_not_positive"),
	],
)
def test_a_refused_removal_leaves_no_trace(name: str, pack: str, quantity: int, code: str):
	ports = some_ports(HELD)
	with refused(code):
		remove_pack(name, pack, quantity, None, day("2026-01-20"), ports)
	assert ports.contracts.get("C1") == HELD
	assert ports.journal.notes == []


def test_packs_of_a_disabled_customer_can_be_removed():
	ports = some_ports(HELD, disabled=("Ana",))
	remove_pack("C1", "Users", None, None, day("2026-01-20"), ports)
	assert ports.contracts.get("C1").packs[0].ends_on == day("2026-02-01")
