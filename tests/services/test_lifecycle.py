"""Do contract, access, money and data stay in step when a customer stops paying, changes or leaves?"""

import pytest

from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.contracts import Status
from subscription_mgmt.engine.periods import Interval
from subscription_mgmt.engine.policies import DunningPolicy
from subscription_mgmt.services.cancel import cancel_at_period_end, cancel_now
from subscription_mgmt.services.change_plan import change_plan, decided_change
from subscription_mgmt.services.hold import hold, release
from subscription_mgmt.services.preview import preview
from subscription_mgmt.services.settle import settle
from tests.builders import MONTHLY, day, money, refused
from tests.services.living import STANDARD, World


def a_world(**contract: object) -> World:
	"""C1 for Ana on Basic at 30.00 from 1 January, not paid."""
	world = World(day("2026-01-01"))
	world.subscribe(**contract)
	return world


def suspended() -> World:
	"""Restricted since 11 January."""
	world = a_world()
	world.nights(until="2026-01-11")
	assert world["C1"].status is Status.SUSPENDED
	return world


def change(world: World, plan: str, every: Interval | None = None, when: str | None = None) -> None:
	change_plan("C1", plan, every, when, world.today, world.ports)


CHANGES = [
	("Pro", None, None),
	("Pro", Interval.YEARLY, None),
	("Basic", Interval.YEARLY, None),
	("Respaldo", None, None),
	("Respaldo", None, "now"),
	("Firm", None, "period_end"),
	("Committed", None, None),
]


@pytest.mark.parametrize("paid", [True, False])
@pytest.mark.parametrize("on", ["2026-01-01", "2026-01-20", "2026-01-31", "2026-02-01"])
@pytest.mark.parametrize(("plan", "every", "when"), CHANGES)
def test_the_preview_of_a_change_is_its_result_and_stores_nothing(plan, every, when, on: str, paid: bool):
	world = a_world()
	if paid:
		world.pay()
	if on != "2026-01-01":
		world.nights(until=on)
	if world["C1"].status is Status.SUSPENDED and plan != "Respaldo":
		return
	before, charged = world.state(), len(world.charges())
	shown = decided_change(world["C1"], plan, every, when, world.today, world.ports)
	assert world.state() == before
	change(world, plan, every, when)
	assert world.charges()[charged:] == shown.charges
	assert world["C1"].planned == shown.contract.planned


def test_the_invoices_ahead_show_a_planned_change():
	world = a_world(plan="Pro")
	change(world, "Basic")
	ahead = preview(world["C1"], world.today, 2, world.ports)
	assert [(str(on), [line.what for line in lines]) for on, lines in ahead] == [
		("2026-02-01", ["Basic"]),
		("2026-03-01", ["Basic"]),
	]
	for until in ("2026-02-01", "2026-03-01"):
		world.pay()
		world.nights(until=until)
	assert [charge.what for charge in world.charges()] == ["Pro", "Basic", "Basic"]


def test_a_change_planned_for_the_day_the_contract_ends_is_not_taken():
	world = a_world(plan="Pro")
	world.pay()
	change(world, "Basic")
	cancel_at_period_end("C1", world.today, world.ports)
	world.nights(until="2026-02-02")
	assert (world["C1"].status, world["C1"].plan) == (Status.ENDED, "Pro")


def test_a_planned_change_that_could_not_be_billed_is_refused_when_it_is_ordered():
	world = a_world()
	before = world.state()
	with refused("no_price"):
		change(world, "By Month", Interval.YEARLY, "period_end")
	assert world.state() == before


def test_a_change_during_an_outage_owes_the_missed_periods_first():
	world = a_world()
	world.pay()
	world.outage(45)
	change(world, "Pro")
	assert [charge.what for charge in world.charges()] == ["Basic", "Basic", "Basic", "Pro"]
	assert len(world.ledger.invoices_of("C1")) == 2


@pytest.mark.parametrize("nights", [1, 4, 10, 25, 39])
def test_the_jobs_may_run_any_number_of_times_a_day(nights: int):
	once, often = a_world(), a_world()
	for world in (once, often):
		for _ in range(nights):
			world.nights()
			if world is often:
				world.run_jobs()
				world.run_jobs()
	assert often.state() == once.state()
	assert often.book.happened == once.book.happened


def test_the_restriction_counts_from_the_run_after_it():
	world = suspended()
	assert world["C1"].restriction.days == 0
	assert world.mode("ana") is Mode.RESTRICTED
	world.run_jobs()
	assert world["C1"].restriction.days == 0
	world.nights()
	assert world["C1"].restriction.days == 1
	world.outage(20)
	world.nights()
	assert world["C1"].restriction.days == 2


