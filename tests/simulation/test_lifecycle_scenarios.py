"""What becomes of a contract between its first invoice and its end? One drawing for each rule of the vendors.

Months are written out: a reader can count the days. `drawn` leaves the year out.
"""

from pathlib import Path

import pytest

from tests.simulation.drawn import drawn, run

# Due on the invoice's day; restricted 10 days later; deleted 30 days after that (seed bo).
CATALOGUE = """
name: A small vendor
timezone: America/La_Paz
currency: BOB
dunning_policies:
  Standard:
    remind_days: [1, 5]
    restrict_after_days: 10
    delete_after_restriction_days: 30
    deletion_notice_days: [15, 7, 1]
plans:
  Basic:
    {kind: Subscription, tier: 1, refundable: true, dunning: Standard, prices: {Monthly: 31, Yearly: 365}}
  Pro:
    {kind: Subscription, tier: 2, refundable: true, dunning: Standard, prices: {Monthly: 62, Yearly: 730}}
  Firm: {kind: Subscription, tier: 1, dunning: Standard, prices: {Monthly: 31.00}}
  Firm Pro: {kind: Subscription, tier: 2, dunning: Standard, prices: {Monthly: 62.00}}
  Tacit:
    kind: Subscription
    notice_days: 30
    prices: {Quarterly: 90.00}
    prices_from: {2026-04-01: {Quarterly: 99.00}}
  Trial: {kind: Subscription, tier: 1, trial_days: 14, prices: {Monthly: 31.00}}
  Trial Pro: {kind: Subscription, tier: 2, trial_days: 14, prices: {Monthly: 62.00}}
  Prepaid: {kind: Support, prices: {Yearly: 1200.00}, commitment_months: 12, notice_days: 30}
  Committed: {kind: Subscription, tier: 3, prices: {Monthly: 93.00}, commitment_months: 3}
  Respaldo: {kind: Read Only, dunning: Standard, prices: {Monthly: 3.10, Yearly: 36.50}}
packs:
  Users: {kind: Users, prices: {Monthly: 3.10, Yearly: 36.50}}
  By Month: {kind: Users, prices: {Monthly: 3.10}}
customers: {Ana: {}, Ben: {grace_days: 7}}
"""

BASIC = "2026-01-01, do: subscribe, contract: C1, customer: Ana, plan: Basic, every: Monthly, instance: ana"
PAID = "2026-01-01 09:00, do: pay, contract: C1"


def story(folder: Path, until: str, *events: str, start: str = "2026-01-01") -> list[str]:
	return drawn(run(folder, start, until, *events, catalogue=CATALOGUE))


def after(lines: list[str], day: str) -> list[str]:
	"""The part of the drawing from `day` on, written like `03-12`."""
	return [line for line in lines if line[:5] >= day]


def change(day: str, rest: str) -> str:
	return f"{day}, do: change_plan, contract: C1, {rest}"


BEGUN = [
	"01-01 00:10 C1 is Active",
	"01-01 00:10 ana Full",
	"01-01 00:10 C1 owes 31.00: Basic 01-01>02-01 31.00",
]
SUSPENDED = [
	"01-02 00:05 C1 told reminder 1",
	"01-02 00:05 C1 is Past Due",
	"01-06 00:05 C1 told reminder 5",
	"01-11 00:05 C1 told restriction 10",
	"01-11 00:05 C1 is Suspended",
	"01-11 00:05 ana Restricted",
]
ANNOUNCED = [
	"01-26 00:05 C1 told deletion 15",
	"02-03 00:05 C1 told deletion 7",
	"02-09 00:05 C1 told deletion 1",
]
ERASED = ["ana erased", "ana Deleted", "C1 is Ended"]


def on(day: str, *lines: str) -> list[str]:
	return [f"{day} 00:05 {line}" for line in lines]


# Seed bo: "restringe el acceso y luego de 30 días el sistema eliminará los datos almacenados".


def test_who_stops_paying_is_restricted_and_thirty_days_later_his_data_is_deleted(tmp_path: Path):
	assert story(tmp_path, "2026-12-31", BASIC) == [
		*BEGUN,
		*SUSPENDED,
		*ANNOUNCED,
		*on("02-10", *ERASED),
	]


@pytest.mark.parametrize("day", ["2026-01-11", "2026-01-26", "2026-02-09"])
def test_who_pays_before_the_deletion_works_again_at_once(tmp_path: Path, day: str):
	lines = story(tmp_path, "2026-02-09", BASIC, f"{day} 18:30, do: pay, contract: C1")
	paid = [line[12:] for line in lines if line.startswith(f"{day[5:]} 18:30")]
	assert paid[:3] == ["C1 pays 31.00", "C1 is Active", "ana Full"]
	assert not any("erased" in line for line in lines)


