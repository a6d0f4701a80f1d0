"""What happens in a scenario, to the day, the minute and the cent? Each test is a story and its drawing."""

from pathlib import Path

import pytest

from tests.simulation.drawn import CATALOGUE, drawn, run

C1 = "do: subscribe, contract: C1, customer: Ana, plan: Basic, every"


def test_periods_are_counted_from_the_anchor_at_month_ends(tmp_path: Path):
	assert drawn(run(tmp_path, "2026-01-31", "2026-05-31", f"2026-01-31, {C1}: Monthly")) == [
		"01-31 00:10 C1 is Active",
		"01-31 00:10 C1 owes 100.00: Basic 01-31>02-28 100.00",
		"02-28 00:05 C1 owes 100.00: Basic 02-28>03-31 100.00",
		"03-31 00:05 C1 owes 100.00: Basic 03-31>04-30 100.00",
		"04-30 00:05 C1 owes 100.00: Basic 04-30>05-31 100.00",
		"05-31 00:05 C1 owes 100.00: Basic 05-31>06-30 100.00",
	]


def test_a_year_from_a_leap_day_ends_on_the_28th(tmp_path: Path):
	assert drawn(run(tmp_path, "2024-02-29", "2025-03-01", f"2024-02-29, {C1}: Yearly")) == [
		"02-29 00:10 C1 is Active",
		"02-29 00:10 C1 owes 1100.00: Basic 02-29>02-28 1100.00",
		"02-28 00:05 C1 owes 1100.00: Basic 02-28>02-28 1100.00",
	]


@pytest.mark.parametrize(
	("every", "days", "price"),
	[
		("Monthly", ["08-31", "09-30", "10-31", "11-30", "12-31"], "100.00"),
		("Quarterly", ["08-31", "11-30"], "290.00"),
		("Half-Yearly", ["08-31"], "560.00"),
		("Yearly", ["08-31"], "1100.00"),
	],
)
def test_every_interval_is_billed_on_its_days(tmp_path: Path, every: str, days: list[str], price: str):
	result = run(tmp_path, "2026-08-31", "2026-12-31", f"2026-08-31, {C1}: {every}")
	invoices = [event for event in result["events"] if event["type"] == "invoice"]
	assert [invoice["at"][5:10] for invoice in invoices] == days
	assert {invoice["total"] for invoice in invoices} == {price}


def test_the_jobs_of_a_day_come_before_its_events_and_a_plain_date_is_ten_past_midnight(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-01-01",
		"2026-02-01",
		"2026-02-01 09:00, do: pay, contract: C1",
		"2026-02-01, do: add_pack, contract: C1, pack: Users, quantity: 2",
		"2026-02-01 00:07, do: add_pack, contract: C1, pack: Users",
		f"2026-01-01, {C1}: Monthly",
	)
	assert drawn(result) == [
		"01-01 00:10 C1 is Active",
		"01-01 00:10 C1 owes 100.00: Basic 01-01>02-01 100.00",
		"02-01 00:05 C1 owes 100.00: Basic 02-01>03-01 100.00",
		"02-01 00:07 C1 owes 10.00: Users 02-01>03-01 10.00",
		"02-01 00:10 C1 owes 20.00: 2 Users 02-01>03-01 20.00",
		"02-01 09:00 C1 pays 230.00",
	]


def test_times_carry_the_offset_of_the_files_zone(tmp_path: Path):
	result = run(tmp_path, "2026-01-01", "2026-01-01", f"2026-01-01 10:30, {C1}: Monthly")
	assert {event["at"] for event in result["events"]} == {"2026-01-01T10:30:00-04:00"}