def test_an_outage_of_sixty_days_suspends_and_does_not_delete():
	world = a_world()
	world.outage(60)
	world.nights()
	assert world["C1"].status is Status.SUSPENDED
	world.nights(29)
	assert world.mode("ana") is Mode.RESTRICTED
	world.nights()
	assert world.mode("ana") is Mode.DELETED


def test_a_payment_gives_access_back_in_the_same_transaction_and_forgets_the_restriction():
	world = suspended()
	world.nights(20)
	world.pay()
	assert world.mode("ana") is Mode.FULL
	assert world["C1"].restriction is None
	world.nights(until="2026-02-15")
	assert world["C1"].status is Status.SUSPENDED
	assert world["C1"].restriction.days <= 4


def test_a_payment_taken_back_counts_back():
	world = a_world()
	world.pay()
	world.nights(3)
	world.ledger.take_back("C1")
	settle("C1", world.today, world.ports)
	assert world["C1"].status is Status.PAST_DUE
	world.nights(until="2026-01-11")
	assert world["C1"].status is Status.SUSPENDED


def test_a_part_paid_leaves_it_suspended_and_keeps_the_data_until_a_person_looks():
	world = suspended()
	world.ledger.invoices[0].paid = money("1.00")
	settle("C1", world.today, world.ports)
	assert world["C1"].status is Status.SUSPENDED
	world.nights(40)
	assert world.mode("ana") is Mode.RESTRICTED
	assert world["C1"].restriction.waits == ("unpaid_check",)
	release("C1", world.ports)
	world.nights()
	assert world.mode("ana") is Mode.DELETED


def test_a_payment_the_books_hold_but_nobody_announced_stops_the_deletion_that_day():
	"""The gate reads the ledger itself, whether or not a payment was heard of."""
	world = suspended()
	world.nights(29)
	world.ledger.pay("C1")
	world.nights()
	assert world["C1"].status is Status.ACTIVE
	assert world.mode("ana") is Mode.FULL


def test_read_only_bought_while_on_hold_keeps_the_hold():
	world = suspended()
	hold("C1", world.ports)
	change(world, "Respaldo")
	assert (world.mode("ana"), world["C1"].on_hold) == (Mode.READ_ONLY, True)
	world.nights(80)
	assert world.mode("ana") is Mode.RESTRICTED
	assert world["C1"].restriction.waits == ("hold",)


def test_respaldo_is_kept_while_it_is_paid():
	world = suspended()
	change(world, "Respaldo")
	for _ in range(60):
		world.pay()
		world.nights(6)
	assert world.mode("ana") is Mode.READ_ONLY
	assert world.statuses()[-1] is Status.ACTIVE


def test_a_debt_from_before_respaldo_restricts_again_when_a_full_plan_is_taken():
	world = suspended()
	change(world, "Respaldo")
	for record in world.ledger.invoices[1:]:
		record.paid = record.invoice.total
	world.nights(5)
	assert world.mode("ana") is Mode.READ_ONLY
	change(world, "Basic")
	world.nights(1)
	assert world.mode("ana") is Mode.RESTRICTED


def test_a_past_due_contract_cancelled_now_is_credited_and_still_owes():
	world = a_world()
	world.nights(until="2026-01-06")
	cancel_now("C1", world.today, world.ports)
	assert world["C1"].status is Status.CANCELLED
	assert world.amounts() == ["30.00", "-25.16"]
	assert world.ledger.invoices[0].open == money("30.00")
	assert world.mode("ana") is Mode.RESTRICTED


def test_a_suspended_contract_whose_end_passes_goes_on_counting():
	world = a_world(renew=False)
	world.nights(until="2026-01-31")
	counted = world["C1"].restriction.days
	world.nights(1)
	assert world["C1"].status is Status.ENDED
	assert world["C1"].restriction.days == counted + 1


def test_paying_after_the_last_day_does_not_revive_the_contract():
	world = a_world(renew=False)
	world.nights(until="2026-02-01")
	before = world["C1"]
	assert world.pay() == money("30.00")
	assert world["C1"] == before
	assert world.mode("ana") is Mode.RESTRICTED


def test_nothing_is_sold_for_an_instance_that_is_gone():
	world = suspended()
	world.nights(30)
	before = world.state()
	with refused("instance_deleted", instance="ana"):
		world.subscribe("C2", instance="ana")
	assert world.state() == before


def test_a_refused_subscription_leaves_no_trace_on_its_instance():
	world = a_world()
	with refused("no_price"):
		world.subscribe("C2", plan="By Month", interval=Interval.YEARLY, instance="ana")
	assert [contract.name for contract in world.served_by("ana")] == ["C1"]


