"""What becomes of tickets and credits in a scenario? Each test is a story and its drawing."""

from pathlib import Path

import pytest

from subscription_mgmt.simulation.run import simulate
from subscription_mgmt.simulation.scenario_file import last_day, read_scenario
from subscription_mgmt.simulation.yaml_file import FileError

OFFER = """
name: Support
start: 2026-01-28
until: {until}
timezone: America/Mexico_City
currency: MXN
payment_days: 3650
calendars:
  office: {{hours: {{mon-fri: ["09:00-14:00", "15:00-18:00"]}}, holidays: [2026-02-02]}}
  always: {{always: true}}
sla_policies:
  Gold:
    {{calendar: office, response: {{1: 1h, 2: 4h}}, resolution: {{1: 4h, 2: 8h}}, hour_cap: 2h, channels: [email]}}
  Round: {{calendar: always, response: {{1: 30m}}, hour_cap: 1h, beyond_cap: credits}}
  Credits:
    calendar: office
    response: {{1: 4h, 3: 9h}}
    credits: {{query: 15, intervention: 45, block: 15, low_balance: 30}}
  Ending: {{calendar: office, credits: {{expire_months: 1}}}}
topics:
  Import: {{scope: Excluded, offer: Success Pack}}
  Update: {{scope: Included, flat_credits: 120}}
plans:
  Basic: {{kind: Support, prices: {{Yearly: 1000.00}}, sla: Gold, refundable: true}}
  Always: {{kind: Support, prices: {{Yearly: 1000.00}}, sla: Round}}
  Bare: {{kind: Subscription, prices: {{Yearly: 1000.00}}}}
packs:
  60 credits: {{kind: Support Credits, credits: 60, price: 60.00, needs_contract: false}}
  120 credits: {{kind: Support Credits, credits: 120, price: 120.00, needs_contract: false}}
  Bound credits: {{kind: Support Credits, credits: 30, price: 20.00}}
  Success Pack: {{kind: Success Pack, price: 100.00}}
  Help: {{kind: Other, sla: Gold, prices: {{Yearly: 100.00}}}}
  An hour: {{kind: Support Hours, minutes: 60, price: 80.00}}
customers: {{Ana: {{sla: Credits}}, Ben: {{}}, Eva: {{sla: Ending}}, Closed: {{disabled: true}}}}
events:
"""
SUBSCRIBE = "2026-01-28, do: subscribe, contract: C1, customer: Ben, plan: Basic, every: Yearly"
QUERY = "do: open_ticket, kind: Query, channel: email"


def run(folder: Path, *events: str, until: str = "2026-02-10") -> dict:
	file = folder / "scenario.yaml"
	listed = "".join(f"  - {{at: {event}}}\n" for event in events)
	file.write_text(OFFER.format(until=until) + listed, encoding="utf-8")
	scenario = read_scenario(file)
	return simulate(scenario, last_day(scenario, None))


def drawn(result: dict, *types: str) -> list[str]:
	shown = types or ("ticket", "breach", "credits", "notice", "rejected")
	return [f"{e['at'][5:16].replace('T', ' ')} {_words(e)}" for e in result["events"] if e["type"] in shown]


def _when(moment: str) -> str:
	return moment[5:16].replace("T", " ")


def _words(event: dict) -> str:
	kind = event["type"]
	if kind == "ticket":
		times = [
			f"{key[:7]} {event[key][5:16].replace('T', ' ')}"
			for key in ("respond_by", "resolve_by")
			if key in event
		]
		offer = [f"offer {event['offer']}"] if "offer" in event else []
		state = f"{event['ticket']} {event['status']} {event['severity']} {event['route']}"
		return ", ".join([state, *times, *offer])
	if kind == "breach":
		return f"{event['ticket']} missed {event['target']} of {event['due'][5:16].replace('T', ' ')}"
	if kind == "credits":
		return f"{event['customer']} {event['change']:+} = {event['balance']}"
	if kind == "notice":
		pack = f" {event['quantity']} × {event['pack']}" if "pack" in event else ""
		return f"tell {event['customer']}: {event['kind']}{pack}"
	return f"no {event['do']}: {event['code']}"


