"""Does switching renewal decide whether the contract ends with its period?"""

from subscription_mgmt.engine.contracts import Status
from subscription_mgmt.services.bill import bill
from subscription_mgmt.services.set_renewal import set_renewal
from tests.builders import a_contract, a_draft, day, refused, some_ports


def test_switched_off_the_contract_ends_unbilled_with_its_period():
	ports = some_ports(a_contract())
	bill("C1", day("2026-01-01"), ports)
	set_renewal("C1", False, day("2026-01-10"), ports)
	bill("C1", day("2026-02-01"), ports)
	assert ports.contracts.get("C1").status is Status.ENDED
	assert len(ports.journal.invoices) == 1
	assert ports.journal.notes == [("renewal_off", {"day": day("2026-02-01")})]


def test_switched_on_again_the_contract_goes_on():
	ports = some_ports(a_contract())
	bill("C1", day("2026-01-01"), ports)
	set_renewal("C1", False, day("2026-01-10"), ports)
	set_renewal("C1", True, day("2026-01-31"), ports)
	bill("C1", day("2026-02-01"), ports)
	assert ports.contracts.get("C1").status is Status.ACTIVE
	assert len(ports.journal.invoices) == 2
	assert [code for code, _ in ports.journal.notes] == ["renewal_off", "renewal_on"]


def test_a_contract_not_begun_or_over_refuses_the_switch():
	ports = some_ports(a_draft(), a_contract(name="C2", status=Status.ENDED))
	with refused("contract_not_active"):
		set_renewal("C1", False, day("2026-01-10"), ports)
	with refused("contract_over"):
		set_renewal("C2", True, day("2026-01-10"), ports)
	with refused("unknown_contract"):
		set_renewal("C9", True, day("2026-01-10"), ports)
	assert ports.journal.notes == []
