"""Is an added pack charged, invoiced and noted, once?"""

from subscription_mgmt.engine.contracts import Status
from subscription_mgmt.services.add_pack import add_pack
from subscription_mgmt.services.bill import bill
from tests.builders import a_contract, a_pack, a_trial, amounts_of, day, refused, some_ports

BILLED = a_contract(next_billing=day("2026-02-01"))
TODAY = day("2026-01-11")


def test_a_pack_is_on_the_contract_on_an_invoice_and_in_the_journal():
	ports = some_ports(BILLED)
	add_pack("C1", "Users", 3, None, TODAY, ports)
	assert [line.quantity for line in ports.contracts.get("C1").packs] == [3]
	(invoice,) = ports.journal.invoices
	assert amounts_of(invoice.lines) == ["20.32"]
	assert ports.journal.notes == [("pack_added", {"pack": "Users", "quantity": 3, "module": "-"})]


def test_the_same_pack_twice_on_one_day_is_owed_twice():
	ports = some_ports(BILLED)
	add_pack("C1", "Users", 1, None, TODAY, ports)
	add_pack("C1", "Users", 1, None, TODAY, ports)
	assert amounts_of(ports.ledger.charges_of("C1")) == ["6.77", "6.77"]


def test_a_pack_and_the_night_that_follows_do_not_charge_it_twice():
	ports = some_ports(a_contract())
	add_pack("C1", "Users", 1, None, day("2026-01-01"), ports)
	bill("C1", day("2026-01-01"), ports)
	bill("C1", day("2026-02-01"), ports)
	assert amounts_of(ports.ledger.charges_of("C1")) == ["10.00", "100.00", "100.00", "10.00"]


def test_a_pack_in_a_trial_is_noted_and_not_invoiced():
	ports = some_ports(a_trial())
	add_pack("C1", "Users", 1, None, day("2026-01-05"), ports)
	assert ports.journal.invoices == []
	assert [code for code, _ in ports.journal.notes] == ["pack_added"]


def test_a_module_is_noted():
	ports = some_ports(BILLED, packs=(a_pack(per_module=True),))
	add_pack("C1", "Users", 1, "CRM", TODAY, ports)
	assert ports.journal.notes[0][1]["module"] == "CRM"


def test_a_refused_pack_leaves_no_trace():
	cases = {
		"unknown_contract": ("C9", "Users", 1, None),
		"unknown_pack": ("C1", "Robots", 1, None),
		"quantity_not_positive": ("C1", "Users", 0, None),
		"pack_not_per_module": ("C1", "Users", 1, "CRM"),
		"contract_over": ("C2", "Users", 1, None),
	}
	ports = some_ports(BILLED, a_contract(name="C2", status=Status.ENDED))
	for code, (name, pack, quantity, module) in cases.items():
		with refused(code):
			add_pack(name, pack, quantity, module, TODAY, ports)
	assert ports.contracts.get("C1") == BILLED
	assert (ports.journal.invoices, ports.journal.notes) == ([], [])


def test_a_disabled_customer_buys_nothing():
	ports = some_ports(BILLED, disabled=("Ana",))
	with refused("customer_disabled", customer="Ana"):
		add_pack("C1", "Users", 1, None, TODAY, ports)
	assert ports.contracts.get("C1") == BILLED