def test_a_ticket_from_its_opening_to_its_resolution(tmp_path: Path):
	result = run(
		tmp_path,
		SUBSCRIBE,
		f"2026-01-29 10:00, {QUERY}, ticket: T1, customer: Ben, contract: C1, severity: 1",
		"2026-01-29 10:30, do: acknowledge, ticket: T1",
		"2026-01-29 11:00, do: wait, ticket: T1",
		"2026-01-30 16:00, do: customer_reply, ticket: T1",
		"2026-01-30 16:30, do: set_severity, ticket: T1, severity: 2, reason: works again",
		"2026-01-30 16:40, do: work, ticket: T1, minutes: 20",
		"2026-01-30 17:00, do: resolve, ticket: T1",
		"2026-01-30 17:01, do: work, ticket: T1, minutes: 20",
	)
	# 1 h ran on Thursday; 3 h are left from Friday 16:00: 2 h that day, 1 h on Tuesday, as Monday is a holiday.
	assert drawn(result) == [
		"01-29 10:00 T1 Open 1 sla, respond 01-29 11:00, resolve 01-29 14:00",
		"01-29 10:30 T1 In Progress 1 sla, resolve 01-29 14:00",
		"01-29 11:00 T1 Waiting 1 sla, resolve 01-29 14:00",
		"01-30 16:00 T1 In Progress 1 sla, resolve 02-03 10:00",
		"01-30 16:30 T1 In Progress 2 sla, resolve 02-03 14:00",
		"01-30 17:00 T1 Resolved 2 sla, resolve 02-03 14:00",
		"01-30 17:01 no work: ticket_move_refused",
	]


def test_a_silent_deadline_is_found_within_five_minutes_and_each_once(tmp_path: Path):
	result = run(
		tmp_path,
		SUBSCRIBE,
		f"2026-01-30 16:58, {QUERY}, ticket: T1, customer: Ben, contract: C1, severity: 1",
	)
	assert drawn(result, "breach") == [
		"01-30 18:00 T1 missed response of 01-30 17:58",
		"02-03 12:00 T1 missed resolution of 02-03 11:58",
	]


def test_what_comes_late_but_before_the_watch_is_missed_all_the_same(tmp_path: Path):
	result = run(
		tmp_path,
		SUBSCRIBE,
		f"2026-01-29 10:01, {QUERY}, ticket: T1, customer: Ben, contract: C1, severity: 1",
		"2026-01-29 11:02, do: acknowledge, ticket: T1",
		f"2026-01-29 11:10, {QUERY}, ticket: T2, customer: Ben, contract: C1, severity: 1",
		"2026-01-29 12:10, do: resolve, ticket: T2",
		"2026-01-29 12:11, do: resolve, ticket: T1",
	)
	assert drawn(result, "breach") == ["01-29 11:02 T1 missed response of 01-29 11:01"]


def test_what_is_refused_late_is_found_missed_once_by_the_watch(tmp_path: Path):
	result = run(
		tmp_path,
		SUBSCRIBE,
		f"2026-01-29 10:01, {QUERY}, ticket: T1, customer: Ben, contract: C1, severity: 1",
		"2026-01-29 11:02, do: work, ticket: T1, minutes: 500",
		until="2026-01-29",
	)
	assert drawn(result, "breach", "rejected") == [
		"01-29 11:02 no work: hour_cap_short",
		"01-29 11:05 T1 missed response of 01-29 11:01",
		"01-29 15:05 T1 missed resolution of 01-29 15:01",
	]


def test_no_watch_looks_while_the_scheduler_is_down(tmp_path: Path):
	result = run(
		tmp_path,
		SUBSCRIBE,
		f"2026-01-29 10:00, {QUERY}, ticket: T1, customer: Ben, contract: C1, severity: 1",
		"2026-01-29 10:10, do: scheduler_down, until: 2026-02-01",
	)
	assert drawn(result, "breach") == [
		"02-01 00:00 T1 missed response of 01-29 11:00",
		"02-01 00:00 T1 missed resolution of 01-29 14:00",
	]


