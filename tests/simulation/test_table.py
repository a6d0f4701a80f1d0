"""Does the terminal's table say what happened, on every kind of terminal?"""

import io
from typing import Any

import pytest
from rich.console import Console

from subscription_mgmt.simulation.table import print_table

INVOICE = {
	"at": "2026-01-31T00:10:00-04:00",
	"type": "invoice",
	"customer": "Acme",
	"contract": "C1",
	"due_on": "2026-02-05",
	"total": "1250.00",
	"lines": [
		{"kind": "plan", "what": "Basic", "period_start": "2026-01-31", "period_end": "2026-02-28",
			"quantity": "1", "rate": "1200.00", "amount": "1200.00"},
		{"kind": "pack", "what": "Extra user", "module": "Sales", "period_start": "2026-01-31",
			"period_end": "2026-02-28", "quantity": "2", "rate": "25.00", "amount": "50.00"},
	],
}  # fmt: skip
PAYMENT = {
	"at": "2026-01-31T10:00:00-04:00",
	"type": "payment",
	"customer": "Acme",
	"contract": "C1",
	"amount": "1000.00",
}
SUMMARY = {
	"contracts": {"C1": {"status": "Active", "invoiced": "1250.00", "paid": "1000.00"}},
	"customers": {},
	"instances": {},
}


def result(*events: dict[str, Any], **summary: Any) -> dict[str, Any]:
	return {
		"name": "A vendor",
		"start": "2026-01-31",
		"until": "2026-03-31",
		"currency": "BOB",
		"events": list(events),
		"summary": SUMMARY | summary,
	}


def printed(simulated: dict[str, Any], width: int = 100, is_terminal: bool = False) -> str:
	out = io.StringIO()
	colours = "standard" if is_terminal else None
	print_table(simulated, Console(file=out, width=width, force_terminal=is_terminal, color_system=colours))
	return out.getvalue()


def on_one_line(text: str) -> str:
	return " ".join(text.split())


def test_an_invoice_is_followed_by_its_lines():
	lines = [line.strip() for line in printed(result(INVOICE)).splitlines()]
	at = next(number for number, line in enumerate(lines) if "Invoice of BOB 1,250.00, due" in line)
	assert lines[at].endswith("due 2026-02-05")
	assert lines[at + 1] == "Basic, 2026-01-31 to 2026-02-27: 1,200.00"
	assert lines[at + 2] == "Extra user (Sales), 2026-01-31 to 2026-02-27, × 2: 50.00"


def test_a_day_is_printed_once():
	text = printed(result(INVOICE, PAYMENT)).partition("What happened")[2].partition("Contracts")[0]
	assert sum(line.startswith("2026-01-31") for line in text.splitlines()) == 1
	assert "00:10" in text and "10:00" in text


def test_the_summary_tells_what_is_open():
	row = next(line for line in printed(result()).splitlines() if line.startswith("C1"))
	assert row.split() == ["C1", "Active", "1,250.00", "1,000.00", "250.00"]


def test_piped_output_has_no_colours_and_a_terminal_has():
	assert "\x1b[" not in printed(result(INVOICE))
	assert "\x1b[" in printed(result(INVOICE), is_terminal=True)


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_no_line_is_wider_than_the_terminal_and_nothing_is_lost(width: int):
	text = printed(result(INVOICE, PAYMENT), width)
	assert max(map(len, text.splitlines())) <= width
	assert "Payment of BOB 1,000.00" in on_one_line(text).replace("C1 Payment", "Payment")


def test_names_in_square_brackets_are_not_taken_for_styles():
	event = PAYMENT | {"contract": "[red]C1[/nothing]"}
	assert "[red]C1[/nothing]" in printed(result(event))


def test_thousands_of_events_have_one_header():
	text = printed(result(*[PAYMENT] * 1200))
	assert text.count("What happened") == 1
	assert text.count("Payment of") == 1200


def test_a_run_without_events_says_so():
	assert "Nothing happened." in printed(result())


def test_instances_tell_backups_and_their_worst_month():
	instance = {
		"mode": "Full",
		"backups": {"made": 60, "failed": 1, "kept": 14},
		"availability": {"2026-01": "100.00", "2026-02": "98.93"},
	}
	text = on_one_line(printed(result(instances={"acme.example": instance}), 160))
	assert "acme.example Full 60 made, 1 failed, 14 kept 98.93 % in 2026-02, the lowest of 2 months" in text
