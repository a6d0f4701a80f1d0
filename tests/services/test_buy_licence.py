"""Is a licence sold with everything that belongs to it, or not at all?"""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from subscription_mgmt.adapters.memory_hosting import MemoryHosting
from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.catalogue import PlanKind, ServiceModule
from subscription_mgmt.engine.contracts import Contract, Status
from subscription_mgmt.engine.deployment import Deployment
from subscription_mgmt.engine.licences import Licence, LicenceStatus
from subscription_mgmt.services.activate import activate
from subscription_mgmt.services.add_licence_modules import add_licence_modules
from subscription_mgmt.services.bill import bill
from subscription_mgmt.services.buy_licence import buy_licence
from subscription_mgmt.services.ports import Ports
from subscription_mgmt.services.renew_updates import renew_updates
from subscription_mgmt.services.revoke_licence import revoke_licence
from subscription_mgmt.services.set_deployment import set_deployment
from tests.builders import (
	MONTHLY,
	YEARLY,
	MemoryJournal,
	a_draft,
	a_one_off,
	a_plan,
	day,
	money,
	price,
	refused,
	some_ports,
)

ENTERPRISE = a_plan(
	name="Enterprise",
	kind=PlanKind.LICENCE,
	prices=(price("5000.00", None),),
	modules=("Invoicing",),
	functions=("Import",),
	updates_months=12,
)
CHEAP = a_plan(name="Cheap", kind=PlanKind.LICENCE, prices=(price("50.00", None),))
HOSTING = a_plan(name="Hosting", kind=PlanKind.HOSTING, prices=(price("300.00", YEARLY),))
MODULES = (ServiceModule("Invoicing", (), ("E-invoicing",)), ServiceModule("HR", ("Payroll",)))
SALE = day("2026-01-11")
ACCOUNT = ("Ana", "USD")


@dataclass
class Journal(MemoryJournal):
	modes: list[tuple[str, Mode]] = field(default_factory=list)

	def access_changed(self, contract: Contract, mode: Mode) -> None:
		self.modes.append((contract.name, mode))


def a_shop(*licences: Licence, subscribed: bool = True, **more: Any) -> Ports:
	"""C1, a monthly subscription that began on 1 January, unless not `subscribed`; licences are drafts."""
	contracts = (a_draft(instance="ana.example"),) if subscribed else ()
	ports = some_ports(*contracts, plans=(a_plan(), ENTERPRISE, CHEAP, HOSTING), modules=MODULES, **more)
	ports = replace(ports, hosting=MemoryHosting(lambda: None), journal=Journal())
	for licence in licences or (a_licence(),):
		ports.licences.add(licence)
	if subscribed:
		activate("C1", day("2026-01-01"), ports)
	return ports


def a_licence(**changes: Any) -> Licence:
	return Licence(**{"name": "L1", "customer": "Ana", "plan": "Enterprise", "currency": "USD", **changes})


def a_conversion(**changes: Any) -> Licence:
	return a_licence(**{"converted_from": "C1", "hosting_plan": "Hosting", "instance": None, **changes})


def test_a_sale_is_one_invoice_without_a_contract():
	ports = a_shop(subscribed=False)
	buy_licence("L1", SALE, ports)
	(invoice,) = ports.journal.invoices
	assert (invoice.contract, invoice.customer, invoice.total) == (None, "Ana", money("5000.00"))
	assert ports.licences.get("L1").status is LicenceStatus.ISSUED
	assert ports.contracts.all == {}


def test_what_is_paid_ahead_is_a_line_of_the_licences_invoice():
	ports = a_shop(a_conversion())
	buy_licence("L1", SALE, ports)
	sale = ports.journal.invoices[1]
	assert [(line.kind.value, str(line.amount)) for line in sale.lines] == [
		("licence", "5000.00"),
		("credit", "-67.74"),
	]
	assert ports.contracts.get("C1").status is Status.CANCELLED
	assert ports.journal.notes[-1] == ("converted", {"licence": "L1"})