def test_paying_while_suspended_bills_by_day_from_that_day_and_the_invoiced_period_whole(tmp_path: Path):
	"""February begins while Suspended and is not billed; from the 5th, 24 of 28 days of 31.00."""
	lines = story(tmp_path, "2026-03-01", BASIC, "2026-02-05 10:00, do: pay, contract: C1")
	assert after(lines, "02-04") == [
		"02-05 10:00 C1 pays 31.00",
		"02-05 10:00 C1 is Active",
		"02-05 10:00 ana Full",
		"02-05 10:00 C1 owes 26.57: Basic 02-05>03-01 26.57",
		"02-06 00:05 C1 told reminder 1",
		"02-06 00:05 C1 is Past Due",
		"02-10 00:05 C1 told reminder 5",
		"02-15 00:05 C1 told restriction 10",
		"02-15 00:05 C1 is Suspended",
		"02-15 00:05 ana Restricted",
	]


def test_periods_that_begin_and_end_while_suspended_are_never_billed(tmp_path: Path):
	lines = story(
		tmp_path,
		"2026-04-30",
		BASIC,
		"2026-01-20, do: hold, contract: C1",
		"2026-04-16 10:00, do: pay, contract: C1",
	)
	assert [line for line in lines if "owes" in line] == [
		BEGUN[-1],
		"04-16 10:00 C1 owes 15.50: Basic 04-16>05-01 15.50",
	]


def test_paid_again_within_the_period_invoiced_nothing_more_is_owed_before_the_next(tmp_path: Path):
	lines = story(tmp_path, "2026-02-01", BASIC, "2026-01-20 10:00, do: pay, contract: C1")
	assert after(lines, "01-20") == [
		"01-20 10:00 C1 pays 31.00",
		"01-20 10:00 C1 is Active",
		"01-20 10:00 ana Full",
		"02-01 00:05 C1 owes 31.00: Basic 02-01>03-01 31.00",
	]


def test_deleted_data_stays_deleted_whatever_is_paid_or_ordered_afterwards(tmp_path: Path):
	lines = story(
		tmp_path,
		"2026-04-30",
		BASIC,
		"2026-03-01 10:00, do: pay, contract: C1",
		change("2026-03-02", "plan: Respaldo"),
		"2026-03-03, do: subscribe, contract: C2, customer: Ana, plan: Basic, every: Monthly, instance: ana",
		"2026-03-04, do: add_pack, contract: C1, pack: Users",
	)
	assert after(lines, "02-11") == [
		"03-01 10:00 C1 pays 31.00",
		"03-02 00:10 no change_plan: data_is_deleted",
		"03-03 00:10 no subscribe: instance_deleted",
		"03-04 00:10 no add_pack: contract_over",
	]


# Seed bo: "puede contratar el servicio de Respaldo [...] una forma de consulta".


def test_respaldo_from_active_waits_for_the_end_of_what_is_paid_for(tmp_path: Path):
	lines = story(tmp_path, "2026-02-28", BASIC, PAID, change("2026-01-20", "plan: Respaldo"))
	assert after(lines, "01-02") == [
		"02-01 00:05 ana Read Only",
		"02-01 00:05 C1 owes 3.10: Respaldo 02-01>03-01 3.10",
		"02-02 00:05 C1 told reminder 1",
		"02-02 00:05 C1 is Past Due",
		"02-06 00:05 C1 told reminder 5",
		"02-11 00:05 C1 told restriction 10",
		"02-11 00:05 C1 is Suspended",
		"02-11 00:05 ana Restricted",
		"02-26 00:05 C1 told deletion 15",
	]


def test_respaldo_from_active_now_credits_the_unused_days_of_plan_and_packs(tmp_path: Path):
	"""11 of 31 days are left: 11.00 and 1.10 come back, 1.10 is owed; 11.00 are kept."""
	lines = story(
		tmp_path,
		"2026-03-01",
		f"{BASIC}, packs: [{{pack: Users, quantity: 1}}]",
		PAID,
		change("2026-01-21", "plan: Respaldo, when: now"),
	)
	assert after(lines, "01-02") == [
		"01-21 00:10 ana Read Only",
		"01-21 00:10 C1 credit 11.00 = 11.00",
		"02-01 00:05 C1 credit -3.10 = 7.90",
		"02-01 00:05 C1 owes 0.00: Respaldo 02-01>03-01 3.10, Account credit -3.10",
		"03-01 00:05 C1 credit -3.10 = 4.80",
		"03-01 00:05 C1 owes 0.00: Respaldo 03-01>04-01 3.10, Account credit -3.10",
	]


