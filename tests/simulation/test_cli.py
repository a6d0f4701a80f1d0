"""Does `python -m subscription_mgmt simulate` keep its promises to whoever calls it from a shell?"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation.shapes import check_result

ROOT = Path(__file__).resolve().parents[2]
SCENARIO = """
name: Un vendedor pequeño
start: 2026-01-31
until: 2026-12-31
timezone: America/La_Paz
currency: BOB
plans:
  Básico: {kind: Subscription, refundable: true, prices: {Half-Yearly: 600.00}}
packs:
  Usuario: {kind: Users, per_module: true, prices: {Half-Yearly: 50.00}}
modules: {Ventas: {}}
customers: {Acme: {}}
events:
  - {at: 2026-01-31, do: subscribe, contract: C1, customer: Acme, plan: Básico, every: Half-Yearly, instance: acme.example}
  - {at: 2026-02-01 10:00, do: pay, contract: C1}
  - {at: 2026-03-03, do: add_pack, contract: C1, pack: Usuario, quantity: 2, module: Ventas}
  - {at: 2026-03-04, do: add_pack, contract: C1, pack: Usuario}
  - {at: 2026-03-05, do: pay, contract: C1}
  - {at: 2026-05-05, do: cancel, contract: C1, when: now}
  - {at: 2026-06-01, do: subscribe, contract: C2, customer: Acme, plan: Básico, every: Half-Yearly}
