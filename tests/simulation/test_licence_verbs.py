"""What becomes of a licence in a scenario, to the minute and the cent? Each test is a story, drawn."""

from pathlib import Path

import pytest

from subscription_mgmt.simulation.yaml_file import FileError
from tests.simulation.drawn import drawn
from tests.simulation.drawn import run as run_in
from tests.simulation.shapes import check_result

CATALOGUE = """
name: A vendor of licences
timezone: America/La_Paz
currency: BOB
payment_days: 3650
modules:
  Sales: {}
  HR: {functions: [Payroll]}
  Invoicing: {needs_online: [E-invoicing]}
plans:
  Basic: {kind: Subscription, prices: {Half-Yearly: 600.00}, modules: [Sales]}
  Hosting: {kind: Hosting, prices: {Yearly: 300.00, Monthly: 30.00}}
  Enterprise:
    kind: Licence
    price: 5000.00
    modules: [Sales, Invoicing]
    functions: [Import, E-invoicing]
    updates_months: 12
  Small: {kind: Licence, price: 100.00, modules: [Sales], updates_months: 6}
packs:
  Module: {kind: Other, per_module: true, price: 700.00}
  Updates: {kind: Other, price: 400.00}
  Users: {kind: Users, prices: {Half-Yearly: 50.00}}
customers: {Ana: {}, Ben: {}, Closed: {disabled: true}}
"""
C1 = "do: subscribe, contract: C1, customer: Ana, plan: Basic, every: Half-Yearly, instance: a.example"
SUBSCRIBE = f"2026-01-31, {C1}"
BUY = "do: buy_licence, licence: L1, customer: Ana, plan: Enterprise"
HOSTED = "hosting_plan: Hosting, hosting_every: Yearly, hosting_contract: H1"
CONVERT = f"{BUY}, deployment: Online, from_contract: C1, {HOSTED}"


def run(folder: Path, until: str, *events: str) -> dict:
	result = run_in(folder, "2026-01-31", until, *events, catalogue=CATALOGUE)
	check_result(result)
	return result


def test_a_licence_is_paid_once_and_never_again(tmp_path: Path):
	result = run(tmp_path, "2030-01-31", f"2026-02-01 09:00, {BUY}", "2026-02-02, do: pay, customer: Ana")
	assert drawn(result) == [
		"02-01 09:00 L1 Online until 2027-02-01: Import, E-invoicing",
		"02-01 09:00 None owes 5000.00: Enterprise 5000.00",
		"02-02 00:10 None pays 5000.00",
	]


def test_a_converted_subscription_is_credited_on_the_licences_invoice_and_hosting_takes_over(tmp_path: Path):
	result = run(
		tmp_path,
		"2027-04-15",
		SUBSCRIBE,
		"2026-02-01, do: pay, contract: C1",
		f"2026-04-15 10:00, {CONVERT}",
		"2026-04-16, do: pay, customer: Ana",
	)
	assert drawn(result) == [
		"01-31 00:10 C1 is Active",
		"01-31 00:10 a.example Full",
		"01-31 00:10 C1 owes 600.00: Basic 01-31>07-31 600.00",
		"02-01 00:10 C1 pays 600.00",
		"04-15 10:00 L1 Online until 2027-04-15: Import, E-invoicing",
		# 107 of the 181 days from 31 January to 31 July
		"04-15 10:00 None owes 4645.30: Enterprise 5000.00, Basic 04-15>07-31 -354.70",
		"04-15 10:00 H1 is Active",
		"04-15 10:00 H1 owes 300.00: Hosting 04-15>04-15 300.00",
		"04-15 10:00 C1 is Cancelled",
		"04-16 00:10 None pays 4645.30",
		"04-16 00:10 H1 pays 300.00",
		"04-15 00:05 H1 owes 300.00: Hosting 04-15>04-15 300.00",
	]
	assert {name: each["status"] for name, each in result["summary"]["contracts"].items()} == {
		"C1": "Cancelled",
		"H1": "Active",
	}
	assert result["summary"]["instances"]["a.example"]["mode"] == "Full"


