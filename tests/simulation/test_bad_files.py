"""Does a mistake in a scenario file give one line that names the place, and exit code 2?"""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscription_mgmt.__main__ import main

GOOD = """\
name: A small vendor
start: 2026-01-31
until: 2026-12-31
timezone: America/La_Paz
currency: BOB
payment_days: 0
calendars:
  office:
    timezone: America/Mexico_City
    hours: {mon-fri: ["09:00-14:00", "15:00-18:00"]}
    holidays: [2026-02-02]
dunning_policies:
  Standard:
    remind_days: [1, 5]
    restrict_after_days: 10
    delete_after_restriction_days: 30
    deletion_notice_days: [7]
backup_policies:
  Twice a day: {at: ["06:00", "18:00"], restore_within: 2h}
sla_policies:
  Gold: {calendar: office, response: {1: 1h}, hour_cap: 20h, beyond_cap: decline, channels: [email]}
topics:
  Data import: {scope: Excluded, offer: Success Pack}
modules:
  Sales: {}
plans:
  Basic: {kind: Subscription, tier: 1, prices: {Half-Yearly: 600.00, Yearly: 1100.00}, modules: [Sales],
          quotas: {users: {included: 1, aggregate: peak, excess: Bill, price: 12.00}},
          dunning: Standard, backup: Twice a day, sla: Gold, trial_days: 0}
packs:
  Extra user: {kind: Users, metric: users, per_module: true, prices: {Half-Yearly: 50.00}}
  Success Pack: {kind: Success Pack, price: 9500.00}
  120 credits: {kind: Support Credits, credits: 120, price: 120.00, needs_contract: false}
customers:
  Acme: {language: es}
events:
  - {at: 2026-01-31, do: subscribe, contract: C1, customer: Acme, plan: Basic, every: Half-Yearly}
  - {at: 2026-02-01 10:00, do: pay, contract: C1}
  - {at: 2026-02-02, do: add_pack, contract: C1, pack: Extra user, quantity: 2, module: Sales}
"""