def test_hosting_takes_the_instance_over_without_a_moment_of_no_access():
	ports = a_shop(a_conversion())
	buy_licence("L1", SALE, ports, "H1")
	hosting = ports.contracts.get("H1")
	assert (hosting.status, hosting.instance, hosting.plan) == (Status.ACTIVE, "ana.example", "Hosting")
	assert ports.licences.get("L1").hosting_contract == "H1"
	assert ports.journal.modes == [("C1", Mode.FULL)]
	assert ports.journal.invoices[-1].total == money("300.00")


def test_a_credit_larger_than_the_price_is_kept_and_pays_the_hosting():
	ports = a_shop(a_conversion(plan="Cheap"))
	buy_licence("L1", SALE, ports)
	assert [str(invoice.total) for invoice in ports.journal.invoices] == ["100.00", "282.26"]
	assert ports.ledger.credit[ACCOUNT] == 0


def test_periods_a_missed_night_left_out_are_owed_on_the_subscription():
	ports = a_shop(a_conversion())
	buy_licence("L1", day("2026-03-11"), ports)
	assert [str(invoice.total) for invoice in ports.journal.invoices[:2]] == ["100.00", "200.00"]
	assert ports.journal.invoices[2].lines[1].amount == money("-67.74")


def test_a_converted_subscription_is_billed_no_more():
	ports = a_shop(a_conversion())
	buy_licence("L1", SALE, ports)
	bill("C1", day("2026-06-01"), ports)
	assert len(ports.ledger.invoices_of("C1")) == 1


def test_a_subscription_is_converted_once():
	ports = a_shop(a_conversion(), a_conversion(name="L2"))
	buy_licence("L1", SALE, ports)
	with refused("converted_before", contract="C1", licence="L1"):
		buy_licence("L2", SALE, ports)
	assert len(ports.journal.invoices) == 3


def test_a_licence_is_sold_once():
	ports = a_shop(a_conversion())
	buy_licence("L1", SALE, ports)
	with refused("licence_move_refused"):
		buy_licence("L1", SALE, ports)
	assert len(ports.journal.invoices) == 3


@pytest.mark.parametrize(
	("order", "code"),
	[
		({"plan": "Basic"}, "not_a_licence"),
		({"plan": "Moon"}, "unknown_plan"),
		({"currency": "EUR"}, "no_price"),
		({"converted_from": "C9"}, "unknown_contract"),
		({"customer": "Ben"}, "contract_of_another"),
		({"customer": "Eve"}, "customer_disabled"),
		({"hosting_plan": "Basic"}, "not_hosting"),
		({"hosting_plan": "Moon"}, "unknown_plan"),
		({"hosting_every": MONTHLY}, "no_price"),
		({"deployment": Deployment.LOCAL}, "local_needs_no_hosting"),
	],
)
def test_a_refused_sale_changes_nothing(order: dict, code: str):
	ports = a_shop(a_conversion(**order), disabled=("Eve",))
	before = (dict(ports.contracts.all), ports.licences.get("L1"), ports.ledger.charges_of("C1"))
	with refused(code):
		buy_licence("L1", SALE, ports)
	assert (dict(ports.contracts.all), ports.licences.get("L1"), ports.ledger.charges_of("C1")) == before
	assert len(ports.journal.invoices) == 1


def test_hosting_under_a_name_that_is_taken_is_refused_and_changes_nothing():
	ports = a_shop(a_conversion())
	with refused("contract_exists", contract="C1"):
		buy_licence("L1", SALE, ports, "C1")
	assert ports.licences.get("L1").status is LicenceStatus.DRAFT
	assert ports.contracts.get("C1").status is Status.ACTIVE


# Afterwards