def test_the_event_has_the_fields_of_the_format(tmp_path: Path):
	event, invoice = run(tmp_path, "2026-02-01", f"2026-02-01 09:00, {BUY}")["events"]
	assert event == {
		"at": "2026-02-01T09:00:00-04:00",
		"type": "licence",
		"licence": "L1",
		"status": "Issued",
		"modules": ["Sales", "Invoicing"],
		"functions": ["Import", "E-invoicing"],
		"deployment": "Online",
		"updates_until": "2027-02-01",
	}
	assert (invoice["contract"], invoice["customer"]) == (None, "Ana")
	assert invoice["lines"] == [
		{"kind": "licence", "what": "Enterprise", "quantity": 1, "rate": "5000.00", "amount": "5000.00"}
	]


def test_a_credit_larger_than_the_price_is_kept_and_pays_what_comes_next(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-03-01",
		SUBSCRIBE,
		"2026-02-15, do: buy_licence, licence: L1, customer: Ana, plan: Small, from_contract: C1,"
		" hosting_plan: Hosting, hosting_every: Monthly",
	)
	assert drawn(result)[3:] == [
		"02-15 00:10 L1 Online until 2026-08-15: ",
		"02-15 00:10 None credit 450.28 = 450.28",
		"02-15 00:10 L1-hosting is Active",
		"02-15 00:10 L1-hosting credit -30.00 = 420.28",
		"02-15 00:10 L1-hosting owes 0.00: Hosting 02-15>03-15 30.00, Account credit -30.00",
		"02-15 00:10 C1 is Cancelled",
	]


def test_a_local_licence_loses_e_invoicing_and_gets_it_back_online(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-06-01",
		f"2026-02-01, {BUY}, deployment: Local",
		"2026-03-01, do: set_deployment, licence: L1, deployment: Online",
		"2026-04-01, do: set_deployment, licence: L1, deployment: Local",
		"2026-05-01, do: set_deployment, licence: L1, deployment: Local",
	)
	assert drawn(result) == [
		"02-01 00:10 L1 Local until 2027-02-01: Import",
		"02-01 00:10 None owes 5000.00: Enterprise 5000.00",
		"03-01 00:10 L1 Online until 2027-02-01: Import, E-invoicing",
		"04-01 00:10 L1 Local until 2027-02-01: Import",
		"05-01 00:10 no set_deployment: deployed_there",
	]


def test_hosting_is_not_renewed_while_local(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-06-30",
		f"2026-02-01, {BUY}, hosting_plan: Hosting, hosting_every: Monthly, hosting_contract: H1",
		"2026-03-10, do: set_deployment, licence: L1, deployment: Local",
		"2026-06-01, do: set_deployment, licence: L1, deployment: Online, hosting_plan: Hosting,"
		" hosting_every: Monthly, hosting_contract: H2",
	)
	contracts = result["summary"]["contracts"]
	assert contracts["H1"] == {"status": "Ended", "invoiced": "60.00", "paid": "0.00"}
	assert contracts["H2"] == {"status": "Active", "invoiced": "30.00", "paid": "0.00"}


def test_modules_and_updates_are_bought_later_and_a_licence_is_revoked(tmp_path: Path):
	result = run(
		tmp_path,
		"2027-12-31",
		f"2026-02-01, {BUY}",
		"2026-03-01, do: add_modules, licence: L1, modules: [HR], pack: Module",
		"2027-03-01, do: renew_updates, licence: L1, pack: Updates",
		"2027-04-01, do: renew_updates, licence: L1, months: 6",
		"2027-05-01, do: revoke_licence, licence: L1, reason: resold",
		"2027-05-02, do: set_deployment, licence: L1, deployment: Local",
	)
	assert drawn(result)[2:] == [
		"03-01 00:10 None owes 700.00: Module/HR 700.00",
		"03-01 00:10 L1 Online until 2027-02-01: Import, E-invoicing, Payroll",
		"03-01 00:10 None owes 400.00: Updates 400.00",
		"03-01 00:10 L1 Online until 2028-03-01: Import, E-invoicing, Payroll",
		"04-01 00:10 L1 Online until 2028-09-01: Import, E-invoicing, Payroll",
		"05-01 00:10 L1 Online until 2028-09-01: Import, E-invoicing, Payroll",
		"05-02 00:10 no set_deployment: licence_revoked",
	]
	assert [event["status"] for event in result["events"] if event["type"] == "licence"][-1] == "Revoked"


