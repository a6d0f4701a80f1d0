"""What is owed beyond the quota, month by month, and does it add up to what was recorded?"""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscription_mgmt.engine.catalogue import Aggregate, Excess, Plan, Quota
from subscription_mgmt.engine.charges import Basis, Charge, ChargeKind
from subscription_mgmt.engine.contracts import Contract, PackLine, Status
from subscription_mgmt.engine.overage import Terms, overages, usage_due
from subscription_mgmt.engine.usage import UsageRecord
from tests.builders import (
	YEARLY,
	a_contract,
	a_pack,
	a_plan,
	anchors,
	day,
	period,
	periods_of,
	price,
	refused,
)

JANUARY = period("2026-01-01", "2026-02-01")


def a_quota(aggregate: Aggregate = Aggregate.PEAK, **changes: object) -> Quota:
	return replace(Quota("users", Decimal(1), aggregate, Excess.BILL, Decimal("12.00")), **changes)


def a_record(at: str, value: int, module: str | None = None, key: str = "") -> UsageRecord:
	return UsageRecord(key or f"{at} {module}", "users", datetime.fromisoformat(at), Decimal(value), module)


def terms(
	quota: Quota | None = None, contract: Contract | None = None, packs: tuple[PackLine, ...] = ()
) -> Terms:
	plan = a_plan(quotas=(quota or a_quota(),))
	contract = contract or a_contract(interval=YEARLY, packs=packs, usage_from=day("2026-01-01"))
	return Terms(contract, [(contract.start, plan)], {"Users": a_pack()})


def over(given_: Terms, *records: UsageRecord, month: object = JANUARY) -> list[int]:
	return [int(each.over) for each in overages(given_, records, month)]


def due(given_: Terms, *records: UsageRecord, until: str, **more: object) -> list[Charge]:
	fields = {"charged": (), "since": given_.contract.usage_from, **more}
	fields["since"] = day(fields["since"]) if isinstance(fields["since"], str) else fields["since"]
	until_ = day(until)
	return list(usage_due(given_, records, until=until_, today=until_, **fields).charges)


def test_every_month_is_billed_on_its_own_in_a_yearly_contract_from_the_31st():
	contract = a_contract("2026-01-31", interval=YEARLY, usage_from=day("2026-01-31"))
	charges = due(terms(contract=contract), a_record("2026-02-03", 4), until="2026-05-01")
	assert periods_of(charges) == [
		("2026-01-31", "2026-02-28"),
		("2026-02-28", "2026-03-31"),
		("2026-03-31", "2026-04-30"),
	]
	assert {(charge.kind, charge.quantity, charge.rate, charge.amount) for charge in charges} == {
		(ChargeKind.USAGE, 3, Decimal("12.00"), Decimal("36.00"))
	}
	assert charges[0].key == "C1|usage:users/|2026-01-31|0"


def test_the_administrator_is_included_in_each_module_and_others_are_counted_per_module():
	quota = a_quota(per_module=True)
	records = [a_record("2026-01-03", 1, "CRM"), a_record("2026-01-03", 4, "Sales")]
	figures = overages(terms(quota), records, JANUARY)
	assert [(figure.module, figure.over) for figure in figures] == [("CRM", 0), ("Sales", 3)]


@pytest.mark.parametrize(
	("since", "expected"),
	[("2026-01-03", 1), ("2026-01-04", 3), ("2026-02-01", 3)],
)
def test_a_pack_counts_from_its_day_on_and_days_before_it_are_billed(since: str, expected: int):
	line = PackLine("Users", 2, day(since))
	assert over(terms(packs=(line,)), a_record("2026-01-03", 4)) == [expected]


@pytest.mark.parametrize(
	("aggregate", "expected"),
	[(Aggregate.PEAK, 4), (Aggregate.LAST, 1), (Aggregate.SUM, 6), (Aggregate.UNIQUE, 4)],
)
def test_each_metric_has_its_own_aggregation(aggregate: Aggregate, expected: int):
	records = [a_record("2026-01-03", 5), a_record("2026-01-20", 2)]
	assert over(terms(a_quota(aggregate)), *records) == [expected]


def test_what_is_blocked_is_never_billed():
	blocked = a_quota(excess=Excess.BLOCK, price=None)
	assert due(terms(blocked), a_record("2026-01-03", 5), until="2026-02-01") == []


def test_a_price_in_another_currency_is_refused_and_not_billed_as_if_it_were_the_contracts():
	euros = terms(a_quota(price=None, prices=(price("9.00", None, currency="EUR"),)))
	with refused("no_quota_price", metric="users", currency="USD", day=day("2026-01-01")):
		due(euros, a_record("2026-01-03", 5), until="2026-02-01")
	assert due(euros, a_record("2026-01-03", 1), until="2026-02-01") == []