def test_hosting_ends_with_its_period_while_local_and_renews_again_on_return():
	ports = a_shop(a_conversion())
	buy_licence("L1", SALE, ports, "H1")
	set_deployment("L1", Deployment.LOCAL, day("2026-03-01"), ports)
	assert ports.contracts.get("H1").ends_on == day("2027-01-11")
	assert ports.licences.get("L1").working == ("Import",)
	set_deployment("L1", Deployment.ONLINE, day("2026-04-01"), ports)
	assert ports.contracts.get("H1").ends_on is None
	assert ports.licences.get("L1").working == ("Import", "E-invoicing")


def test_a_licence_that_returns_after_its_hosting_ended_may_order_it_anew():
	ports = a_shop(a_conversion())
	buy_licence("L1", SALE, ports, "H1")
	set_deployment("L1", Deployment.LOCAL, day("2026-03-01"), ports)
	bill("H1", day("2027-01-11"), ports)
	set_deployment("L1", Deployment.ONLINE, day("2027-02-01"), ports, "Hosting")
	anew = ports.contracts.get(ports.licences.get("L1").hosting_contract)
	assert (anew.status, anew.start) == (Status.ACTIVE, day("2027-02-01"))
	assert ports.contracts.get("H1").status is Status.ENDED


def test_a_return_with_hosting_that_cannot_be_sold_changes_nothing():
	ports = a_shop(a_licence(deployment=Deployment.LOCAL), subscribed=False)
	buy_licence("L1", SALE, ports)
	with refused("not_hosting"):
		set_deployment("L1", Deployment.ONLINE, SALE, ports, "Basic")
	assert ports.licences.get("L1").deployment is Deployment.LOCAL
	assert ports.contracts.all == {}


def test_modules_and_updates_are_invoiced_without_a_contract_and_use_the_customers_credit():
	ports = a_shop(subscribed=False, packs=(a_one_off(per_module=True),))
	buy_licence("L1", SALE, ports)
	ports.ledger.credit[ACCOUNT] = money("30.00")
	add_licence_modules("L1", ["HR"], "Training", SALE, ports)
	assert ports.journal.invoices[-1].total == money("50.00")
	renew_updates("L1", None, None, SALE, ports)
	assert ports.licences.get("L1").updates_until == day("2028-01-11")
	assert len(ports.journal.invoices) == 2


def test_a_disabled_customer_buys_nothing_more():
	ports = a_shop(subscribed=False)
	buy_licence("L1", SALE, ports)
	ports = replace(ports, customers=type(ports.customers)(("Ana",)))
	for purchase in (
		lambda: add_licence_modules("L1", ["HR"], None, SALE, ports),
		lambda: renew_updates("L1", 12, None, SALE, ports),
	):
		with refused("customer_disabled"):
			purchase()


def test_a_revoked_licence_keeps_its_day_and_reason_and_changes_no_more():
	ports = a_shop(subscribed=False)
	buy_licence("L1", SALE, ports)
	revoke_licence("L1", "resold", SALE, ports)
	licence = ports.licences.get("L1")
	assert (licence.revoked_on, licence.revocation_reason) == (SALE, "resold")
	with refused("licence_revoked"):
		set_deployment("L1", Deployment.LOCAL, SALE, ports)


def test_the_same_purchase_is_not_charged_twice():
	ports = a_shop(subscribed=False)
	buy_licence("L1", SALE, ports)
	charge = ports.journal.invoices[0].lines[0]
	with refused("charged_before", key=charge.key):
		ports.ledger.sell((charge,), SALE)
	assert len(ports.ledger.invoices) == 1


def test_what_was_bought_without_a_contract_is_paid_by_its_customer_once():
	ports = a_shop(subscribed=False)
	buy_licence("L1", SALE, ports)
	assert ports.ledger.pay_sales("Ben") == 0
	assert ports.ledger.pay_sales("Ana") == money("5000.00")
	assert ports.ledger.pay_sales("Ana") == 0