def test_respaldo_from_suspended_gives_read_only_access_the_same_minute(tmp_path: Path):
	"""Bought instead of paying: what is owed from before stays owed, but no longer restricts."""
	lines = story(
		tmp_path,
		"2026-03-31",
		BASIC,
		change("2026-01-20 11:00", "plan: Respaldo, every: Yearly"),
		*(["2026-01-21 12:00, do: pay, contract: C1"]),
	)
	assert after(lines, "01-12") == [
		"01-20 11:00 C1 is Active",
		"01-20 11:00 ana Read Only",
		"01-20 11:00 C1 owes 36.50: Respaldo 01-20>01-20 36.50",
		"01-21 00:05 C1 told reminder 1",
		"01-21 00:05 C1 is Past Due",
		"01-21 12:00 C1 pays 67.50",
		"01-21 12:00 C1 is Active",
	]


def test_respaldo_bought_in_arrears_does_not_wait_for_the_periods_end_either(tmp_path: Path):
	lines = story(tmp_path, "2026-01-12", BASIC, change("2026-01-08 11:00", "plan: Respaldo"))
	assert after(lines, "01-07") == [
		"01-08 11:00 C1 is Active",
		"01-08 11:00 ana Read Only",
		"01-08 11:00 C1 credit 21.60 = 21.60",
	]


def test_respaldo_that_is_not_paid_either_cannot_be_bought_again_instead_of_paying(tmp_path: Path):
	lines = story(
		tmp_path,
		"2026-03-01",
		BASIC,
		change("2026-01-20", "plan: Respaldo"),
		change("2026-02-05", "plan: Respaldo"),
	)
	assert "02-05 00:10 no change_plan: suspended_pays_first" in lines
	assert lines[-3:] == on("03-01", *ERASED)


def test_respaldo_from_ended_brings_the_data_back_to_be_consulted(tmp_path: Path):
	lines = story(
		tmp_path,
		"2026-03-02",
		BASIC,
		PAID,
		"2026-01-10, do: cancel, contract: C1",
		change("2026-02-20 11:00", "plan: Respaldo"),
		"2026-02-20 12:00, do: pay, contract: C1",
	)
	assert after(lines, "01-02") == [
		"02-01 00:05 C1 is Ended",
		"02-01 00:05 ana Restricted",
		"02-16 00:05 C1 told deletion 15",
		"02-20 11:00 C1 is Active",
		"02-20 11:00 ana Read Only",
		"02-20 11:00 C1 owes 3.10: Respaldo 02-20>03-20 3.10",
		"02-20 12:00 C1 pays 3.10",
	]


def test_from_respaldo_back_to_a_full_plan_at_any_time(tmp_path: Path):
	lines = story(
		tmp_path,
		"2026-01-31",
		BASIC,
		change("2026-01-20", "plan: Respaldo, every: Monthly"),
		"2026-01-20 12:00, do: pay, contract: C1",
		change("2026-01-25", "plan: Pro"),
	)
	assert after(lines, "01-25") == [
		"01-25 00:10 ana Full",
		"01-25 00:10 C1 owes 49.40: Respaldo 01-25>02-20 -2.60, Pro 01-25>02-20 52.00",
		"01-26 00:05 C1 told reminder 1",
		"01-26 00:05 C1 is Past Due",
		"01-30 00:05 C1 told reminder 5",
	]


def test_a_contract_cancelled_for_its_end_goes_on_read_only_if_respaldo_is_ordered_for_then(tmp_path: Path):
	"""Its renewal stays off: it goes on for the one period that was ordered."""
	lines = story(
		tmp_path,
		"2026-03-01",
		BASIC,
		PAID,
		"2026-01-10, do: cancel, contract: C1",
		change("2026-01-12", "plan: Respaldo, when: period_end"),
		"2026-02-01 09:00, do: pay, contract: C1",
	)
	assert after(lines, "01-02") == [
		"02-01 00:05 ana Read Only",
		"02-01 00:05 C1 owes 3.10: Respaldo 02-01>03-01 3.10",
		"02-01 09:00 C1 pays 3.10",
		"03-01 00:05 C1 is Ended",
		"03-01 00:05 ana Restricted",
	]


# Seed bo: "Puedo subir de plan o bajar"; "sin afectar su información que tiene".


def test_an_upgrade_is_at_once_by_day_and_the_system_is_not_touched(tmp_path: Path):
	"""11 of 31 days: 11.00 come back, 22.00 are owed; the anchor stays."""
	lines = story(
		tmp_path,
		"2026-02-01",
		BASIC,
		PAID,
		change("2026-01-21", "plan: Pro"),
		*(["2026-01-21 09:00, do: pay, contract: C1"]),
	)
	assert after(lines, "01-02") == [
		"01-21 00:10 C1 owes 11.00: Basic 01-21>02-01 -11.00, Pro 01-21>02-01 22.00",
		"01-21 09:00 C1 pays 11.00",
		"02-01 00:05 C1 owes 62.00: Pro 02-01>03-01 62.00",
	]