def test_each_day_has_the_quota_of_the_plan_of_that_day():
	small, large = a_plan(quotas=(a_quota(),)), a_plan(name="Large", quotas=(a_quota(included=Decimal(5)),))
	contract = a_contract(interval=YEARLY, usage_from=day("2026-01-01"))
	grown = Terms(contract, [(day("2026-01-01"), small), (day("2026-01-10"), large)], {})
	assert over(grown, a_record("2026-01-10", 6)) == [1]
	assert over(grown, a_record("2026-01-09", 3)) == [2]
	shrunk = Terms(contract, [(day("2026-01-01"), large), (day("2026-01-10"), small)], {})
	assert over(shrunk, a_record("2026-01-02", 5), a_record("2026-01-09", 1)) == [0]


def test_the_month_in_which_a_contract_ends_is_billed_then():
	records = [a_record("2026-01-03", 4), a_record("2026-01-12", 9)]
	charges = due(terms(), *records, until="2026-01-11", cut=True)
	assert (periods_of(charges), charges[0].quantity) == ([("2026-01-01", "2026-01-11")], 3)


@pytest.mark.parametrize(
	("aggregate", "amount"),
	[
		(Aggregate.PEAK, "11.61"),
		(Aggregate.LAST, "11.61"),
		(Aggregate.UNIQUE, "11.61"),
		(Aggregate.SUM, "36.00"),
	],
)
def test_of_a_month_cut_short_a_level_is_charged_by_day_and_a_sum_as_it_is(aggregate: Aggregate, amount: str):
	"""3 × 12.00 × 10 of 31 days."""
	(charge,) = due(terms(a_quota(aggregate)), a_record("2026-01-03", 4), until="2026-01-11", cut=True)
	assert (charge.quantity, charge.rate, charge.amount) == (3, Decimal("12.00"), Decimal(amount))
	assert charge.is_part_of_a_period is (aggregate is not Aggregate.SUM)


@pytest.mark.parametrize(
	("currency", "month", "expected"),
	[("USD", "2026-02-01", "36.00"), ("EUR", "2026-02-01", "27.00"), ("EUR", "2026-03-01", "30.00")],
)
def test_a_unit_costs_what_the_price_list_says_in_the_currency_when_the_month_begins(
	currency: str, month: str, expected: str
):
	listed = (
		price("12.00", None),
		price("9.00", None, currency="EUR"),
		price("10.00", None, "2026-02-01", currency="EUR"),
	)
	contract = a_contract(interval=YEARLY, usage_from=day("2026-01-01"), currency=currency)
	charges = due(
		terms(a_quota(price=None, prices=listed), contract), a_record("2026-01-03", 4), until="2026-03-01"
	)
	assert {str(charge.period.end): str(charge.amount) for charge in charges}[month] == expected


def test_a_module_that_the_plan_has_no_more_is_not_billed_from_then_on():
	crm = a_plan(modules=("CRM", "Sales"), quotas=(a_quota(per_module=True),))
	sales = a_plan(name="Sales", modules=("Sales",), quotas=(a_quota(per_module=True),))
	contract = a_contract(interval=YEARLY, usage_from=day("2026-01-01"))
	given_ = Terms(contract, [(day("2026-01-01"), crm), (day("2026-01-20"), sales)], {})
	charges = due(given_, a_record("2026-01-03", 4, "CRM"), until="2026-04-01")
	assert periods_of(charges) == [("2026-01-01", "2026-02-01")]


@pytest.mark.parametrize("aggregate", [Aggregate.PEAK, Aggregate.SUM, Aggregate.UNIQUE])
def test_what_was_used_on_a_plan_that_bills_it_is_billed_though_the_next_plan_does_not(aggregate: Aggregate):
	plain = a_plan(name="Plain")
	contract = a_contract(interval=YEARLY, usage_from=day("2026-01-01"))
	metered = a_plan(quotas=(a_quota(aggregate),))
	given_ = Terms(contract, [(day("2026-01-01"), metered), (day("2026-01-20"), plain)], {})
	charges = due(given_, a_record("2026-01-03", 4), until="2026-04-01")
	assert [(str(charge.period.start), charge.quantity) for charge in charges] == [("2026-01-01", 3)]


def test_a_charge_says_what_it_rests_on():
	records = [
		a_record("2026-01-03", 2),
		replace(a_record("2026-01-05", 4), subjects=("ana", "ben", "eva", "ivo")),
		a_record("2026-01-08", 1),
	]
	(charge,) = due(terms(), *records, until="2026-02-01")
	assert charge.basis == Basis(day("2026-01-05"), Decimal(4), Decimal(1), 5, ("ana", "ben", "eva", "ivo"))
	(charge,) = due(terms(a_quota(Aggregate.SUM)), *records, until="2026-02-01")
	assert (charge.basis.day, charge.basis.used, charge.basis.allowed) == (day("2026-01-31"), 7, 1)


