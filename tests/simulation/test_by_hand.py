"""Is what a contract is invoiced what a person reckons with a calendar and the price list, day by day?

The reckoning here shares no line with the program: it walks through the days and keeps what was charged for the
period it is in.
"""

import json
from calendar import monthrange
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subscription_mgmt.__main__ import main

MONTHS = {"Monthly": 1, "Quarterly": 3, "Half-Yearly": 6, "Yearly": 12}
DECIMALS = {"EUR": 2, "CLP": 0, "KWD": 3}
Prices = dict[str, Decimal]


@dataclass
class Story:
	"""Subscribed to A, a pack added, upgraded to B in the same interval, perhaps to a longer interval in the end."""

	currency: str
	prices: dict[str, Prices]
	start: date
	every: str
	quantity: int
	pack_on: date
	upgrade_on: date
	longer_on: date
	longer: str | None
	until: date

	def file(self) -> str:
		a, b, pack = (
			", ".join(f"{every}: {price}" for every, price in prices.items())
			for prices in self.prices.values()
		)
		change = (
			f"  - {{at: {self.longer_on} 10:00, do: change_plan, contract: C, plan: B, every: {self.longer}}}"
		)
		return f"""
name: By hand
timezone: Europe/Madrid
currency: {self.currency}
start: {self.start}
until: {self.until}
plans:
  A: {{kind: Subscription, tier: 1, prices: {{{a}}}}}
  B: {{kind: Subscription, tier: 2, prices: {{{b}}}}}
packs:
  P: {{kind: Storage, prices: {{{pack}}}}}
events:
  - {{at: {self.start}, do: subscribe, contract: C, customer: Ana, plan: A, every: {self.every}}}
  - {{at: {self.pack_on} 10:00, do: add_pack, contract: C, pack: P, quantity: {self.quantity}}}
  - {{at: {self.upgrade_on} 10:00, do: change_plan, contract: C, plan: B}}
{change if self.longer else ""}
"""


@st.composite
def stories(draw: st.DrawFn) -> Story:
	currency = draw(st.sampled_from(sorted(DECIMALS)))
	least = Decimal(1).scaleb(-DECIMALS[currency])

	def prices(low: int, high: int) -> Prices:
		"""Large enough for a day to cost something in every currency."""
		return {
			every: draw(st.integers(low * 100 * months, high * 100 * months)) * least
			for every, months in MONTHS.items()
		}

	start = date(draw(st.sampled_from([2027, 2028])), draw(st.integers(1, 12)), 1)
	start = start.replace(day=min(draw(st.sampled_from([1, 15, 29, 30, 31])), days_in(start)))
	every = draw(st.sampled_from(sorted(MONTHS)))
	longer = [other for other in MONTHS if MONTHS[other] > MONTHS[every]]
	pack_on = start + timedelta(draw(st.integers(0, 250)))
	upgrade_on = pack_on + timedelta(draw(st.integers(1, 200)))
	return Story(
		currency=currency,
		prices={"A": prices(40, 60), "B": prices(61, 90), "P": prices(30, 39)},
		start=start,
		every=every,
		quantity=draw(st.integers(1, 4)),
		pack_on=pack_on,
		upgrade_on=upgrade_on,
		longer_on=upgrade_on + timedelta(draw(st.integers(1, 60))),
		longer=draw(st.sampled_from(longer)) if longer else None,
		until=start + timedelta(draw(st.integers(0, 800))),
	)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
	return tmp_path_factory.mktemp("by_hand") / "scenario.yaml"


@settings(max_examples=150, deadline=None)
@given(story=stories())
def test_what_is_invoiced_is_what_a_person_reckons(file: Path, story: Story):
	file.write_text(story.file(), encoding="utf-8")
	printed = StringIO()
	with redirect_stdout(printed):
		assert main(["simulate", str(file), "--json"]) == 0
	events = json.loads(printed.getvalue())["events"]
	assert {event["type"] for event in events} <= {"contract", "invoice"}
	invoices = [
		(event["at"][:10], event["total"], lines(event)) for event in events if event["type"] == "invoice"
	]
	assert invoices == Reckoning(story).invoices()


def lines(invoice: dict) -> list[tuple[str, str, str, str]]:
	return sorted(
		(line["what"], line["period_start"], line["period_end"], line["amount"]) for line in invoice["lines"]
	)


@dataclass
class Reckoning:
	story: Story
	anchor: date = date.min
	every: str = ""
	held: dict[str, int] = field(default_factory=dict)
	told: list = field(default_factory=list)

	def invoices(self) -> list[tuple[str, str, list[tuple[str, str, str, str]]]]:
		story = self.story
		self.anchor, self.every, self.held = story.start, story.every, {"A": 1}
		day = story.start
		while day <= story.until:
			period = self.period(day)
			if day == period[0]:
				self.tell(day, [(what, 1, day) for what in self.held])
			if day == story.pack_on:
				self.held["P"] = story.quantity
				self.tell(day, [("P", 1, day)])
			if day == story.upgrade_on:
				change = [("A", -1, day)]
				self.held = {"B": 1, **{what: count for what, count in self.held.items() if what != "A"}}
				self.tell(day, [*change, ("B", 1, day)])
			if story.longer and day == story.longer_on:
				credit = [self.line(what, -1, day) for what in self.held]
				self.anchor, self.every = day, story.longer
				self.tell(day, [(what, 1, day) for what in self.held], credit)
			day += timedelta(1)
		return self.told

	def tell(self, day: date, shares: list[tuple[str, int, date]], before: list | None = None) -> None:
		found = [*(before or ()), *(self.line(*share) for share in shares)]
		total = sum(Decimal(line[3]) for line in found)
		self.told.append((day.isoformat(), str(total), sorted(found)))

	def line(self, what: str, sign: int, day: date) -> tuple[str, str, str, str]:
		start, end = self.period(day)
		price = self.story.prices[what][self.every] * self.held.get(what, 1)
		exact = price * (end - day).days / (end - start).days
		least = Decimal(1).scaleb(-DECIMALS[self.story.currency])
		amount = sign * exact.quantize(least, ROUND_HALF_UP)
		return what, day.isoformat(), end.isoformat(), str(amount)

	def period(self, day: date) -> tuple[date, date]:
		nth = 0
		while self.month(nth + 1) <= day:
			nth += 1
		return self.month(nth), self.month(nth + 1)

	def month(self, nth: int) -> date:
		"""The day of the anchor, `nth` intervals later; the last of a month that is too short."""
		years, month = divmod(self.anchor.month - 1 + nth * MONTHS[self.every], 12)
		first = date(self.anchor.year + years, month + 1, 1)
		return first.replace(day=min(self.anchor.day, days_in(first)))


def days_in(day: date) -> int:
	return monthrange(day.year, day.month)[1]