def test_a_day_that_begins_at_one_oclock_keeps_its_order(tmp_path: Path):
	"""On 6 September 2026 the clocks of Santiago go from 24:00 to 01:00: 00:05 and 00:10 are never shown."""
	santiago = CATALOGUE.replace("America/La_Paz", "America/Santiago")
	events = (
		f"2026-08-06, {C1}: Monthly",
		"2026-09-06, do: pay, contract: C1",
		"2026-09-06 01:07, do: pay, contract: C1",
	)
	result = run(tmp_path, "2026-08-06", "2026-09-06", *events, catalogue=santiago)
	assert [(event["at"], event["type"]) for event in result["events"]][-3:] == [
		("2026-09-06T01:05:00-03:00", "invoice"),
		("2026-09-06T01:07:00-03:00", "payment"),
		("2026-09-06T01:10:00-03:00", "rejected"),
	]


def test_a_customer_pays_all_his_contracts_and_nobody_elses(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-01-01",
		"2026-01-10",
		f"2026-01-01, {C1}: Monthly",
		"2026-01-02, do: subscribe, contract: C2, customer: Ana, plan: Basic, every: Yearly",
		"2026-01-02, do: subscribe, contract: C3, customer: Ben, plan: Basic, every: Yearly",
		"2026-01-03, do: pay, customer: Ana",
		"2026-01-04, do: pay, customer: Ana",
	)
	assert drawn(result)[-3:] == [
		"01-03 00:10 C1 pays 100.00",
		"01-03 00:10 C2 pays 1100.00",
		"01-04 00:10 no pay: nothing_open",
	]
	assert result["summary"]["contracts"]["C3"] == {"status": "Active", "invoiced": "1100.00", "paid": "0.00"}


def test_a_pack_is_charged_by_day_to_the_periods_end_and_then_with_the_contract(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-01-01",
		"2026-02-28",
		f"2026-01-01, {C1}: Monthly",
		"2026-01-11, do: add_pack, contract: C1, pack: Users, quantity: 3",
		"2026-01-11, do: add_pack, contract: C1, pack: Users",
		"2026-01-21, do: add_pack, contract: C1, pack: Seats, module: Sales",
		"2026-01-21, do: add_pack, contract: C1, pack: Seats, module: CRM",
	)
	# 21 of 31 days: 3 × 10.00 is 20.3226, 10.00 is 6.7742; 11 of 31 days of 10.00 is 3.5484
	assert drawn(result) == [
		"01-01 00:10 C1 is Active",
		"01-01 00:10 C1 owes 100.00: Basic 01-01>02-01 100.00",
		"01-11 00:10 C1 owes 20.32: 3 Users 01-11>02-01 20.32",
		"01-11 00:10 C1 owes 6.77: Users 01-11>02-01 6.77",
		"01-21 00:10 C1 owes 3.55: Seats/Sales 01-21>02-01 3.55",
		"01-21 00:10 C1 owes 3.55: Seats/CRM 01-21>02-01 3.55",
		"02-01 00:05 C1 owes 160.00: Basic 02-01>03-01 100.00, 4 Users 02-01>03-01 40.00, "
		"Seats/Sales 02-01>03-01 10.00, Seats/CRM 02-01>03-01 10.00",
	]


def test_a_year_s_pack_is_charged_for_the_days_left_of_the_year(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-01-01",
		"2026-12-31",
		f"2026-01-01, {C1}: Yearly",
		"2026-03-12, do: add_pack, contract: C1, pack: Users",
	)
	# 295 of 365 days of 110.00 is 88.9041
	assert drawn(result)[2:] == ["03-12 00:10 C1 owes 88.90: Users 03-12>01-01 88.90"]


def test_a_pack_sold_once_is_charged_whole_and_never_again(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-01-01",
		"2026-02-28",
		f"2026-01-01, {C1}: Monthly, packs: [{{pack: Training, quantity: 2}}, {{pack: Users}}]",
		"2026-01-30, do: add_pack, contract: C1, pack: Training",
	)
	assert drawn(result)[1:] == [
		"01-01 00:10 C1 owes 270.00: 2 Training 160.00, Basic 01-01>02-01 100.00, Users 01-01>02-01 10.00",
		"01-30 00:10 C1 owes 80.00: Training 80.00",
		"02-01 00:05 C1 owes 110.00: Basic 02-01>03-01 100.00, Users 02-01>03-01 10.00",
	]