def test_a_downgrade_waits_for_the_periods_end(tmp_path: Path):
	pro = BASIC.replace("Basic", "Pro")
	lines = story(tmp_path, "2026-02-01", pro, PAID, change("2026-01-21", "plan: Basic"))
	assert after(lines, "01-02") == ["02-01 00:05 C1 owes 31.00: Basic 02-01>03-01 31.00"]


def test_a_downgrade_asked_for_now_keeps_the_net_credit_for_the_next_invoice(tmp_path: Path):
	pro = BASIC.replace("Basic", "Pro")
	lines = story(
		tmp_path,
		"2026-03-01",
		pro,
		PAID,
		change("2026-01-21", "plan: Basic, when: now"),
		*(["2026-02-01 09:00, do: pay, contract: C1"]),
	)
	assert after(lines, "01-02") == [
		"01-21 00:10 C1 credit 11.00 = 11.00",
		"02-01 00:05 C1 credit -11.00 = 0.00",
		"02-01 00:05 C1 owes 20.00: Basic 02-01>03-01 31.00, Account credit -11.00",
		"02-01 09:00 C1 pays 20.00",
		"03-01 00:05 C1 owes 31.00: Basic 03-01>04-01 31.00",
	]


def test_a_plan_that_is_not_refundable_gives_no_credit_when_it_is_left_now(tmp_path: Path):
	firm = BASIC.replace("Basic", "Firm Pro")
	lines = story(tmp_path, "2026-02-01", firm, PAID, change("2026-01-21", "plan: Firm, when: now"))
	assert after(lines, "01-02") == ["02-01 00:05 C1 owes 31.00: Firm 02-01>03-01 31.00"]


def test_another_interval_begins_a_new_period_that_day_with_a_new_anchor(tmp_path: Path):
	lines = story(
		tmp_path,
		"2026-03-31",
		BASIC,
		PAID,
		change("2026-01-21", "plan: Basic, every: Yearly"),
		*(["2026-01-21 09:00, do: pay, contract: C1"]),
	)
	assert after(lines, "01-02") == [
		"01-21 00:10 C1 owes 354.00: Basic 01-21>02-01 -11.00, Basic 01-21>01-21 365.00",
		"01-21 09:00 C1 pays 354.00",
	]


def test_a_shorter_interval_keeps_what_is_left_of_the_year_for_the_months_to_come(tmp_path: Path):
	yearly = BASIC.replace("Monthly", "Yearly")
	lines = story(tmp_path, "2026-03-21", yearly, PAID, change("2026-01-21", "plan: Basic, every: Monthly"))
	assert after(lines, "01-02") == [
		"01-21 00:10 C1 credit 314.00 = 314.00",
		"02-21 00:05 C1 credit -31.00 = 283.00",
		"02-21 00:05 C1 owes 0.00: Basic 02-21>03-21 31.00, Account credit -31.00",
		"03-21 00:05 C1 credit -31.00 = 252.00",
		"03-21 00:05 C1 owes 0.00: Basic 03-21>04-21 31.00, Account credit -31.00",
	]


def test_with_another_interval_packs_go_on_and_those_removed_are_gone(tmp_path: Path):
	"""One of two users was to leave with the old period, which ends today; the other goes on."""
	lines = story(
		tmp_path,
		"2026-01-31",
		f"{BASIC}, packs: [{{pack: Users, quantity: 2}}]",
		PAID,
		"2026-01-10, do: remove_pack, contract: C1, pack: Users, quantity: 1",
		change("2026-01-21", "plan: Basic, every: Yearly"),
		"2026-01-21 09:00, do: pay, contract: C1",
	)
	assert after(lines, "01-02")[0] == (
		"01-21 00:10 C1 owes 388.30: Basic 01-21>02-01 -11.00, 2 Users 01-21>02-01 -2.20, "
		"Basic 01-21>01-21 365.00, Users 01-21>01-21 36.50"
	)


def test_a_pack_without_a_price_for_the_new_interval_stops_the_change_when_it_is_ordered(tmp_path: Path):
	lines = story(
		tmp_path,
		"2026-03-01",
		f"{BASIC}, packs: [{{pack: By Month, quantity: 1}}]",
		PAID,
		change("2026-01-20", "plan: Basic, every: Yearly"),
		change("2026-01-21", "plan: Basic, every: Yearly, when: period_end"),
	)
	assert after(lines, "01-02")[:3] == [
		"01-20 00:10 no change_plan: no_price",
		"01-21 00:10 no change_plan: no_price",
		"02-01 00:05 C1 owes 34.10: Basic 02-01>03-01 31.00, By Month 02-01>03-01 3.10",
	]