"""  # noqa: E501


def cli(*arguments: object, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
	return subprocess.run(
		[sys.executable, "-m", "subscription_mgmt", *map(str, arguments)],
		capture_output=True,
		text=True,
		encoding="utf-8",
		cwd=cwd,
		env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "COLUMNS": "100", **environment},
		timeout=120,
		check=False,
	)


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
	path = tmp_path / "vendedor.yaml"
	path.write_text(SCENARIO, encoding="utf-8")
	return path


def test_json_is_one_object_with_events_and_a_summary(scenario: Path):
	done = cli("simulate", scenario, "--json")
	assert (done.returncode, done.stderr) == (0, "")
	result = json.loads(done.stdout)
	check_result(result)
	assert {"contract", "invoice", "payment", "rejected", "account_credit"} <= {
		event["type"] for event in result["events"]
	}
	assert result["summary"]["contracts"]["C1"]["status"] == "Cancelled"


def test_json_says_of_an_invoice_what_the_format_promises(scenario: Path):
	result = json.loads(cli("simulate", scenario, "--json", "--until", "2026-03-03").stdout)
	first, second = (event for event in result["events"] if event["type"] == "invoice")
	assert first == {
		"at": "2026-01-31T00:10:00-04:00",
		"type": "invoice",
		"customer": "Acme",
		"contract": "C1",
		"due_on": "2026-01-31",
		"total": "600.00",
		"lines": [
			{
				"kind": "plan",
				"what": "Básico",
				"period_start": "2026-01-31",
				"period_end": "2026-07-31",
				"quantity": 1,
				"rate": "600.00",
				"amount": "600.00",
			}
		],
	}
	# 150 of 181 days of 2 × 50.00
	assert second["lines"] == [
		{
			"kind": "pack",
			"what": "Usuario",
			"module": "Ventas",
			"period_start": "2026-03-03",
			"period_end": "2026-07-31",
			"quantity": 2,
			"rate": "50.00",
			"amount": "82.87",
		}
	]


def test_a_refusal_names_its_verb_and_gives_a_reason(scenario: Path):
	result = json.loads(cli("simulate", scenario, "--json").stdout)
	(rejected,) = (event for event in result["events"] if event["type"] == "rejected")
	assert rejected["at"] == "2026-03-04T00:10:00-04:00"
	assert rejected["do"] == "add_pack"
	assert rejected["reason"] == "Usuario is sold per module. Say for which module."


def test_until_is_the_last_day_and_included(scenario: Path):
	result = json.loads(cli("simulate", scenario, "--json", "--until", "2026-02-01").stdout)
	assert result["events"][-1]["type"] in ("payment", "contract", "access")
	assert {event["at"][:10] for event in result["events"]} == {"2026-01-31", "2026-02-01"}
	assert result["summary"]["contracts"]["C1"]["paid"] == "600.00"


def test_until_may_be_later_than_the_files(scenario: Path):
	result = json.loads(cli("simulate", scenario, "--json", "--until", "2027-06-30").stdout)
	assert max(event["at"] for event in result["events"]) > "2027"


def test_the_same_file_gives_the_same_output(scenario: Path):
	one = cli("simulate", scenario, "--json", PYTHONHASHSEED="1", TZ="Asia/Tokyo")
	other = cli("simulate", scenario, "--json", PYTHONHASHSEED="2", TZ="America/Lima", LC_ALL="C")
	assert one.stdout == other.stdout != ""


def test_people_get_a_table(scenario: Path):
	done = cli("simulate", scenario)
	assert done.returncode == 0
	for text in ("Un vendedor pequeño", "2026-01-31", "C1", "600.00", "Básico", "Contracts", "Cancelled"):
		assert text in done.stdout
	assert "{" not in done.stdout


def test_html_writes_a_page_that_needs_nothing_else(scenario: Path, tmp_path: Path):
	page = tmp_path / "out.html"
	done = cli("simulate", scenario, "--html", page, "--json")
	assert done.returncode == 0
	assert json.loads(done.stdout)["events"]
	text = page.read_text(encoding="utf-8")
	assert text.lstrip().lower().startswith("<!doctype html>")
	assert "Un vendedor pequeño" in text and "<svg" in text
	assert 'src="http' not in text and "<link" not in text


def test_a_page_that_cannot_be_written_is_told_in_one_line(scenario: Path, tmp_path: Path):
	page = tmp_path / "no" / "out.html"
	done = cli("simulate", scenario, "--html", page)
	assert done.returncode == 2
	assert done.stderr == f"{page}: No such file or directory\n"


def test_a_mistake_in_the_file_is_one_line_and_exit_code_2(tmp_path: Path):
	path = tmp_path / "bad.yaml"
	path.write_text(SCENARIO.replace("plan: Básico", "plan: Basico"), encoding="utf-8")
	done = cli("simulate", path, "--json")
	assert (done.returncode, done.stdout) == (2, "")
	assert done.stderr == f"{path}: events[0].plan: there is no plan Basico\n"


@pytest.mark.parametrize(
	"arguments",
	[
		[],
		["simulate"],
		["simulate", "x.yaml", "--until", "soon"],
		["simulate", "x.yaml", "--colour"],
		["bill"],
	],
)
def test_a_wrong_call_shows_the_usage_and_exit_code_2(arguments: list[str]):
	done = cli(*arguments)
	assert (done.returncode, done.stdout) == (2, "")
	assert done.stderr.startswith("usage: python -m subscription_mgmt")
	assert "Traceback" not in done.stderr


@pytest.mark.parametrize("reader", ["head -n 1", "true"])
@pytest.mark.parametrize(
	"call", ["simulate FILE --json", "simulate FILE --json --until 2099-12-31", "simulate FILE", "--help"]
)
def test_a_reader_that_goes_away_leaves_no_trace_and_the_page_is_written(
	call: str, reader: str, scenario: Path, tmp_path: Path
):
	call = call.replace("FILE", f"'{scenario}' --html '{tmp_path}/out.html'")
	command = f"set -o pipefail; '{sys.executable}' -m subscription_mgmt {call} | {reader}"
	done = subprocess.run(
		["bash", "-c", command], capture_output=True, text=True, cwd=ROOT, timeout=120, check=False
	)
	assert (done.returncode, done.stderr) == (0, "")
	assert done.stdout.count("\n") == (reader != "true")
	assert (tmp_path / "out.html").exists() == ("simulate" in call)


def test_it_runs_from_any_folder(scenario: Path, tmp_path: Path):
	assert cli("simulate", scenario.name, "--json", cwd=tmp_path).returncode == 0
