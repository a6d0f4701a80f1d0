"""What may a file say of closures, channels' hours, licences' support and loyalty, and where is it wrong?"""

from pathlib import Path

import pytest

from subscription_mgmt.simulation.as_records import records_of
from subscription_mgmt.simulation.run import simulate
from subscription_mgmt.simulation.scenario_file import last_day, read_scenario
from subscription_mgmt.simulation.support_catalogue import calendars_of, policies_of
from subscription_mgmt.simulation.yaml_file import FileError

FILE = """
name: Support in detail
start: 2026-11-02
until: 2027-12-31
timezone: Europe/London
currency: GBP
calendars:
  office:
    hours: {{mon-fri: ["09:00-17:00"]}}
    closures:
      - {{from: 2026-11-04, to: 2026-11-05, reason: Moving}}
      - {{from: 2026-11-06, hours: "12:00-17:00"}}
  always: {{always: true}}
sla_policies:
  Desk:
    {{calendar: office, response: {{1: 8h}}, channels: {{email: , phone: always}}, languages: [en], daily_answer: true}}
  Credits: {{calendar: office, credits: {{}}}}
plans:
  Module: {{kind: Licence, price: 100.00, updates_months: 12, sla: Desk}}
loyalty_programs:
  Points: {{from: 2026-01-01, spend_per_point: 10.00, point_value: 0.50, valid_days: 184}}
customers: {{Ana: {{sla: Desk}}, Ben: {{sla: Credits}}}}
events:
{events}
"""
TICKET = "do: open_ticket, severity: 1, kind: Query"


def scenario(folder: Path, *events: str, change: tuple[str, str] = ("", "")):
	file = folder / "scenario.yaml"
	text = FILE.format(events="".join(f"  - {{at: {event}}}\n" for event in events) or "  []")
	assert change[0] in text
	file.write_text(text.replace(*change) if change[0] else text, encoding="utf-8")
	return read_scenario(file)


def tickets(folder: Path, *events: str) -> list[dict]:
	asked = scenario(folder, *events)
	return [event for event in simulate(asked, last_day(asked, None))["events"] if event["type"] == "ticket"]


def test_a_closure_moves_the_deadline_and_a_channel_has_its_own_hours(tmp_path: Path):
	mail, call = tickets(
		tmp_path,
		f"2026-11-03 13:00, {TICKET}, ticket: T1, customer: Ana, channel: email",
		f"2026-11-03 13:00, {TICKET}, ticket: T2, customer: Ana, channel: phone",
	)
	# four hours on Tuesday, three on Friday, one on Monday
	assert mail["respond_by"] == "2026-11-09T10:00:00+00:00"
	assert call["respond_by"] == "2026-11-03T21:00:00+00:00"


def test_a_licence_brings_support_as_long_as_its_updates(tmp_path: Path):
	shown = tickets(
		tmp_path,
		"2026-11-10 09:00, do: buy_licence, licence: L1, customer: Ben, plan: Module, deployment: Local",
		f"2026-11-10 10:00, {TICKET}, ticket: T1, customer: Ben, licence: L1, channel: email",
		f"2027-11-09 10:00, {TICKET}, ticket: T2, customer: Ben, licence: L1, channel: email",
		f"2027-11-10 10:00, {TICKET}, ticket: T3, customer: Ben, licence: L1, channel: email",
	)
	assert [(event["ticket"], event["route"]) for event in shown] == [
		("T1", "sla"),
		("T2", "sla"),
		("T3", "credits"),
	]


def test_the_licence_of_another_is_refused(tmp_path: Path):
	asked = scenario(
		tmp_path,
		"2026-11-10 09:00, do: buy_licence, licence: L1, customer: Ben, plan: Module, deployment: Local",
		f"2026-11-10 10:00, {TICKET}, ticket: T1, customer: Ana, licence: L1, channel: email",
	)
	refused = [
		event for event in simulate(asked, last_day(asked, None))["events"] if event["type"] == "rejected"
	]
	assert [event["do"] for event in refused] == ["open_ticket"]
	assert "L1 is not Ana's" in refused[0]["reason"]


def test_the_records_say_what_the_file_says(tmp_path: Path):
	records = {(record.doctype, record.name): record.values for record in records_of(scenario(tmp_path))}
	closures = records["Service Calendar", "office"]["closures"]
	assert [(row["first_day"].day, row["last_day"].day, row["whole_days"]) for row in closures] == [
		(4, 5, True),
		(6, 6, False),
	]
	assert [closures[1][end] for end in ("start", "end")] == ["12:00:00", "17:00:00"]
	assert records["SLA Policy", "Desk"]["channels"] == [
		{"channel": "email", "service_calendar": None},
		{"channel": "phone", "service_calendar": "always"},
	]
	assert records["Loyalty Program", "Points"]["conversion_factor"] == 0.5


def test_the_engine_reads_channels_languages_and_closures(tmp_path: Path):
	read = scenario(tmp_path)
	policy = policies_of(read)["Desk"]
	assert (policy.channels, policy.channel_calendars) == (("email", "phone"), {"phone": "always"})
	assert (policy.languages, policy.daily_answer) == (("en",), True)
	assert len(calendars_of(read)["office"].closures) == 2


@pytest.mark.parametrize(
	("before", "after", "mistake"),
	[
		("to: 2026-11-05", "to: 2026-11-03", "calendars.office.closures[0]: ends on 2026-11-03"),
		("from: 2026-11-04,", "", "calendars.office.closures[0].from: is missing"),
		('"12:00-17:00"', "noon", "calendars.office.closures[1].hours: noon is not a window"),
		("phone: always", "phone: never", "sla_policies.Desk.channels.phone: there is no calendar never"),
		("spend_per_point: 10.00", "spend_per_point: 0", "loyalty_programs.Points.spend_per_point"),
		("valid_days: 184", "valid_days: 0", "loyalty_programs.Points.valid_days"),
		("point_value: 0.50", "points: 7", "loyalty_programs.Points.point_value: is missing"),
	],
)
def test_a_mistake_is_one_line_that_names_the_place(tmp_path: Path, before: str, after: str, mistake: str):
	with pytest.raises(FileError) as error:
		scenario(tmp_path, change=(before, after))
	assert mistake in str(error.value)
