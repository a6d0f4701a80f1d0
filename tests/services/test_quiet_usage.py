"""Does closing the months of those that owe nothing come to the same as billing each of them?"""

from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from subscription_mgmt.engine.usage import UsageRecord
from subscription_mgmt.services.add_pack import add_pack
from subscription_mgmt.services.bill import bill
from subscription_mgmt.services.ports import Ports
from subscription_mgmt.services.quiet_usage import quiet_usage
from subscription_mgmt.services.record_usage import record_usage
from tests.builders import day
from tests.services.test_contract_users import office

BEGIN = datetime.fromisoformat("2026-01-01 08:00")


def measured(ports: Ports, levels: list[tuple[int, int, str]]) -> None:
	for n, (after, value, module) in enumerate(sorted(levels)):
		at = BEGIN + timedelta(days=after)
		record = UsageRecord(f"m{n}", "users", at, Decimal(value), module)
		record_usage("C1", [record], at, ports)


levels = st.lists(
	st.tuples(st.integers(0, 90), st.integers(0, 3), st.sampled_from(["CRM", "Sales"])), max_size=6
)


@given(levels, st.integers(0, 2), st.integers(1, 110))
def test_whoever_is_passed_over_owes_nothing_and_whoever_is_not_owes_something(
	given_levels: list[tuple[int, int, str]], packs: int, nights: int
):
	ports = office()
	if packs:
		add_pack("C1", "Extra user", packs, "CRM", day("2026-01-02"), ports)
	measured(ports, given_levels)
	today = day("2026-01-01") + timedelta(days=nights)
	contract = ports.contracts.get("C1")
	charged = len(ports.ledger.charges_of("C1"))
	closed = list(quiet_usage([(contract, today)], ports))
	assert ports.contracts.get("C1") == contract, "only decided, nothing stored"
	bill("C1", today, ports)
	owes = len(ports.ledger.charges_of("C1")) > charged
	if closed:
		assert not owes
		assert closed == [(contract, ports.contracts.get("C1"))]
	else:
		assert owes or ports.contracts.get("C1") == contract