def test_outside_hours_the_requester_is_told_when_work_resumes(tmp_path: Path):
	result = run(
		tmp_path,
		SUBSCRIBE,
		f"2026-01-30 20:00, {QUERY}, ticket: T1, customer: Ben, contract: C1, severity: 2",
		until="2026-02-02",
	)
	assert drawn(result, "notice") == ["01-30 20:00 tell Ben: out_of_hours"]
	assert result["events"][-2]["resumes_at"] == "2026-02-03T09:00:00-06:00"


@pytest.mark.parametrize(
	("asked", "drawing"),
	[
		("severity: 2, topic: Import, contract: C1", "T1 Closed 2 excluded, offer Success Pack"),
		("severity: 2", "T1 Open 2 community"),
		("severity: 1, production: false, contract: C1", "no open_ticket: severity_needs_production"),
		("severity: 1, third_party: true, contract: C1", "no open_ticket: severity_not_for_third_party"),
	],
)
def test_a_request_goes_its_way(tmp_path: Path, asked: str, drawing: str):
	result = run(tmp_path, SUBSCRIBE, f"2026-01-29 10:00, {QUERY}, ticket: T1, customer: Ben, {asked}")
	assert drawn(result) == [f"01-29 10:00 {drawing}"]


def test_tickets_that_may_not_be_opened_are_refused(tmp_path: Path):
	ticket = "do: open_ticket, kind: Query, severity: 3"
	result = run(
		tmp_path,
		SUBSCRIBE,
		f"2026-01-29 10:00, {ticket}, ticket: T1, customer: Ana, contract: C1, channel: email",
		f"2026-01-29 10:00, {ticket}, ticket: T1, customer: Ben, contract: C1, channel: phone",
		f"2026-01-29 10:00, {ticket}, ticket: T1, customer: Closed, channel: email",
		f"2026-01-29 10:00, {ticket}, ticket: T1, customer: Ben, channel: email",
		f"2026-01-29 10:00, {ticket}, ticket: T1, customer: Ben, channel: email",
		"2026-01-29 11:00, do: cancel, contract: C1, when: now",
		f"2026-01-29 12:00, {ticket}, ticket: T2, customer: Ben, contract: C1, channel: email",
	)
	assert drawn(result, "rejected") == [
		"01-29 10:00 no open_ticket: ticket_on_another_contract",
		"01-29 10:00 no open_ticket: channel_not_offered",
		"01-29 10:00 no open_ticket: customer_disabled",
		"01-29 10:00 no open_ticket: ticket_exists",
		"01-29 12:00 no open_ticket: contract_over",
	]


def test_beyond_the_hours_of_the_year_work_is_declined(tmp_path: Path):
	result = run(
		tmp_path,
		SUBSCRIBE,
		f"2026-01-29 10:00, {QUERY}, ticket: T1, customer: Ben, contract: C1, severity: 2",
		"2026-01-29 10:10, do: work, ticket: T1, minutes: 100",
		"2026-01-29 10:20, do: work, ticket: T1, minutes: 30",
		"2026-01-29 10:30, do: work, ticket: T1, minutes: 20",
		"2026-01-29 10:40, do: resolve, ticket: T1",
		f"2026-01-29 11:00, {QUERY}, ticket: T2, customer: Ben, contract: C1, severity: 2",
		f"2027-01-28 11:00, {QUERY}, ticket: T3, customer: Ben, contract: C1, severity: 2",
		until="2027-01-28",
	)
	assert drawn(result, "ticket", "rejected") == [
		"01-29 10:00 T1 Open 2 sla, respond 01-29 14:00, resolve 01-30 10:00",
		"01-29 10:20 no work: hour_cap_short",
		"01-29 10:40 T1 Resolved 2 sla, resolve 01-30 10:00",
		"01-29 11:00 T2 Closed 2 declined",
		"01-28 11:00 T3 Open 2 sla, respond 01-28 16:00, resolve 01-29 11:00",
	]