# (what is written instead of what, the place that is named, a word of what is wrong with it)
MISTAKES = [
	# Keys
	("name:", "nmae:", "name", "is missing"),
	("currency: BOB", "currency: BOB\ncolour: red", "colour", "unknown key"),
	("tier: 1", "teir: 1", "plans.Basic.teir", "unknown key"),
	("credits: 120", "credit: 120", "packs.120 credits.credit", "unknown key"),
	("{included: 1,", "{includes: 1,", "plans.Basic.quotas.users.includes", "unknown key"),
	("remind_days", "remember_days", "dunning_policies.Standard.remember_days", "unknown key"),
	("do: pay,", "do: pay, amount: 3,", "events[1].amount", "unknown key"),
	("{language: es}", "{lang: es}", "customers.Acme.lang", "unknown key"),
	("every: Half-Yearly}", "packs: [{pac: Extra user}]}", "events[0].every", "is missing"),
	("\nstart: 2026-01-31", "", "start", "is missing"),
	("\ncurrency: BOB", "", "currency", "is missing"),
	("customer: Acme, ", "", "events[0].customer", "is missing"),
	("do: pay,", "", "events[1]", "do is missing"),
	("  Extra user: {", "  Extra company:\n  Extra user: {", "packs.Extra company.kind", "is missing"),
	# Names
	("plan: Basic", "plan: Basik", "events[0].plan", "there is no plan Basik"),
	("pack: Extra user", "pack: Extra users", "events[2].pack", "there is no pack Extra users"),
	("module: Sales}", "module: Sails}", "events[2].module", "there is no module Sails"),
	("customer: Acme", "customer: Acne", "events[0].customer", "there is no customer Acne"),
	("do: pay, contract: C1", "do: pay, contract: C2", "events[1].contract", "contract C2"),
	("do: pay, contract: C1", "do: pay", "events[1]", "needs a contract or a customer"),
	("do: pay", "do: pays", "events[1]", "pays is not known"),
	("every: Half-Yearly", "every: Weekly", "events[0].every", "Weekly is not an interval"),
	("{Half-Yearly: 50.00}", "{Daily: 50.00}", "packs.Extra user.prices.Daily", "Daily is not an interval"),
	("currency: BOB", "currency: BOX", "currency", "BOX is not a currency"),
	("currency: BOB", "currency: 12", "currency", "must be a text"),
	("timezone: America/La_Paz", "timezone: America/Lapaz", "timezone", "America/Lapaz is not a time zone"),
	("timezone: America/Mexico_City", "timezone: Mexiko", "calendars.office.timezone", "is not a time zone"),
	("dunning: Standard", "dunning: Strict", "plans.Basic.dunning", "there is no dunning policy Strict"),
	("backup: Twice a day", "backup: Never", "plans.Basic.backup", "there is no backup policy Never"),
	("sla: Gold", "sla: Silver", "plans.Basic.sla", "there is no SLA policy Silver"),
	("{language: es}", "{sla: Silver}", "customers.Acme.sla", "there is no SLA policy Silver"),
	("calendar: office", "calendar: home", "sla_policies.Gold.calendar", "there is no calendar home"),
	("modules: [Sales]", "modules: [Sails]", "plans.Basic.modules", "there is no module Sails"),
	("offer: Success Pack", "offer: Magic", "topics.Data import.offer", "there is no pack or kind of pack Magic"),
	("kind: Subscription", "kind: Rental", "plans.Basic.kind", "Subscription"),
	("kind: Users", "kind: User", "packs.Extra user.kind", "Users"),
	("scope: Excluded", "scope: Maybe", "topics.Data import.scope", "Excluded"),
	("  Acme: {language: es}", "  '': {}", "customers", "must be a name"),
	# Money
	("Yearly: 1100.00", "Yearly: -1100.00", "plans.Basic.prices.Yearly", "must not be negative"),
	("Yearly: 1100.00", "Yearly: .nan", "plans.Basic.prices.Yearly", "is not an amount"),
	("Yearly: 1100.00", "Yearly: .inf", "plans.Basic.prices.Yearly", "is not an amount"),
	("Yearly: 1100.00", "Yearly: 1.100,00", "plans.Basic.prices.00", "00 is not an interval"),
	("Yearly: 1100.00", "Yearly: free", "plans.Basic.prices.Yearly", "is not an amount"),
	("Yearly: 1100.00", "Yearly:", "plans.Basic.prices.Yearly", "must be an amount"),
	("Yearly: 1100.00", "Yearly: true", "plans.Basic.prices.Yearly", "must be an amount"),
	("prices: {Half-Yearly: 600.00, Yearly: 1100.00}", "prices: {}", "plans.Basic", "has no price"),
	("price: 9500.00", "minutes: 5", "packs.Success Pack", "has no price"),
	("price: 9500.00", "price: 9500.00, prices: {Yearly: 1}", "packs.Success Pack", "keep one of them"),
	("price: 12.00", "per_module: true", "plans.Basic", "has no price"),
	("kind: Subscription", "kind: Licence", "plans.Basic", "sold once"),
	("kind: Subscription", "kind: Subscription, price: 1.00", "plans.Basic", "recurs"),
	("price: 120.00", "prices: {Yearly: 120.00}", "packs.120 credits", "needs a contract"),
	("credits: 120, ", "", "packs.120 credits", "grants no credits"),
	# Days and times
	("start: 2026-01-31", "start: 2026-02-30", "start", "is not a day"),
	("start: 2026-01-31", "start: soon", "start", "soon is not a day"),
	("until: 2026-12-31", "until: 2026-01-30", "until", "is before start"),
	("at: 2026-02-01 10:00", "at: 2026-01-30 10:00", "events[1].at", "is before start"),
	("at: 2026-02-01 10:00", "at: 2026-02-01 25:00", "events[1].at", "is not a day or time"),
	("at: 2026-02-01 10:00, do: pay, contract: C1", "at: 2026-02-05, do: scheduler_down, until: 2026-02-01",
		"events[1].until", "2026-02-01 is before 2026-02-05"),
	("do: pay, contract: C1", "do: backups_fail, instance: a, until: 2026-01-31", "events[1].until",
		"2026-01-31 00:10 is before 2026-02-01 10:00"),
	("09:00-14:00", "14:00-09:00", "calendars.office.hours.mon-fri[0]", "is not a window of hours"),
	("09:00-14:00", "9-14", "calendars.office.hours.mon-fri[0]", "is not a window of hours"),
	("mon-fri", "fri-mon", "calendars.office", "names no weekdays"),
	("mon-fri", "lunes", "calendars.office", "names no weekdays"),
	('    hours: {mon-fri: ["09:00-14:00", "15:00-18:00"]}\n', "", "calendars.office", "has no working hour"),
	("holidays: [2026-02-02]", "always: true", "calendars.office", "keep one of them"),
	("[2026-02-02]", "[2026-02-31]", "calendars.office.holidays[0]", "is not a day"),
	('at: ["06:00", "18:00"], ', "", "backup_policies.Twice a day", "needs either at"),
	('["06:00", "18:00"]', '["6:00"]', "backup_policies.Twice a day.at[0]", "is not a time of day"),
	('["06:00", "18:00"]', "[18:60]", "backup_policies.Twice a day.at[0]", "18:60 is not a time of day"),
	("restore_within: 2h", "restore_within: 2 hours", "backup_policies.Twice a day", "duration"),
	("response: {1: 1h}", "response: {5: 1h}", "sla_policies.Gold.response", "5"),
	# Figures
	("quantity: 2", "quantity: 0", "events[2].quantity", "must be 1 or more"),
	("quantity: 2", "quantity: -1", "events[2].quantity", "must be 1 or more"),
	("quantity: 2", "quantity: 1.5", "events[2].quantity", "whole number"),
	("quantity: 2", "quantity: true", "events[2].quantity", "whole number"),
	("quantity: 2", "quantity: two", "events[2].quantity", "whole number"),
	("tier: 1", "tier: -1", "plans.Basic.tier", "must be 0 or more"),
	("trial_days: 0", "trial_days: -7", "plans.Basic.trial_days", "must be 0 or more"),
	("trial_days: 0", "availability: 0", "plans.Basic.availability", "must be more than 0"),
	("trial_days: 0", "availability: 100.01", "plans.Basic.availability", "must be 100 or less"),
	("payment_days: 0", "payment_days: soon", "payment_days", "whole number"),
	("remind_days: [1, 5]", "remind_days: 1", "dunning_policies.Standard.remind_days", "list"),
	("deletion_notice_days: [7]", "deletion_notice_days: [31]", "dunning_policies.Standard", "notice"),
	("delete_after_restriction_days: 30", "delete_after_restriction_days: 0", "dunning_policies", "day"),
	("quantity: 2", "quantity: 010", "events[2].quantity", "whole number"),
	("quantity: 2", "quantity: 1000001", "events[2].quantity", "must be 1000000 or less"),
	("quantity: 2", f"quantity: {'9' * 5000}", "events[2].quantity", "whole number"),
	("Yearly: 1100.00", "Yearly: 1000000000000", "plans.Basic.prices.Yearly", "is more than"),
	("payment_days: 0", "payment_days: 40000", "payment_days", "must be 36500 or less"),
	("trial_days: 0", "commitment_months: 1201", "plans.Basic.commitment_months", "must be 1200 or less"),
	("hour_cap: 20h", "hour_cap: 9999999h", "sla_policies.Gold.hour_cap", "is not a duration"),
	("until: 2026-12-31", "until: 2226-12-31", "until", "is not between the years"),
	("at: 2026-02-01 10:00", "at: 2026-02-01 10:00-04:00", "events[1].at", "has an offset"),
	("at: 2026-02-01 10:00", "at: 2026-02-01T10:00:00Z", "events[1].at", "has an offset"),
	("per_module: true", "per_module: perhaps", "packs.Extra user.per_module", "must be true or false"),
	# Shapes
	("\nmodules:\n  Sales: {}", "\nmodules: [Sales]", "modules", "mapping"),
	("  Acme: {language: es}", "  Acme: es", "customers.Acme", "mapping"),
	("  Sales: {}", "  Sales: 1", "modules.Sales", "mapping"),
	("  - {at: 2026-02-01 10:00, do: pay, contract: C1}", "  - pay", "events[1]", "mapping"),
]  # fmt: skip