def test_a_removed_pack_is_gone_from_the_next_period_on(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-01-01",
		"2026-03-31",
		f"2026-01-01, {C1}: Monthly, packs: [{{pack: Users, quantity: 3}}]",
		"2026-01-15, do: remove_pack, contract: C1, pack: Users, quantity: 2",
		"2026-02-15, do: remove_pack, contract: C1, pack: Users",
		"2026-02-16, do: remove_pack, contract: C1, pack: Users",
	)
	assert drawn(result)[1:] == [
		"01-01 00:10 C1 owes 130.00: Basic 01-01>02-01 100.00, 3 Users 01-01>02-01 30.00",
		"02-01 00:05 C1 owes 110.00: Basic 02-01>03-01 100.00, Users 02-01>03-01 10.00",
		"02-16 00:10 no remove_pack: pack_not_on_contract",
		"03-01 00:05 C1 owes 100.00: Basic 03-01>04-01 100.00",
	]


def test_renewal_switched_off_ends_the_contract_with_its_period(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-01-31",
		"2026-04-30",
		f"2026-01-31, {C1}: Monthly",
		"2026-02-28, do: auto_renew, contract: C1, renew: false",
	)
	assert drawn(result)[2:] == [
		"02-28 00:05 C1 owes 100.00: Basic 02-28>03-31 100.00",
		"03-31 00:05 C1 is Ended",
	]


def test_renewal_switched_on_again_on_the_last_day_keeps_the_contract(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-01-31",
		"2026-05-01",
		f"2026-01-31, {C1}: Monthly",
		"2026-02-10, do: auto_renew, contract: C1, renew: false",
		"2026-02-27 23:59, do: auto_renew, contract: C1, renew: true",
		"2026-04-10, do: auto_renew, contract: C1, renew: false",
		"2026-05-01, do: auto_renew, contract: C1, renew: true",
	)
	assert drawn(result)[2:] == [
		"02-28 00:05 C1 owes 100.00: Basic 02-28>03-31 100.00",
		"03-31 00:05 C1 owes 100.00: Basic 03-31>04-30 100.00",
		"04-30 00:05 C1 is Ended",
		"05-01 00:10 no auto_renew: contract_over",
	]


def test_a_contract_can_begin_without_renewal(tmp_path: Path):
	result = run(tmp_path, "2026-01-31", "2026-03-31", f"2026-01-31, {C1}: Monthly, auto_renew: false")
	assert drawn(result)[1:] == [
		"01-31 00:10 C1 owes 100.00: Basic 01-31>02-28 100.00",
		"02-28 00:05 C1 is Ended",
	]


def test_cancelling_serves_what_is_paid_for(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-01-01",
		"2026-03-31",
		f"2026-01-01, {C1}: Monthly",
		"2026-01-20, do: cancel, contract: C1",
		"2026-02-02, do: cancel, contract: C1",
	)
	assert drawn(result)[2:] == ["02-01 00:05 C1 is Ended", "02-02 00:10 no cancel: contract_over"]


def test_cancelling_now_gives_no_credit_on_a_plan_that_is_not_refundable(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-01-01",
		"2026-03-31",
		f"2026-01-01, {C1}: Monthly",
		"2026-01-20, do: cancel, contract: C1, when: now",
	)
	assert drawn(result)[2:] == ["01-20 00:10 C1 is Cancelled"]
	assert result["summary"]["contracts"]["C1"]["invoiced"] == "100.00"