def test_hours_that_are_bought_and_paid_are_added_to_those_of_the_year(tmp_path: Path):
	result = run(
		tmp_path,
		SUBSCRIBE,
		f"2026-01-29 10:00, {QUERY}, ticket: T1, customer: Ben, contract: C1, severity: 2",
		"2026-01-29 10:10, do: work, ticket: T1, minutes: 120",
		"2026-01-29 10:20, do: add_pack, contract: C1, pack: An hour",
		f"2026-01-29 10:30, {QUERY}, ticket: T2, customer: Ben, contract: C1, severity: 3",
		"2026-01-29 10:40, do: pay, contract: C1",
		f"2026-01-29 10:50, {QUERY}, ticket: T3, customer: Ben, contract: C1, severity: 3",
		"2026-01-29 11:00, do: work, ticket: T3, minutes: 60",
		"2026-01-29 11:10, do: work, ticket: T3, minutes: 1",
	)
	assert drawn(result, "ticket", "rejected")[1:] == [
		"01-29 10:30 T2 Closed 3 declined",
		"01-29 10:50 T3 Open 3 sla",
		"01-29 11:10 T3 Closed 3 declined",
		"01-29 11:10 no work: hour_cap_used",
	]


def test_beyond_the_hours_of_the_year_work_costs_credits_where_the_policy_says_so(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-01-28, do: subscribe, contract: C1, customer: Ben, plan: Always, every: Yearly",
		"2026-01-28, do: buy_pack, customer: Ben, pack: 60 credits",
		"2026-01-28, do: pay, customer: Ben",
		f"2026-01-29 10:00, {QUERY}, ticket: T1, customer: Ben, contract: C1, severity: 2",
		"2026-01-29 10:10, do: work, ticket: T1, minutes: 80",
		"2026-01-29 10:20, do: resolve, ticket: T1",
	)
	# 60 minutes are included; the other 20 cost 30 credits.
	assert drawn(result) == [
		"01-28 00:10 Ben +60 = 60",
		"01-29 10:00 T1 Open 2 sla",
		"01-29 10:10 T1 Open 2 credits",
		"01-29 10:20 T1 Resolved 2 credits",
		"01-29 10:20 Ben -30 = 30",
		"01-29 10:20 tell Ben: new_balance",
	]


def test_who_has_too_few_credits_is_told_before_work_and_his_ticket_waits(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-02-03 09:00, do: open_ticket, ticket: A1, customer: Ana, severity: 3, kind: Intervention, channel: x",
		"2026-02-03 09:05, do: resolve, ticket: A1",
		"2026-02-03 09:10, do: buy_pack, customer: Ana, pack: 60 credits",
		"2026-02-03 09:20, do: pay, customer: Ana",
		"2026-02-03 09:30, do: work, ticket: A1, minutes: 70",
		"2026-02-03 09:40, do: buy_pack, customer: Ana, pack: 60 credits",
		"2026-02-03 09:50, do: pay, customer: Ana",
		"2026-02-03 10:00, do: resolve, ticket: A1",
		"2026-02-03 11:00, do: open_ticket, ticket: A2, customer: Ana, severity: 1, kind: Query, channel: x",
		"2026-02-03 11:10, do: work, ticket: A2, minutes: 16",
		"2026-02-03 11:20, do: resolve, ticket: A2",
		until="2026-02-03",
	)
	assert drawn(result) == [
		"02-03 09:00 tell Ana: too_few_credits 1 × 60 credits",
		"02-03 09:00 A1 Waiting for Credits 3 credits, respond 02-04 10:00",
		"02-03 09:05 no resolve: too_few_credits",
		"02-03 09:20 Ana +60 = 60",
		"02-03 09:20 A1 Open 3 credits, respond 02-04 10:20",
		"02-03 09:30 tell Ana: too_few_credits 1 × 60 credits",
		"02-03 09:30 A1 Waiting for Credits 3 credits, respond 02-04 10:20",
		"02-03 09:50 Ana +60 = 120",
		"02-03 09:50 A1 Open 3 credits, respond 02-04 10:40",
		"02-03 10:00 A1 Resolved 3 credits",
		"02-03 10:00 Ana -75 = 45",
		"02-03 10:00 tell Ana: new_balance",
		"02-03 11:00 A2 Open 1 credits, respond 02-03 16:00",
		"02-03 11:20 A2 Resolved 1 credits",
		"02-03 11:20 Ana -30 = 15",
		"02-03 11:20 tell Ana: new_balance",
		"02-03 11:20 tell Ana: low_balance",
	]
	assert result["summary"]["customers"]["Ana"] == {"credits": 15}