def shared(second: str = "Basic") -> World:
	"""C1 and C2 on one instance, both unpaid and restricted with it."""
	world = a_world()
	world.subscribe("C2", plan=second, interval=MONTHLY, instance="ana")
	world.nights(until="2026-01-11")
	return world


def test_of_two_contracts_on_an_instance_the_better_one_decides():
	world = shared("Pro")
	assert world["C1"].status is Status.SUSPENDED
	assert (world.mode("ana"), world["C1"].restriction) == (Mode.FULL, None)
	world.nights(until="2026-01-21")
	assert world.mode("ana") is Mode.RESTRICTED
	assert {world[name].restriction.since for name in ("C1", "C2")} == {day("2026-01-21")}


def test_the_more_patient_policy_of_two_decides_when_shared_data_is_deleted():
	world = shared("Pro")
	world.nights(until="2026-03-21")
	assert world.mode("ana") is Mode.RESTRICTED
	assert world["C1"].restriction.waits == ("restriction",)
	world.nights(until="2026-03-22")
	assert world.mode("ana") is Mode.DELETED


def test_when_shared_data_is_deleted_every_contract_on_it_is_over():
	world = shared()
	world.nights(30)
	for name in ("C1", "C2"):
		gone = world[name]
		assert (gone.status, gone.restriction, gone.next_billing) == (Status.ENDED, None, None)
		assert gone.data_deleted_on == day("2026-02-10")
	with refused("data_is_deleted"):
		change_plan("C2", "Respaldo", None, None, world.today, world.ports)


@pytest.mark.parametrize("keep", ["hold", "pay a part"])
def test_one_contract_keeps_the_data_for_all_on_its_instance(keep: str):
	world = shared()
	if keep == "hold":
		hold("C2", world.ports)
	else:
		world.ledger.invoices_of("C2")[0].paid = money("1.00")
	world.nights(60)
	assert world.mode("ana") is Mode.RESTRICTED
	assert world["C1"].restriction.waits == ("hold" if keep == "hold" else "unpaid_check",)


def test_a_contract_never_to_be_deleted_keeps_the_shared_data_until_it_is_over():
	world = a_world()
	world.subscribe("C2", plan="Patient", instance="ana")
	world.nights(60)
	assert world.mode("ana") is Mode.FULL
	cancel_now("C2", world.today, world.ports)
	world.nights(30)
	assert world.mode("ana") is Mode.DELETED


def test_a_policy_that_begins_to_delete_leaves_the_days_its_last_notice_announces():
	never = DunningPolicy("Standard", (1,), 10)
	world = World(day("2026-01-01"), (never,))
	world.subscribe()
	world.nights(100)
	assert (world.mode("ana"), world["C1"].restriction.days) == (Mode.RESTRICTED, 90)
	world.ports.catalogue._dunning["Standard"] = STANDARD
	world.nights()
	world.run_jobs()
	assert world.mode("ana") is Mode.RESTRICTED
	assert world.book.of("C1", "told deletion")[-1][2] == 1
	world.nights()
	assert world.mode("ana") is Mode.DELETED


def test_a_notice_known_to_have_failed_stops_the_deletion(monkeypatch: pytest.MonkeyPatch):
	world = suspended()
	monkeypatch.setattr(world.book, "were_delivered", lambda contract, kind: False)
	world.nights(40)
	assert world["C1"].restriction.waits == ("notices",)
	monkeypatch.undo()
	world.nights()
	assert world.mode("ana") is Mode.DELETED


def test_without_the_persons_who_have_to_release_it_nothing_is_deleted(monkeypatch: pytest.MonkeyPatch):
	world = suspended()
	monkeypatch.setattr(world.hosting, "is_released", lambda contract: False)
	world.nights(40)
	assert world["C1"].restriction.waits == ("hold",)


def test_an_access_that_was_ordered_but_is_not_in_force_counts_no_day(monkeypatch: pytest.MonkeyPatch):
	world = suspended()
	monkeypatch.setattr(world.hosting, "is_in_force", lambda instance, mode: False)
	world.nights(40)
	assert world["C1"].restriction.days == 0
	assert "restriction" in world["C1"].restriction.waits


def test_a_backup_is_asked_for_at_the_moment_of_the_deletion():
	world = suspended()
	world.nights(28)
	world.backups_fail("ana", 3)
	world.nights(4)
	assert world.book.of("C1", "waits") == [(day("2026-02-10"), "waits", ("backup",))]
	assert world.mode("ana") is Mode.DELETED


def test_a_customers_grace_puts_the_restriction_off():
	world = a_world(customer="Ben")
	world.nights(until="2026-01-17")
	assert world["C1"].status is Status.PAST_DUE
	world.nights()
	assert world["C1"].status is Status.SUSPENDED