def test_unused_days_of_a_refundable_plan_are_kept_and_pay_the_next_invoice(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-01-01",
		"2026-02-28",
		"2026-01-01, do: subscribe, contract: C1, customer: Ana, plan: Refundable, every: Monthly, "
		"packs: [{pack: Users, quantity: 3}]",
		"2026-01-11, do: add_pack, contract: C1, pack: Users",
		"2026-01-12, do: pay, contract: C1",
		"2026-01-20, do: cancel, contract: C1, when: now",
		"2026-02-01, do: subscribe, contract: C2, customer: Ana, plan: Basic, every: Monthly",
		"2026-02-02, do: pay, contract: C2",
	)
	# 12 of 31 days of 100.00 and 30.00, 12 of 21 days of 6.77: 38.71 + 11.61 + 3.87
	assert drawn(result)[1:] == [
		"01-01 00:10 C1 owes 130.00: Refundable 01-01>02-01 100.00, 3 Users 01-01>02-01 30.00",
		"01-11 00:10 C1 owes 6.77: Users 01-11>02-01 6.77",
		"01-12 00:10 C1 pays 136.77",
		"01-20 00:10 C1 is Cancelled",
		"01-20 00:10 C1 credit 54.19 = 54.19",
		"02-01 00:10 C2 is Active",
		"02-01 00:10 C2 credit -54.19 = 0.00",
		"02-01 00:10 C2 owes 45.81: Basic 02-01>03-01 100.00, Account credit -54.19",
		"02-02 00:10 C2 pays 45.81",
	]


def test_unused_days_of_a_part_of_a_period_are_a_share_of_the_price_not_of_its_rounded_part(tmp_path: Path):
	"""`shared/DESIGN.md`: "by day over the current period's days". 20 of April's 30 days of 10.00 are 6.67; 10 of
	them unused are 10.00 × 10/30 = 3.33, though half of 6.67 would be 3.34."""
	result = run(
		tmp_path,
		"2026-04-01",
		"2026-04-21",
		f"2026-04-01, {C1.replace('Basic', 'Refundable')}: Monthly",
		"2026-04-11, do: add_pack, contract: C1, pack: Users",
		"2026-04-21, do: cancel, contract: C1, when: now",
	)
	assert drawn(result)[2:] == [
		"04-11 00:10 C1 owes 6.67: Users 04-11>05-01 6.67",
		"04-21 00:10 C1 is Cancelled",
		"04-21 00:10 C1 credit 36.66 = 36.66",
	]


def test_a_trial_is_free_and_counts_its_periods_from_its_end(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-01-01",
		"2026-02-20",
		"2026-01-01, do: subscribe, contract: C1, customer: Ana, plan: Trial, every: Monthly, "
		"packs: [{pack: Users}]",
		"2026-01-05, do: add_pack, contract: C1, pack: Users, quantity: 2",
		"2026-01-06, do: pay, contract: C1",
	)
	assert drawn(result) == [
		"01-01 00:10 C1 is Trialling",
		"01-06 00:10 no pay: nothing_open",
		"01-15 00:05 C1 is Active",
		"01-15 00:05 C1 owes 130.00: Trial 01-15>02-15 100.00, 3 Users 01-15>02-15 30.00",
		"02-15 00:05 C1 owes 130.00: Trial 02-15>03-15 100.00, 3 Users 02-15>03-15 30.00",
	]


def test_a_trial_that_is_cancelled_costs_nothing(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-01-01",
		"2026-02-20",
		"2026-01-01, do: subscribe, contract: C1, customer: Ana, plan: Trial, every: Monthly",
		"2026-01-05, do: cancel, contract: C1",
	)
	assert drawn(result) == ["01-01 00:10 C1 is Trialling", "01-15 00:05 C1 is Ended"]


def test_a_commitment_is_served_to_its_end(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-01-31",
		"2027-03-31",
		"2026-01-31, do: subscribe, contract: C1, customer: Ana, plan: Committed, every: Quarterly",
		"2026-02-10, do: cancel, contract: C1, when: now",
		"2026-02-11, do: cancel, contract: C1",
	)
	assert drawn(result)[1:] == [
		"01-31 00:10 C1 owes 290.00: Committed 01-31>04-30 290.00",
		"02-10 00:10 no cancel: committed",
		"04-30 00:05 C1 owes 290.00: Committed 04-30>07-31 290.00",
		"07-31 00:05 C1 owes 290.00: Committed 07-31>10-31 290.00",
		"10-31 00:05 C1 owes 290.00: Committed 10-31>01-31 290.00",
		"01-31 00:05 C1 is Ended",
	]