def test_work_ordered_while_a_ticket_waits_is_done_when_the_credits_come(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-02-03 09:00, do: open_ticket, ticket: A1, customer: Ana, severity: 3, kind: Query, channel: x",
		"2026-02-03 09:10, do: work, ticket: A1, minutes: 20",
		"2026-02-03 09:11, do: work, ticket: A1, minutes: 20",
		"2026-02-03 09:20, do: buy_pack, customer: Ana, pack: 120 credits",
		"2026-02-03 09:20, do: pay, customer: Ana",
		"2026-02-03 10:00, do: resolve, ticket: A1",
	)
	assert drawn(result, "credits", "rejected") == ["02-03 09:20 Ana +120 = 120", "02-03 10:00 Ana -45 = 75"]


def test_credits_worked_for_on_one_ticket_are_not_there_for_another(tmp_path: Path):
	opened = "do: open_ticket, customer: Ana, severity: 3, kind: Query, channel: x"
	result = run(
		tmp_path,
		"2026-02-03 08:00, do: buy_pack, customer: Ana, pack: 60 credits",
		"2026-02-03 08:00, do: pay, customer: Ana",
		f"2026-02-03 09:00, {opened}, ticket: A1",
		f"2026-02-03 09:00, {opened}, ticket: A2",
		"2026-02-03 09:10, do: work, ticket: A1, minutes: 45",
		"2026-02-03 09:10, do: work, ticket: A2, minutes: 16",
		"2026-02-03 10:00, do: resolve, ticket: A1",
		"2026-02-03 10:00, do: resolve, ticket: A2",
	)
	assert drawn(result, "credits", "notice", "rejected") == [
		"02-03 08:00 Ana +60 = 60",
		"02-03 09:10 tell Ana: too_few_credits 1 × 60 credits",
		"02-03 10:00 Ana -45 = 15",
		"02-03 10:00 tell Ana: new_balance",
		"02-03 10:00 tell Ana: low_balance",
		"02-03 10:00 no resolve: too_few_credits",
	]


def test_an_update_costs_its_flat_price_and_a_quote_where_the_system_was_changed(tmp_path: Path):
	asked = "do: open_ticket, customer: Ana, severity: 3, kind: Update, channel: x"
	result = run(
		tmp_path,
		"2026-02-03 08:00, do: buy_pack, customer: Ana, pack: 60 credits, quantity: 2",
		"2026-02-03 08:00, do: pay, customer: Ana",
		f"2026-02-03 09:00, {asked}, ticket: A1",
		f"2026-02-03 09:00, {asked}, ticket: A2, customised: true",
		"2026-02-03 10:00, do: work, ticket: A1, minutes: 300",
		"2026-02-03 15:00, do: resolve, ticket: A1",
	)
	assert drawn(result, "ticket", "credits") == [
		"02-03 08:00 Ana +120 = 120",
		"02-03 09:00 A1 Open 3 credits, respond 02-04 10:00",
		"02-03 09:00 A2 Open 3 quote",
		"02-03 15:00 A1 Resolved 3 credits",
		"02-03 15:00 Ana -120 = 0",
	]


def test_a_ticket_opened_again_costs_only_what_is_more(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-02-03 08:00, do: buy_pack, customer: Ana, pack: 60 credits",
		"2026-02-03 08:00, do: pay, customer: Ana",
		"2026-02-03 09:00, do: open_ticket, ticket: A1, customer: Ana, severity: 3, kind: Query, channel: x",
		"2026-02-03 10:00, do: work, ticket: A1, minutes: 10",
		"2026-02-03 10:00, do: resolve, ticket: A1",
		"2026-02-03 11:00, do: customer_reply, ticket: A1",
		"2026-02-03 11:10, do: resolve, ticket: A1",
		"2026-02-03 12:00, do: customer_reply, ticket: A1",
		"2026-02-03 12:10, do: work, ticket: A1, minutes: 10",
		"2026-02-03 12:20, do: resolve, ticket: A1",
	)
	assert drawn(result, "credits") == [
		"02-03 08:00 Ana +60 = 60",
		"02-03 10:00 Ana -15 = 45",
		"02-03 12:20 Ana -15 = 30",
	]