@pytest.mark.parametrize(
	("suspended", "billed"),
	[
		(("2026-01-15", None), ["2026-01-01"]),
		(("2026-01-15", "2026-02-20"), ["2026-01-01", "2026-03-01"]),
		(("2026-02-01", "2026-02-20"), ["2026-01-01", "2026-02-01", "2026-03-01"]),
		(("2026-01-15", "2026-03-01"), ["2026-01-01"]),
	],
)
def test_a_month_that_begins_while_suspended_is_not_billed(
	suspended: tuple[str, str | None], billed: list[str]
):
	since, back = suspended
	suspensions = ((day(since), day(back) if back else None),)
	status = Status.ACTIVE if back else Status.SUSPENDED
	contract = a_contract(
		interval=YEARLY, usage_from=day("2026-01-01"), suspensions=suspensions, status=status
	)
	charges = due(terms(contract=contract), a_record("2026-01-03", 4), until="2026-04-01")
	assert [start for start, _ in periods_of(charges)] == billed


def test_a_contract_taken_up_again_is_not_suspended_for_ever():
	suspensions = ((day("2025-06-01"), None),)
	contract = a_contract(interval=YEARLY, usage_from=day("2026-01-01"), suspensions=suspensions)
	charges = due(terms(contract=contract), a_record("2026-01-03", 4), until="2026-04-01")
	assert [start for start, _ in periods_of(charges)] == ["2026-01-01", "2026-02-01", "2026-03-01"]


def test_late_records_change_what_the_next_bill_says_of_a_month_up_or_down():
	billed = a_contract(interval=YEARLY, usage_from=day("2026-01-01"))
	first = due(terms(a_quota(Aggregate.LAST), billed), a_record("2026-01-03", 4), until="2026-02-01")
	later = terms(a_quota(Aggregate.LAST), replace(billed, usage_from=day("2026-02-01")))
	records = [a_record("2026-01-03", 4), a_record("2026-01-30", 2), a_record("2026-02-02", 1)]
	changed = due(later, *records, until="2026-03-01", charged=first, since="2026-01-30")
	assert [(charge.kind, charge.amount, charge.key[-12:]) for charge in changed] == [
		(ChargeKind.CREDIT, Decimal("-24.00"), "2026-01-01|1")
	]
	assert changed[0].reverses == first[0].key
	up = due(
		later, *records, a_record("2026-01-31", 7), until="2026-03-01", charged=first, since="2026-01-30"
	)
	assert [(charge.kind, charge.amount) for charge in up] == [(ChargeKind.USAGE, Decimal("36.00"))]


def test_an_overage_is_explained_day_by_day():
	records = [replace(a_record("2026-01-30", 3), subjects=("ana", "ben", "eva"))]
	figure = overages(terms(packs=(PackLine("Users", 1, day("2026-01-31")),)), records, JANUARY)[0]
	explained = [(row.day.day, int(row.used), int(row.allowed), int(row.over)) for row in figure.days[-3:]]
	assert explained == [(29, 0, 1, 0), (30, 3, 1, 2), (31, 3, 2, 1)]
	assert figure.days[-1].subjects == ("ana", "ben", "eva")


metered = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 9)), max_size=15)
FIGURES = [Aggregate.SUM, Aggregate.PEAK, Aggregate.LAST]


@given(anchors, metered, st.lists(st.integers(0, 500), max_size=6), st.sampled_from(FIGURES), st.randoms())
def test_what_is_invoiced_equals_the_records_however_late_they_come_and_whenever_bills_are_made(
	anchor: date, measured: list[tuple[int, int]], nights: list[int], aggregate: Aggregate, random: object
):
	"""Records arrive in any order between bills made on any nights; in the end every month is charged once,
	rightly."""
	contract = replace(a_contract(str(anchor), interval=YEARLY), usage_from=anchor)
	records = [
		UsageRecord(
			str(n),
			"users",
			datetime.combine(date.fromordinal(anchor.toordinal() + after), datetime.min.time()),
			Decimal(value),
		)
		for n, (after, value) in enumerate(measured)
	]
	arriving = list(records)
	random.shuffle(arriving)
	plan = a_plan(quotas=(a_quota(aggregate),))
	last = date.fromordinal(anchor.toordinal() + 520)
	charged: list[Charge] = []
	known: list[UsageRecord] = []
	new: list[UsageRecord] = []
	for night in [*sorted(date.fromordinal(anchor.toordinal() + n) for n in nights), last]:
		while arriving and (night == last or random.random() < 0.5):
			new.append(arriving.pop())
		if contract.next_usage_billing and contract.next_usage_billing > night:
			continue
		known, since = known + new, min([contract.usage_from, *(record.at.date() for record in new)])
		new = []
		outcome = usage_due(Terms(contract, [(anchor, plan)], {}), known, charged, since, night, night)
		contract, charged = outcome.contract, [*charged, *outcome.charges]
	assert len({charge.key for charge in charged}) == len(charged)
	assert sum(charge.amount for charge in charged) == 12 * expected(records, anchor, last, plan)


def expected(records: list[UsageRecord], anchor: date, last: date, plan: Plan) -> Decimal:
	"""Billed all at once, with every record known."""
	contract = replace(a_contract(str(anchor), interval=YEARLY), usage_from=anchor)
	outcome = usage_due(Terms(contract, [(anchor, plan)], {}), records, (), anchor, last, last)
	return sum((charge.quantity for charge in outcome.charges), Decimal(0))