def test_a_price_list_changes_with_the_first_period_that_begins_after_it(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-01-15",
		"2026-03-31",
		"2026-01-15, do: subscribe, contract: C1, customer: Ana, plan: Rising, every: Monthly",
	)
	assert drawn(result)[1:] == [
		"01-15 00:10 C1 owes 100.00: Rising 01-15>02-15 100.00",
		"02-15 00:05 C1 owes 100.00: Rising 02-15>03-15 100.00",
		"03-15 00:05 C1 owes 120.00: Rising 03-15>04-15 120.00",
	]


def test_after_an_outage_every_missed_period_is_billed_once(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-01-31",
		"2026-05-31",
		f"2026-01-31, {C1}: Monthly",
		"2026-02-27, do: scheduler_down, until: 2026-05-02",
		"2026-03-15, do: add_pack, contract: C1, pack: Users",
	)
	# People still work while the jobs rest: 16 of 31 days of 10.00 is 5.1613
	assert drawn(result)[2:] == [
		"03-15 00:10 C1 owes 5.16: Users 03-15>03-31 5.16",
		"05-02 00:05 C1 owes 320.00: Basic 02-28>03-31 100.00, Basic 03-31>04-30 100.00, "
		"Users 03-31>04-30 10.00, Basic 04-30>05-31 100.00, Users 04-30>05-31 10.00",
		"05-31 00:05 C1 owes 110.00: Basic 05-31>06-30 100.00, Users 05-31>06-30 10.00",
	]


def test_an_outage_costs_nothing_and_saves_nothing(tmp_path: Path):
	events = [f"2026-01-31, {C1}: Monthly, packs: [{{pack: Users}}]"]
	calm = run(tmp_path, "2026-01-31", "2026-12-31", *events)
	stormy = run(
		tmp_path,
		"2026-01-31",
		"2026-12-31",
		*events,
		"2026-02-20, do: scheduler_down, until: 2026-06-15",
		"2026-06-20, do: scheduler_down, until: 2026-06-21",
		"2026-09-29, do: scheduler_down, until: 2026-12-31",
	)
	assert stormy["summary"]["contracts"] == calm["summary"]["contracts"]
	assert _periods(stormy) == _periods(calm)


def _periods(result: dict) -> list[tuple[str, str]]:
	invoices = [event for event in result["events"] if event["type"] == "invoice"]
	return sorted((line["what"], line["period_start"]) for invoice in invoices for line in invoice["lines"])


def test_of_two_outages_the_longer_one_counts(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-01-01",
		"2026-02-28",
		f"2026-01-01, {C1}: Monthly",
		"2026-01-27, do: scheduler_down, until: 2026-02-20",
		"2026-02-01, do: scheduler_down, until: 2026-02-10",
	)
	assert drawn(result)[2:] == ["02-20 00:05 C1 owes 100.00: Basic 02-01>03-01 100.00"]


def test_leaving_during_an_outage_settles_what_was_missed(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-01-01",
		"2026-06-01",
		"2026-01-01, do: subscribe, contract: C1, customer: Ana, plan: Refundable, every: Monthly",
		"2026-01-27, do: scheduler_down, until: 2026-04-20",
		"2026-03-11, do: cancel, contract: C1, when: now",
	)
	# 21 of 31 days of 100.00 are credited: 67.74
	assert drawn(result)[2:] == [
		"03-11 00:10 C1 is Cancelled",
		"03-11 00:10 C1 owes 132.26: Refundable 02-01>03-01 100.00, Refundable 03-01>04-01 100.00, "
		"Refundable 03-11>04-01 -67.74",
	]