def test_two_changes_on_a_day_credit_every_charge_once(tmp_path: Path):
	lines = story(
		tmp_path,
		"2026-01-31",
		BASIC,
		PAID,
		change("2026-01-21 10:00", "plan: Pro"),
		change("2026-01-21 11:00", "plan: Basic, when: now"),
		change("2026-01-21 12:00", "plan: Pro"),
		"2026-01-21 13:00, do: pay, contract: C1",
	)
	assert after(lines, "01-02") == [
		"01-21 10:00 C1 owes 11.00: Basic 01-21>02-01 -11.00, Pro 01-21>02-01 22.00",
		"01-21 11:00 C1 credit 11.00 = 11.00",
		"01-21 12:00 C1 credit -11.00 = 0.00",
		"01-21 12:00 C1 owes 0.00: Basic 01-21>02-01 -11.00, Pro 01-21>02-01 22.00, Account credit -11.00",
		"01-21 13:00 C1 pays 11.00",
	]


@pytest.mark.parametrize(
	("day", "lines"),
	[
		("2026-02-01", "C1 owes 31.00: Basic 02-01>03-01 -31.00, Pro 02-01>03-01 62.00"),
		("2026-02-28", "C1 owes 1.10: Basic 02-28>03-01 -1.11, Pro 02-28>03-01 2.21"),
	],
)
def test_an_upgrade_on_the_periods_first_and_last_day(tmp_path: Path, day: str, lines: str):
	told = story(
		tmp_path, day, BASIC, PAID, "2026-02-01 00:09, do: pay, contract: C1", change(day, "plan: Pro")
	)
	assert told[-1] == f"{day[5:]} 00:10 {lines}"


def test_an_upgrade_on_a_leap_day_counts_it(tmp_path: Path):
	basic = BASIC.replace("2026-01-01", "2024-02-01")
	lines = story(
		tmp_path, "2024-03-01", basic, PAID.replace("2026-01", "2024-02"), change("2024-02-29", "plan: Pro"),
		start="2024-02-01",
	)  # fmt: skip
	assert (
		after(lines, "02-29")[0] == "02-29 00:10 C1 owes 1.07: Basic 02-29>03-01 -1.07, Pro 02-29>03-01 2.14"
	)


def test_an_upgrade_drops_the_downgrade_that_was_planned(tmp_path: Path):
	pro = BASIC.replace("Basic", "Pro")
	lines = story(
		tmp_path,
		"2026-02-01",
		pro,
		PAID,
		change("2026-01-10", "plan: Basic"),
		change("2026-01-21", "plan: Committed"),
		"2026-01-21 09:00, do: pay, contract: C1",
	)
	assert (
		after(lines, "01-21")[0]
		== "01-21 00:10 C1 owes 11.00: Pro 01-21>02-01 -22.00, Committed 01-21>02-01 33.00"
	)
	assert lines[-1] == "02-01 00:05 C1 owes 93.00: Committed 02-01>03-01 93.00"


@pytest.mark.parametrize("off", ["do: auto_renew, contract: C1, renew: false", "do: cancel, contract: C1"])
def test_renewal_switched_off_after_a_planned_downgrade_ends_the_contract_instead(tmp_path: Path, off: str):
	pro = BASIC.replace("Basic", "Pro")
	events = (pro, PAID, change("2026-01-10", "plan: Basic"), f"2026-01-12, {off}")
	assert after(story(tmp_path, "2026-02-10", *events), "01-02") == on(
		"02-01", "C1 is Ended", "ana Restricted"
	)


def test_renewal_switched_on_again_the_planned_downgrade_holds(tmp_path: Path):
	pro = BASIC.replace("Basic", "Pro")
	lines = story(
		tmp_path,
		"2026-02-01",
		pro,
		PAID,
		change("2026-01-10", "plan: Basic"),
		"2026-01-12, do: auto_renew, contract: C1, renew: false",
		"2026-01-14, do: auto_renew, contract: C1, renew: true",
	)
	assert lines[-1] == "02-01 00:05 C1 owes 31.00: Basic 02-01>03-01 31.00"


def test_another_interval_without_renewal_is_one_whole_period_of_it(tmp_path: Path):
	lines = story(
		tmp_path,
		"2027-01-31",
		f"{BASIC}, auto_renew: false",
		PAID,
		change("2026-01-21", "plan: Basic, every: Yearly"),
		"2026-01-21 09:00, do: pay, contract: C1",
	)
	told = lines[4:]
	assert told == [
		"01-21 00:10 C1 owes 354.00: Basic 01-21>02-01 -11.00, Basic 01-21>01-21 365.00",
		"01-21 09:00 C1 pays 354.00",
		*on("01-21", "C1 is Ended", "ana Restricted"),
	]


