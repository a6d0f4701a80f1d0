"""Does activating start a contract and bill at once what is due?"""

from subscription_mgmt.engine.contracts import PackLine, Status
from subscription_mgmt.services.activate import activate
from tests.builders import a_draft, a_plan, amounts_of, day, money, refused, some_ports

TODAY = day("2026-01-31")


def test_an_activated_contract_is_active_and_invoiced_the_same_day():
	ports = some_ports(a_draft("2026-01-31"))
	activate("C1", TODAY, ports)
	assert ports.contracts.get("C1").status is Status.ACTIVE
	assert ports.contracts.get("C1").next_billing == day("2026-02-28")
	(invoice,) = ports.journal.invoices
	assert (invoice.customer, invoice.contract, invoice.date) == ("Ana", "C1", TODAY)
	assert invoice.total == money("100.00")
	assert ports.journal.moves == [(Status.DRAFT, Status.ACTIVE)]


def test_one_off_packs_and_the_first_period_come_on_one_invoice():
	packs = (PackLine("Users", 2, TODAY), PackLine("Training", 1, TODAY))
	ports = some_ports(a_draft("2026-01-31", packs=packs))
	activate("C1", TODAY, ports)
	(invoice,) = ports.journal.invoices
	assert amounts_of(invoice.lines) == ["80.00", "100.00", "20.00"]


def test_a_trial_is_started_and_not_invoiced():
	ports = some_ports(a_draft("2026-01-31"), plans=(a_plan(trial_days=14),))
	activate("C1", TODAY, ports)
	assert ports.contracts.get("C1").status is Status.TRIALLING
	assert ports.journal.moves == [(Status.DRAFT, Status.TRIALLING)]
	assert ports.ledger.charges_of("C1") == ()


def test_a_contract_activated_late_is_billed_from_its_start():
	ports = some_ports(a_draft("2026-01-31"))
	activate("C1", day("2026-04-15"), ports)
	assert len(ports.ledger.charges_of("C1")) == 3
	assert len(ports.journal.invoices) == 1


def test_activating_twice_is_refused_and_charges_once():
	ports = some_ports(a_draft("2026-01-31"))
	activate("C1", TODAY, ports)
	with refused("already_active", status="Active"):
		activate("C1", TODAY, ports)
	assert len(ports.ledger.charges_of("C1")) == 1


def test_a_contract_of_a_disabled_customer_is_not_activated():
	ports = some_ports(a_draft("2026-01-31"), disabled=("Ana",))
	with refused("customer_disabled", customer="Ana"):
		activate("C1", TODAY, ports)
	assert ports.contracts.get("C1").status is Status.DRAFT
	assert ports.ledger.charges_of("C1") == ()


def test_what_nobody_sells_cannot_be_activated():
	with refused("unknown_contract", contract="C9"):
		activate("C9", TODAY, some_ports())
	with refused("unknown_plan", plan="Gold"):
		activate("C1", TODAY, some_ports(a_draft(plan="Gold")))
	with refused("unknown_pack", pack="Robots"):
		activate("C1", TODAY, some_ports(a_draft(packs=(PackLine("Robots", 1, TODAY),))))