REFUSED = {
	"the same contract twice": (f"2026-01-02, {C1}: Monthly", "no subscribe: contract_exists"),
	"a disabled customer": (
		"2026-01-02, do: subscribe, contract: C2, customer: Closed, plan: Basic, every: Monthly",
		"no subscribe: customer_disabled",
	),
	"a licence subscribed to": (
		"2026-01-02, do: subscribe, contract: C2, customer: Ana, plan: Enterprise, every: Yearly",
		"no subscribe: licence_is_bought",
	),
	"an interval without a price": (
		"2026-01-02, do: subscribe, contract: C2, customer: Ana, plan: Trial, every: Yearly",
		"no subscribe: no_price",
	),
	"a pack without its module": (
		"2026-01-02, do: add_pack, contract: C1, pack: Seats",
		"no add_pack: pack_needs_module",
	),
	"a module too many": (
		"2026-01-02, do: add_pack, contract: C1, pack: Users, module: Sales",
		"no add_pack: pack_not_per_module",
	),
	"a first pack without its module": (
		"2026-01-02, do: subscribe, contract: C2, customer: Ana, plan: Basic, every: Monthly, "
		"packs: [{pack: Seats}]",
		"no subscribe: pack_needs_module",
	),
	"a pack nobody has": (
		"2026-01-02, do: remove_pack, contract: C1, pack: Users",
		"no remove_pack: pack_not_on_contract",
	),
}


@pytest.mark.parametrize(("event", "refusal"), REFUSED.values(), ids=REFUSED.keys())
def test_what_the_rules_refuse_is_told_and_leaves_nothing_behind(tmp_path: Path, event: str, refusal: str):
	began = f"2026-01-01, {C1}: Monthly"
	untouched = run(tmp_path, "2026-01-01", "2026-02-28", began)
	result = run(tmp_path, "2026-01-01", "2026-02-28", began, event)
	assert [line for line in drawn(result) if " no " in line] == [f"01-02 00:10 {refusal}"]
	assert [event for event in result["events"] if event["type"] != "rejected"] == untouched["events"]
	assert result["summary"] == untouched["summary"]
	(reason,) = [event["reason"] for event in result["events"] if event["type"] == "rejected"]
	assert reason.endswith(".") and "{" not in reason


def test_more_packs_than_held_cannot_be_removed(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-01-01",
		"2026-01-31",
		f"2026-01-01, {C1}: Monthly, packs: [{{pack: Users}}]",
		"2026-01-11, do: remove_pack, contract: C1, pack: Users, quantity: 2",
	)
	assert drawn(result)[-1] == "01-11 00:10 no remove_pack: fewer_packs"


def test_an_event_before_its_contract_begins_is_refused(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-01-01",
		"2026-01-31",
		"2026-01-05, do: pay, contract: C1",
		f"2026-01-10, {C1}: Monthly",
	)
	assert drawn(result)[0] == "01-05 00:10 no pay: unknown_contract"
	assert drawn(result)[1] == "01-10 00:10 C1 is Active"


def test_the_summary_is_the_sum_of_the_events(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-01-01",
		"2026-03-31",
		f"2026-01-01, {C1}: Monthly",
		"2026-01-11, do: add_pack, contract: C1, pack: Users, quantity: 3",
		"2026-02-10, do: pay, contract: C1",
	)
	assert result["summary"]["contracts"] == {
		"C1": {"status": "Active", "invoiced": "380.32", "paid": "250.32"}
	}
	assert result["summary"]["customers"]["Ana"]["credits"] == 0


def test_where_the_file_lists_no_customers_those_of_its_events_are_in_the_summary(tmp_path: Path):
	unlisted = CATALOGUE.replace("customers: {Ana: {}, Ben: {}, Closed: {disabled: true}}\n", "")
	unpaid = "2026-01-02, do: subscribe, contract: C2, customer: Eva, plan: Basic, every: Yearly"
	result = run(
		tmp_path, "2026-01-01", "2026-01-10", f"2026-01-01, {C1}: Monthly", unpaid, catalogue=unlisted
	)
	assert result["summary"]["customers"] == {"Ana": {"credits": 0}, "Eva": {"credits": 0}}