# (content of the file, what the line says of it)
NO_SCENARIOS = {
	"empty": (b"", "mapping"),
	"a list": (b"- name: x\n", "mapping"),
	"a word": (b"hello\n", "mapping"),
	"binary": (b"\x89PNG\r\n\x1a\n\x00\xff", "UTF-8"),
	"a control character": (b"name: \x07\n", "character 6 is not text"),
	"a tab": (b"name: x\nplans:\n\tBasic: {}\n", "line 3, column 1"),
	"an open bracket": (b"name: x\nplans: {Basic: {\n", "line 3"),
	"a key twice": (b"name: x\nplans: {}\nname: y\n", "line 3, column 1: name is given twice"),
	"a nested key twice": (b"name: x\nplans:\n  A: {tier: 1, tier: 2}\n", "line 3, column 16: tier is"),
	"a list as a key": (b"name: x\n? [a, b]\n: c\n", "line 2"),
	"an endless alias": (b"name: x\nplans: &a {b: *a}\n", "line 2"),
	"an unknown tag": (b"name: !!python/object:os.system x\n", "line 1"),
	"two documents": (b"name: x\n---\nname: y\n", "line 2"),
	"a day there is not": (b"name: x\ncurrency: EUR\nstart: 2026-02-30\n", "start: 2026-02-30 is not a day"),
	"a number without end": (b"name: x\ncurrency: EUR\npayment_days: " + b"9" * 5000, "whole number"),
	"nesting without end": (b"name: " + b"[" * 20000 + b"\n", "nested"),
}  # fmt: skip


