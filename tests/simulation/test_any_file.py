"""What holds of every scenario, whatever is ordered, in whichever order? (`shared/SCENARIOS.md`, Output)"""

from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subscription_mgmt.simulation.run import simulate
from subscription_mgmt.simulation.scenario_file import read_scenario
from tests.simulation.shapes import check_result

CATALOGUE = """
name: Anything
payment_days: {payment_days}
timezone: {zone}
currency: {currency}
start: 2027-12-31
calendars: {{office: {{hours: {{mon-fri: ["09:00-14:00", "15:00-18:00"]}}, holidays: [2028-01-06]}}}}
dunning_policies:
  Strict: {{remind_days: [1], restrict_after_days: 5, delete_after_restriction_days: 10, deletion_notice_days: [3]}}
backup_policies:
  Twice: {{at: ["06:00", "18:00"], keep_daily: 7, keep_weekly: 4, keep_monthly: 12}}
sla_policies:
  Gold: {{calendar: office, response: {{1: 1h, 2: 4h}}, resolution: {{1: 4h}}, hour_cap: 2h, beyond_cap: credits,
         credits: {{query: 15, intervention: 45, block: 15, low_balance: 30}}}}
modules: {{Sales: {{}}, Invoicing: {{needs_online: [E-invoicing]}}}}
plans:
  Basic: {{kind: Subscription, tier: 1, prices: {{Monthly: 31, Half-Yearly: 177, Yearly: 350}}, refundable: true,
          dunning: Strict, backup: Twice, sla: Gold, notice_days: 10,
          quotas: {{users: {{included: 1, aggregate: peak, excess: Bill, price: 7}},
                   companies: {{included: 1, aggregate: last, excess: Block}},
                   emails: {{included: 10, aggregate: sum, excess: Bill, price: 1}}}}}}
  Pro: {{kind: Subscription, tier: 2, prices: {{Monthly: 67, Yearly: 701}}, dunning: Strict, backup: Twice, sla: Gold,
        quotas: {{users: {{included: 3, aggregate: peak, excess: Bill, price: 5}}}}}}
  Kept: {{kind: Read Only, tier: 0, prices: {{Monthly: 5, Yearly: 53}}, dunning: Strict}}
  Hosting: {{kind: Hosting, prices: {{Yearly: 97}}, dunning: Strict}}
  Own: {{kind: Licence, price: 1999, modules: [Sales, Invoicing], functions: [E-invoicing], updates_months: 12}}
packs:
  Users: {{kind: Users, metric: users, prices: {{Monthly: 3, Half-Yearly: 17, Yearly: 29}}}}
  Course: {{kind: Training, price: 81}}
  Credits: {{kind: Support Credits, credits: 60, price: 59, needs_contract: false}}
events:
"""
VERBS = (
	"subscribe, contract: {c}, customer: {who}, plan: {plan}, every: {every}, instance: {c}.example",
	"subscribe, contract: {c}, customer: {who}, plan: {plan}, every: {every}, packs: [{{pack: Users, quantity: {n}}}]",
	"pay, contract: {c}",
	"pay, customer: {who}",
	"change_plan, contract: {c}, plan: {plan}, every: {every}",
	"change_plan, contract: {c}, plan: {plan}, when: now",
	"change_plan, contract: {c}, plan: Kept",
	"add_pack, contract: {c}, pack: Users, quantity: {n}",
	"add_pack, contract: {c}, pack: Course",
	"remove_pack, contract: {c}, pack: Users, quantity: 1",
	"buy_pack, customer: {who}, pack: Credits, quantity: {n}",
	"meter, contract: {c}, metric: users, value: {n}",
	"meter, contract: {c}, metric: emails, value: {n}{n}",
	"meter, contract: {c}, metric: companies, value: {n}",
	"auto_renew, contract: {c}, renew: false",
	"auto_renew, contract: {c}, renew: true",
	"cancel, contract: {c}",
	"cancel, contract: {c}, when: now",
	"buy_licence, licence: L{n}, customer: {who}, plan: Own, deployment: Online, from_contract: {c},"
	" hosting_plan: Hosting, hosting_every: Yearly, hosting_contract: H{n}",
	"buy_licence, licence: L{n}, customer: {who}, plan: Own, deployment: Local",
	"hold, contract: {c}",
	"release, contract: {c}",
	"outage, instance: {c}.example, minutes: {n}00",
	"backups_fail, instance: {c}.example, until: 2028-03-01",
	"scheduler_down, until: {until}",
	"open_ticket, ticket: T{n}, customer: {who}, contract: {c}, severity: {n}, kind: Query, channel: email",
	"open_ticket, ticket: T{n}, customer: {who}, severity: {n}, kind: Intervention, channel: email",
	"acknowledge, ticket: T{n}",
	"work, ticket: T{n}, minutes: {n}5",
	"wait, ticket: T{n}",
	"customer_reply, ticket: T{n}",
	"resolve, ticket: T{n}",
)
START = date(2027, 12, 31)
OPENERS = "".join(
	f"  - {{at: 2027-12-31, do: subscribe, contract: {name}, customer: {who}, plan: {plan}, every: {every},"
	f" instance: {name}.example}}\n"
	f"  - {{at: 2027-12-31, do: open_ticket, ticket: T{n}, customer: {who}, severity: {n}, kind: Query,"
	" channel: email}\n"
	for n, (name, who, plan, every) in enumerate(
		(
			("A", "Ana", "Basic", "Monthly"),
			("B", "Ben", "Pro", "Yearly"),
			("C", "Ana", "Basic", "Half-Yearly"),
		),
		1,
	)
)