def test_credits_come_with_the_payment_of_a_pack_on_a_contract_too_and_not_before(tmp_path: Path):
	result = run(
		tmp_path,
		SUBSCRIBE,
		"2026-01-29, do: add_pack, contract: C1, pack: Bound credits, quantity: 2",
		"2026-01-30, do: buy_pack, customer: Ben, pack: Bound credits",
		"2026-01-31, do: pay, contract: C1",
		"2026-02-01, do: add_pack, contract: C1, pack: Success Pack",
		"2026-02-02, do: pay, contract: C1",
	)
	assert drawn(result) == ["01-30 00:10 no buy_pack: pack_needs_contract", "01-31 00:10 Ben +60 = 60"]


def test_a_pack_that_a_kept_credit_has_paid_grants_at_once(tmp_path: Path):
	result = run(
		tmp_path,
		SUBSCRIBE,
		"2026-01-28, do: pay, contract: C1",
		"2026-01-29, do: cancel, contract: C1, when: now",
		"2026-01-30, do: buy_pack, customer: Ben, pack: 60 credits",
	)
	assert drawn(result, "credits") == ["01-30 00:10 Ben +60 = 60"]


def test_credits_end_where_the_policy_says_so(tmp_path: Path):
	result = run(
		tmp_path,
		"2026-01-31, do: buy_pack, customer: Eva, pack: 60 credits",
		"2026-01-31, do: pay, customer: Eva",
		"2026-02-03 09:00, do: open_ticket, ticket: E1, customer: Eva, severity: 3, kind: Query, channel: x",
		"2026-02-03 10:00, do: resolve, ticket: E1",
		until="2026-03-05",
	)
	assert drawn(result, "credits") == [
		"01-31 00:10 Eva +60 = 60",
		"02-03 10:00 Eva -15 = 45",
		"02-28 00:05 Eva -45 = 0",
	]


@pytest.mark.parametrize(
	("event", "mistake"),
	[
		("do: work, ticket: T9, minutes: 5", "events[0].ticket: no event opens a ticket T9"),
		(f"{QUERY}, ticket: T1, customer: Ana, severity: 5", "events[0].severity: 5 is not known"),
		(f"{QUERY}, ticket: T1, customer: Zoe, severity: 1", "events[0].customer: there is no customer Zoe"),
		(
			f"{QUERY}, ticket: T1, customer: Ana, severity: 1, topic: X",
			"events[0].topic: there is no topic X",
		),
		(f"{QUERY}, ticket: T1, customer: Ana", "events[0].severity: is missing"),
		("do: buy_pack, customer: Ana, pack: 7 credits", "events[0].pack: there is no pack 7 credits"),
		(
			"do: buy_pack, customer: Ana, pack: 60 credits, quantity: 0",
			"events[0].quantity: must be 1 or more",
		),
	],
)
def test_a_mistake_is_one_line_that_names_the_place(tmp_path: Path, event: str, mistake: str):
	with pytest.raises(FileError) as error:
		run(tmp_path, f"2026-01-29, {event}")
	assert mistake in str(error.value)


def test_negative_minutes_are_a_mistake_of_the_file(tmp_path: Path):
	with pytest.raises(FileError, match="minutes: must be 1 or more, is -5"):
		run(
			tmp_path,
			f"2026-01-29, {QUERY}, ticket: T1, customer: Ana, severity: 1",
			"2026-01-29, do: work, ticket: T1, minutes: -5",
		)


def test_a_pack_promises_support_where_the_plan_promises_none(tmp_path: Path):
	"""Seed fr: "Le pack assistance vous donne droit au service de support technique"."""
	asked = "do: open_ticket, customer: Ben, contract: C1, severity: 1, kind: Query, channel: email"
	result = run(
		tmp_path,
		SUBSCRIBE.replace("Basic", "Bare"),
		f"2026-01-29 10:00, {asked}, ticket: T1",
		"2026-01-30, do: add_pack, contract: C1, pack: Help",
		f"2026-01-30 10:00, {asked}, ticket: T2",
	)
	missed = [
		"01-30 11:00 T2 missed response of 01-30 11:00",
		"01-30 14:00 T2 missed resolution of 01-30 14:00",
	]
	assert drawn(result, "breach") == missed