def test_a_change_of_plan_in_a_trial_costs_nothing_and_the_trial_goes_on(tmp_path: Path):
	trial = BASIC.replace("Basic", "Trial")
	lines = story(tmp_path, "2026-01-15", trial, change("2026-01-05", "plan: Trial Pro"))
	assert lines == [
		"01-01 00:10 C1 is Trialling",
		"01-01 00:10 ana Full",
		"01-15 00:05 C1 is Active",
		"01-15 00:05 C1 owes 62.00: Trial Pro 01-15>02-15 62.00",
	]


def test_a_downgrade_in_a_trial_takes_effect_when_the_trial_is_over(tmp_path: Path):
	trial = BASIC.replace("Basic", "Trial Pro")
	lines = story(tmp_path, "2026-01-15", trial, change("2026-01-05", "plan: Trial"))
	assert lines[-1] == "01-15 00:05 C1 owes 31.00: Trial 01-15>02-15 31.00"


@pytest.mark.parametrize(
	("rest", "refusal"),
	[
		("plan: Pro", "contract_over"),
		("plan: Pro, when: now", "contract_over"),
		("plan: Basic, every: Yearly, when: period_end", "contract_over"),
	],
)
def test_a_change_on_an_ended_contract_is_refused(tmp_path: Path, rest: str, refusal: str):
	events = (BASIC, PAID, "2026-01-05, do: cancel, contract: C1, when: now", change("2026-01-06", rest))
	assert story(tmp_path, "2026-01-06", *events)[-1] == f"01-06 00:10 no change_plan: {refusal}"


@pytest.mark.parametrize(
	("rest", "refusal"),
	[("plan: Basic", "same_plan"), ("plan: Basic, every: Half-Yearly", "no_price")],
)
def test_a_change_that_makes_no_sense_is_refused(tmp_path: Path, rest: str, refusal: str):
	lines = story(tmp_path, "2026-01-20", BASIC, PAID, change("2026-01-20", rest))
	assert after(lines, "01-02") == [f"01-20 00:10 no change_plan: {refusal}"]


def test_a_suspended_contract_pays_before_it_goes_over_to_a_full_plan(tmp_path: Path):
	lines = story(tmp_path, "2026-01-20", BASIC, change("2026-01-20", "plan: Pro"))
	assert lines[-1] == "01-20 00:10 no change_plan: suspended_pays_first"


# Seed fr: "la tacite reconduction vous est activée par défaut. Vous pouvez la supprimer à tout moment."

TACIT = "2026-01-01, do: subscribe, contract: C1, customer: Ana, plan: Tacit, every: Quarterly"


def test_renewal_is_tacit_announced_in_time_and_at_the_new_price(tmp_path: Path):
	lines = story(tmp_path, "2026-07-01", TACIT, PAID, "2026-04-01 09:00, do: pay, contract: C1")
	assert lines[1:] == [
		"01-01 00:10 C1 owes 90.00: Tacit 01-01>04-01 90.00",
		"01-01 09:00 C1 pays 90.00",
		"03-02 00:05 C1 told renewal 2026-04-01",
		"04-01 00:05 C1 owes 99.00: Tacit 04-01>07-01 99.00",
		"04-01 09:00 C1 pays 99.00",
		"06-01 00:05 C1 told renewal 2026-07-01",
		"07-01 00:05 C1 owes 99.00: Tacit 07-01>10-01 99.00",
	]


def test_renewal_switched_off_is_not_announced_and_ends_the_contract(tmp_path: Path):
	off = "2026-02-01, do: auto_renew, contract: C1, renew: false"
	lines = story(tmp_path, "2026-05-01", TACIT, PAID, off)
	assert lines[3:] == ["04-01 00:05 C1 is Ended"]


def test_renewal_switched_off_and_on_is_announced_as_soon_as_it_is_on(tmp_path: Path):
	off = "2026-02-01, do: auto_renew, contract: C1, renew: false"
	back = "2026-03-20, do: auto_renew, contract: C1, renew: true"
	lines = story(tmp_path, "2026-04-01", TACIT, PAID, off, back)
	assert lines[3:] == [
		"03-21 00:05 C1 told renewal 2026-04-01",
		"04-01 00:05 C1 owes 99.00: Tacit 04-01>07-01 99.00",
	]


# Seed uk: "¿Recibiré un reembolso si cancelo después de 6 meses? No."

PREPAID = "2026-01-01, do: subscribe, contract: C1, customer: Ana, plan: Prepaid, every: Yearly"