def complaint(path: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
	"""The one line on standard error; nothing on standard output, exit code 2."""
	assert main(["simulate", str(path), *arguments]) == 2
	out, err = capsys.readouterr()
	assert out == ""
	assert err.endswith("\n") and err.count("\n") == 1, err
	assert err.startswith(str(path)), err
	return err.removeprefix(f"{path}: ").rstrip("\n")


def test_the_file_is_good_before_it_is_spoilt(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
	path = tmp_path / "good.yaml"
	path.write_text(GOOD, encoding="utf-8")
	assert main(["simulate", str(path), "--json"]) == 0
	assert '"rejected"' not in capsys.readouterr().out


@pytest.mark.parametrize(("good", "bad", "place", "mistake"), MISTAKES, ids=lambda text: text[:40])
def test_a_mistake_is_one_line_that_names_the_place(
	good: str, bad: str, place: str, mistake: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
	assert good in GOOD
	path = tmp_path / "bad.yaml"
	path.write_text(GOOD.replace(good, bad, 1), encoding="utf-8")
	line = complaint(path, capsys)
	assert line.startswith(place) and mistake in line, line


@pytest.mark.parametrize(("content", "mistake"), NO_SCENARIOS.values(), ids=NO_SCENARIOS.keys())
def test_what_is_no_scenario_at_all_is_told_in_one_line_too(
	content: bytes, mistake: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
	path = tmp_path / "bad.yaml"
	path.write_bytes(content)
	assert mistake in complaint(path, capsys)


def test_an_entry_of_which_nothing_is_said_is_an_empty_one(tmp_path: Path):
	file = tmp_path / "scenario.yaml"
	file.write_text(
		GOOD.replace("Acme: {language: es}", "Acme:").replace("Sales: {}", "Sales:"), encoding="utf-8"
	)
	assert main(["simulate", str(file), "--until", "2026-02-01", "--json"]) == 0


def test_a_name_in_two_lines_is_told_in_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
	path = tmp_path / "bad.yaml"
	path.write_text(GOOD.replace("  Basic:", '  "Ba\\nsic":'), encoding="utf-8")
	assert "there is no plan Basic" in complaint(path, capsys)
	path.write_text(GOOD.replace("plan: Basic", 'plan: "Ba\\nsic"'), encoding="utf-8")
	assert "there is no plan Ba sic" in complaint(path, capsys)


def test_the_largest_figures_allowed_can_be_simulated(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
	path = tmp_path / "large.yaml"
	text = GOOD.replace("{Half-Yearly: 50.00}", "{Half-Yearly: 999999999999.99}")
	text = text.replace("quantity: 2", "quantity: 1000000").replace("payment_days: 0", "payment_days: 36500")
	text = text.replace("trial_days: 0", "trial_days: 0, commitment_months: 1200")
	path.write_text(text.replace("2026", "2199"), encoding="utf-8")
	assert main(["simulate", str(path), "--json"]) == 0
	assert '"amount": "988950276243084033.15"' in capsys.readouterr().out


@given(
	position=st.integers(0, len(GOOD) - 1),
	junk=st.sampled_from(["", "0", "-", ":", "{", '"', "\n", "\t", "é"]),
)
def test_a_slip_of_the_keyboard_is_told_or_harmless_and_never_a_trace(position: int, junk: str):
	with TemporaryDirectory() as folder:
		path = Path(folder) / "slip.yaml"
		path.write_text(GOOD[:position] + junk + GOOD[position + 1 :], encoding="utf-8")
		assert main(["simulate", str(path), "--until", "2026-03-01", "--json"]) in (0, 2)


def test_a_missing_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
	assert "No such file" in complaint(tmp_path / "none.yaml", capsys)


def test_a_folder_is_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
	assert "directory" in complaint(tmp_path, capsys)


def test_a_file_without_a_last_day_asks_for_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
	path = tmp_path / "open.yaml"
	path.write_text(GOOD.replace("until: 2026-12-31\n", ""), encoding="utf-8")
	assert main(["simulate", str(path)]) == 2
	assert "until: is missing; put it into the file or give --until DATE" in capsys.readouterr().err
	assert main(["simulate", str(path), "--until", "2026-02-28"]) == 0


def test_a_last_day_before_the_first_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
	path = tmp_path / "good.yaml"
	path.write_text(GOOD, encoding="utf-8")
	assert main(["simulate", str(path), "--until", "2026-01-30"]) == 2
	assert capsys.readouterr().err == "--until 2026-01-30 is before start 2026-01-31\n"