@pytest.mark.parametrize(
	("event", "code"),
	[
		(f"2026-04-15, {CONVERT}", "converted_before"),
		(f"2026-04-15, {BUY}", "licence_exists"),
		("2026-04-15, do: buy_licence, licence: L2, customer: Ana, plan: Basic", "not_a_licence"),
		(
			"2026-04-15, do: buy_licence, licence: L2, customer: Ben, plan: Enterprise, from_contract: C1",
			"converted_before",
		),
		(
			"2026-04-15, do: buy_licence, licence: L2, customer: Ana, plan: Enterprise, from_contract: H1",
			"not_convertible",
		),
		(
			"2026-04-15, do: buy_licence, licence: L2, customer: Ana, plan: Enterprise, hosting_plan: Basic",
			"not_hosting",
		),
		("2026-04-15, do: buy_licence, licence: L2, customer: Closed, plan: Enterprise", "customer_disabled"),
		("2026-04-15, do: add_modules, licence: L1, modules: [Sales]", "module_on_licence"),
		("2026-04-15, do: renew_updates, licence: L1, pack: Users", "pack_recurs"),
	],
)
def test_what_makes_no_sense_is_rejected_and_changes_nothing(tmp_path: Path, event: str, code: str):
	story = (SUBSCRIBE, f"2026-04-10, {CONVERT}")
	before = drawn(run(tmp_path, "2026-04-20", *story))
	# L1 is a name that is taken: the sale that is refused must not take its place, nor leave L2 behind.
	refused = event.replace("licence: L1", "licence: L9") if code == "converted_before" else event
	after = run(tmp_path, "2026-04-20", *story, refused)
	assert drawn(after) == [*before, f"04-15 00:10 no {event.split('do: ')[1].split(',')[0]}: {code}"]


def test_a_licence_that_was_refused_may_be_bought_under_the_same_name(tmp_path: Path):
	result = run(tmp_path, "2026-03-01", f"2026-02-01, {BUY}, hosting_plan: Basic", f"2026-02-02, {BUY}")
	assert drawn(result)[0] == "02-01 00:10 no buy_licence: not_hosting"
	assert drawn(result)[1].startswith("02-02 00:10 L1 Online")


@pytest.mark.parametrize(
	("event", "mistake"),
	[
		(
			"2026-02-01, do: buy_licence, licence: L1, customer: Ana, plan: Moon",
			"events[0].plan: there is no plan Moon",
		),
		(
			"2026-02-01, do: buy_licence, licence: L1, customer: Moon, plan: Small",
			"events[0].customer: there is no",
		),
		(f"2026-02-01, {BUY}, deployment: Moon", "events[0].deployment: "),
		(
			f"2026-02-01, {BUY}, from_contract: C9",
			"events[0].from_contract: no event subscribes a contract C9",
		),
		(f"2026-02-01, {BUY}, hosting_plan: Moon", "events[0].hosting_plan: there is no plan Moon"),
		(f"2026-02-01, {BUY}, hosting_every: Yearly", "events[0].hosting_plan: is missing"),
		(f"2026-02-01, {BUY}, colour: red", "events[0].colour: unknown key"),
		(
			"2026-02-01, do: set_deployment, licence: L9, deployment: Local",
			"events[0].licence: no event buys",
		),
		("2026-02-01, do: add_modules, licence: L9, modules: [HR]", "events[0].licence: no event buys"),
	],
)
def test_a_mistake_in_the_file_names_its_place(tmp_path: Path, event: str, mistake: str):
	with pytest.raises(FileError) as error:
		run(tmp_path, "2026-03-01", event)
	assert mistake in str(error.value)


def test_a_hosting_contract_may_be_paid_and_cancelled_like_any_other(tmp_path: Path):
	result = run(
		tmp_path,
		"2027-05-01",
		SUBSCRIBE,
		f"2026-04-15, {CONVERT}",
		"2026-04-16, do: pay, contract: H1",
		"2026-05-01, do: cancel, contract: H1",
	)
	assert result["summary"]["contracts"]["H1"] == {"status": "Ended", "invoiced": "300.00", "paid": "300.00"}