def test_twelve_months_of_support_are_prepaid_and_renewed_at_their_end(tmp_path: Path):
	lines = story(tmp_path, "2027-01-01", PREPAID, PAID)
	assert lines[2:] == [
		"01-01 09:00 C1 pays 1200.00",
		"12-02 00:05 C1 told renewal 2027-01-01",
		"01-01 00:05 C1 owes 1200.00: Prepaid 01-01>01-01 1200.00",
	]


def test_support_cancelled_after_six_months_is_served_for_twelve_and_refunds_nothing(tmp_path: Path):
	lines = story(
		tmp_path,
		"2027-01-31",
		PREPAID,
		PAID,
		"2026-07-01, do: cancel, contract: C1, when: now",
		"2026-07-02, do: cancel, contract: C1",
	)
	assert lines[3:] == ["07-01 00:10 no cancel: committed", "01-01 00:05 C1 is Ended"]


def test_a_downgrade_within_a_commitment_waits_for_its_end(tmp_path: Path):
	committed = BASIC.replace("Basic", "Committed")
	pays = [f"2026-0{month}-01 09:00, do: pay, contract: C1" for month in (1, 2, 3)]
	lines = story(
		tmp_path,
		"2026-04-01",
		committed,
		*pays,
		change("2026-01-10", "plan: Basic, when: now"),
		change("2026-01-11", "plan: Basic"),
	)
	assert [line for line in lines if "pays" not in line][3:] == [
		"01-10 00:10 no change_plan: committed",
		"02-01 00:05 C1 owes 93.00: Committed 02-01>03-01 93.00",
		"03-01 00:05 C1 owes 93.00: Committed 03-01>04-01 93.00",
		"04-01 00:05 C1 owes 31.00: Basic 04-01>05-01 31.00",
	]


def test_a_plan_planned_for_the_periods_end_commits_from_then_on(tmp_path: Path):
	pays = [f"2026-0{month}-01 09:00, do: pay, contract: C1" for month in (1, 2)]
	lines = story(
		tmp_path,
		"2026-02-10",
		BASIC,
		*pays,
		change("2026-01-10", "plan: Committed, when: period_end"),
		"2026-02-10, do: cancel, contract: C1, when: now",
	)
	assert lines[-1] == "02-10 00:10 no cancel: committed"


# The deletion gate (DESIGN §2): "never from dates alone".


def test_a_hold_keeps_the_data_until_it_is_released(tmp_path: Path):
	lines = story(
		tmp_path,
		"2026-12-31",
		BASIC,
		"2026-01-20, do: hold, contract: C1",
		"2026-05-05, do: release, contract: C1",
	)
	assert lines == [
		*BEGUN,
		*SUSPENDED,
		*ANNOUNCED,
		*on("02-10", "C1 waits for hold"),
		*on("05-06", *ERASED),
	]


def test_without_a_backup_the_deletion_waits_for_one(tmp_path: Path):
	fails = "2026-02-01, do: backups_fail, instance: ana, until: 2026-02-20"
	assert story(tmp_path, "2026-12-31", BASIC, fails) == [
		*BEGUN,
		*SUSPENDED,
		*ANNOUNCED,
		*on("02-10", "C1 waits for backup"),
		*on("02-21", *ERASED),
	]


def test_an_outage_of_the_scheduler_extends_the_restriction(tmp_path: Path):
	"""No job from 21 January to 7 February: 18 days that nobody saw."""
	down = "2026-01-20, do: scheduler_down, until: 2026-02-08"
	assert story(tmp_path, "2026-12-31", BASIC, down) == [
		*BEGUN,
		*SUSPENDED,
		*on("02-10", "C1 waits for notices, restriction"),
		*on("02-13", "C1 told deletion 15"),
		*on("02-21", "C1 told deletion 7"),
		*on("02-27", "C1 told deletion 1"),
		*on("02-28", *ERASED),
	]


def test_an_outage_of_sixty_days_does_not_suspend_and_delete_in_one_run(tmp_path: Path):
	down = "2026-01-02, do: scheduler_down, until: 2026-03-03"
	lines = story(tmp_path, "2026-12-31", BASIC, down)
	assert after(lines, "03-03") == [
		*on("03-03", "C1 owes 62.00: Basic 02-01>03-01 31.00, Basic 03-01>04-01 31.00"),
		*on("03-03", "C1 told restriction 61", "C1 is Suspended", "ana Restricted"),
		*on("03-18", "C1 told deletion 15"),
		*on("03-26", "C1 told deletion 7"),
		*on("04-01", "C1 told deletion 1"),
		*on("04-02", *ERASED),
	]