@st.composite
def files(draw: st.DrawFn) -> str:
	zone = draw(st.sampled_from(["Europe/Madrid", "America/Santiago", "Australia/Lord_Howe", "Africa/Cairo"]))
	currency = draw(st.sampled_from(["EUR", "JPY", "KWD"]))
	lines = []
	for _ in range(draw(st.integers(1, 25))):
		day = START + timedelta(draw(st.integers(0, 150)))
		clock = draw(st.sampled_from(["", " 00:06", " 01:07", " 10:00", " 23:59"]))
		verb = draw(st.sampled_from(VERBS)).format(
			c=draw(st.sampled_from("AABC")),
			who=draw(st.sampled_from(["Ana", "Ben"])),
			plan=draw(st.sampled_from(["Basic", "Pro", "Kept"])),
			every=draw(st.sampled_from(["Monthly", "Yearly", "Half-Yearly"])),
			n=draw(st.integers(1, 3)),
			until=day + timedelta(draw(st.integers(0, 20))),
		)
		if "backups_fail" in verb and day >= date(2028, 3, 1):
			continue
		lines.append(f"  - {{at: {day}{clock}, do: {verb}}}\n")
	known = (
		f"  - {{at: 2029-01-01, do: buy_licence, licence: L{n}, customer: Ana, plan: Own, deployment: Local}}\n"
		for n in (1, 2, 3)
	)
	head = CATALOGUE.format(zone=zone, currency=currency, payment_days=draw(st.sampled_from([0, 14])))
	return head + OPENERS + "".join(lines) + "".join(known)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
	return tmp_path_factory.mktemp("any") / "scenario.yaml"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=files(), cut=st.integers(0, 220))
def test_every_run_has_the_promised_shape_and_its_sums_agree(file: Path, text: str, cut: int):
	file.write_text(text, encoding="utf-8")
	scenario = read_scenario(file)
	result = simulate(scenario, START + timedelta(220))
	decimals = {"EUR": 2, "JPY": 0, "KWD": 3}[scenario.currency]
	check_result(result, decimals)
	in_order_of_time(result["events"], ZoneInfo(scenario.timezone))
	lines_make_totals_and_totals_the_summary(result)
	no_day_is_charged_twice(result["events"])
	balances_are_sums(result["events"])
	shorter = simulate(scenario, START + timedelta(cut))["events"]
	assert shorter == result["events"][: len(shorter)]
	rest = result["events"][len(shorter) :]
	assert not rest or day_of(rest[0]) > START + timedelta(cut)


def day_of(event: dict) -> date:
	return date.fromisoformat(event["at"][:10])


def in_order_of_time(events: list[dict], zone: ZoneInfo) -> None:
	moments = [datetime.fromisoformat(event["at"]) for event in events]
	assert moments == sorted(moments)
	for moment, event in zip(moments, events, strict=True):
		assert moment.astimezone(zone).isoformat() == event["at"]


def lines_make_totals_and_totals_the_summary(result: dict) -> None:
	invoiced: Counter = Counter()
	paid: Counter = Counter()
	for event in result["events"]:
		if event["type"] == "invoice":
			total = Decimal(event["total"])
			assert total == sum(Decimal(line["amount"]) for line in event["lines"]) >= 0, event
			invoiced[event["contract"]] += total
		if event["type"] == "payment":
			paid[event["contract"]] += Decimal(event["amount"])
			assert paid[event["contract"]] <= invoiced[event["contract"]]
	for name, contract in result["summary"]["contracts"].items():
		assert (Decimal(contract["invoiced"]), Decimal(contract["paid"])) == (invoiced[name], paid[name])


def no_day_is_charged_twice(events: list[dict]) -> None:
	"""A plan's days, less those credited before. Left out is what is told otherwise: a credit that is kept has no
	lines, and who was suspended owes his period whole beside the Read Only plan he goes on with."""
	untold = {event["contract"] for event in events if event["type"] == "account_credit"}
	untold |= {
		event["contract"] for event in events if event.get("status") == "Suspended" and "contract" in event
	}
	days: Counter = Counter()
	for event in events:
		if event["type"] == "invoice" and event["contract"] not in untold | {None}:
			for line in event["lines"]:
				sign = {"plan": 1, "credit": -1}.get(line["kind"], 0)
				for day in days_of(line) if sign and line["what"] != "Users" else ():
					days[event["contract"], day] += sign
					assert days[event["contract"], day] <= 1, (event, day)


def days_of(line: dict) -> list[date]:
	start, end = date.fromisoformat(line["period_start"]), date.fromisoformat(line["period_end"])
	return [start + timedelta(n) for n in range((end - start).days)]


def balances_are_sums(events: list[dict]) -> None:
	credits: Counter = Counter()
	kept: Counter = Counter()
	for event in events:
		if event["type"] == "credits":
			credits[event["customer"]] += event["change"]
			assert credits[event["customer"]] == event["balance"] >= 0, event
		if event["type"] == "account_credit":
			kept[event["customer"]] += Decimal(event["change"])
			assert kept[event["customer"]] == Decimal(event["balance"]) >= 0, event
