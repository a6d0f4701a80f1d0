"""What is owed beyond the quota, month by month, and does it add up to what was recorded?"""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscription_mgmt.engine.catalogue import Aggregate, Excess, Plan, Quota
from subscription_mgmt.engine.charges import Charge, ChargeKind
from subscription_mgmt.engine.contracts import Contract, PackLine, Status
from subscription_mgmt.engine.overage import Terms, overages, usage_due
from subscription_mgmt.engine.usage import UsageRecord
from tests.builders import YEARLY, a_contract, a_pack, a_plan, anchors, day, period, periods_of, refused

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
	euros = terms(a_quota(currency="EUR"))
	with refused("quota_currency", metric="users", price="EUR", contract="USD"):
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