def test_a_customers_grace_comes_on_top_of_the_policys_days(tmp_path: Path):
	ben = BASIC.replace("Ana", "Ben")
	lines = story(tmp_path, "2026-12-31", ben)
	assert lines[-6:] == [
		*on("02-02", "C1 told deletion 15"),
		*on("02-10", "C1 told deletion 7"),
		*on("02-16", "C1 told deletion 1"),
		*on("02-17", *ERASED),
	]
	assert on("01-18", "C1 told restriction 17", "C1 is Suspended", "ana Restricted") == lines[6:9]


def test_a_contract_that_was_cancelled_follows_the_same_path(tmp_path: Path):
	lines = story(
		tmp_path, "2026-03-31", BASIC, PAID, "2026-01-10 10:00, do: cancel, contract: C1, when: now"
	)
	assert after(lines, "01-02") == [
		"01-10 10:00 C1 is Cancelled",
		"01-10 10:00 ana Restricted",
		"01-10 10:00 C1 credit 22.00 = 22.00",
		*on("01-25", "C1 told deletion 15"),
		*on("02-02", "C1 told deletion 7"),
		*on("02-08", "C1 told deletion 1"),
		*on("02-09", "ana erased", "ana Deleted"),
	]


def test_a_contract_cancelled_in_arrears_is_not_revived_by_a_payment_and_its_data_waits_for_a_person(
	tmp_path: Path,
):
	lines = story(
		tmp_path,
		"2026-03-31",
		BASIC,
		"2026-01-10 10:00, do: cancel, contract: C1, when: now",
		"2026-01-20 10:00, do: pay, contract: C1",
		"2026-03-01, do: release, contract: C1",
	)
	assert after(lines, "01-10") == [
		"01-10 10:00 C1 is Cancelled",
		"01-10 10:00 ana Restricted",
		"01-10 10:00 C1 credit 22.00 = 22.00",
		"01-20 10:00 C1 pays 31.00",
		*on("01-25", "C1 told deletion 15"),
		*on("02-02", "C1 told deletion 7"),
		*on("02-08", "C1 told deletion 1"),
		*on("02-09", "C1 waits for unpaid_check"),
		*on("03-02", "ana erased", "ana Deleted"),
	]


def test_a_suspended_contract_whose_last_day_passes_ends_and_keeps_its_count(tmp_path: Path):
	lines = story(tmp_path, "2026-03-31", BASIC, "2026-01-05, do: cancel, contract: C1")
	assert after(lines, "01-12") == [
		ANNOUNCED[0],
		*on("02-01", "C1 is Ended"),
		*ANNOUNCED[1:],
		*on("02-10", "ana erased", "ana Deleted"),
	]


SECOND = "2026-01-01, do: subscribe, contract: C2, customer: Ana, plan: Pro, every: Yearly, instance: ana"


def test_an_instance_stays_full_as_long_as_one_of_its_contracts_grants_it(tmp_path: Path):
	lines = story(tmp_path, "2026-12-31", BASIC, SECOND, "2026-01-01 09:00, do: pay, contract: C2")
	assert after(lines, "01-02") == [line for line in SUSPENDED if "Restricted" not in line]


def test_two_contracts_on_an_instance_are_restricted_together_and_both_learn_of_the_deletion(tmp_path: Path):
	"""C1 is suspended from 11 January, but the instance restricted only when C2 is cancelled too."""
	lines = story(
		tmp_path,
		"2026-12-31",
		BASIC,
		SECOND,
		"2026-01-01 09:00, do: pay, contract: C2",
		"2026-03-01 10:00, do: cancel, contract: C2, when: now",
	)
	assert after(lines, "03-01") == [
		"03-01 10:00 C2 is Cancelled",
		"03-01 10:00 ana Restricted",
		"03-01 10:00 C2 credit 612.00 = 612.00",
		*on("03-16", "C1 told deletion 15", "C2 told deletion 15"),
		*on("03-24", "C1 told deletion 7", "C2 told deletion 7"),
		*on("03-30", "C1 told deletion 1", "C2 told deletion 1"),
		*on("03-31", *ERASED),
	]


@pytest.mark.parametrize(
	("event", "reason"),
	[
		("2026-01-20, do: hold, contract: C2", "hold"),
		("2026-01-20 10:00, do: pay, contract: C2", "unpaid_check"),
	],
)
def test_a_hold_or_payment_on_one_contract_keeps_the_data_of_all_on_its_instance(
	tmp_path: Path, event: str, reason: str
):
	lines = story(
		tmp_path, "2026-12-31", BASIC, SECOND, "2026-01-08, do: cancel, contract: C2, when: now", event
	)
	assert not any("erased" in line for line in lines)
	assert f"02-10 00:05 C1 waits for {reason}" in lines
