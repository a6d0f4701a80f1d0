"""What happened, day by day, and what has become of everything, as tables for a terminal?"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from subscription_mgmt.simulation.wording import (
	Event,
	about,
	availability_text,
	backups_text,
	day_of,
	figure,
	kind_of,
	line_texts,
	sentence,
	time_of,
)

STYLES = {
	"invoice": "cyan",
	"payment": "green",
	"status": "bold",
	"notice": "yellow",
	"rejected": "bold red",
	"other": "",
}
NARROW = 72
ROWS_AT_ONCE = 500


class Output(Console):
	"""A console that leaves it to its caller what happens when nobody reads on."""

	def on_broken_pipe(self) -> None:
		self.quiet = True
		raise BrokenPipeError


def print_table(result: Mapping[str, Any], console: Console | None = None) -> None:
	"""Print a simulation's events day by day, then what has become of contracts, credits and instances."""
	console = console or Output()
	title = f"{result['name']}: {result['start']} to {result['until']}, {result['currency']}"
	console.print(Text(title, style="bold"))
	_print_events(result, console)
	for table in (_contracts(result), _customers(result), _instances(result)):
		if table.row_count:
			console.print(table)


def _print_events(result: Mapping[str, Any], console: Console) -> None:
	"""In tables of some hundred rows that look like one, so that a long run is printed as it goes."""
	if not result["events"]:
		console.print("Nothing happened.")
		return
	is_narrow = console.width < NARROW
	widest = max(len(about(event)) for event in result["events"])
	rows = _rows(result["events"], result["currency"], is_narrow)
	is_first = True
	while batch := list(islice(rows, ROWS_AT_ONCE)):
		table = _events_table(console.width, 0 if is_narrow else min(max(widest, 2), 20), is_first)
		for cells in batch:
			table.add_row(*cells)
		console.print(table)
		is_first = False


def _events_table(width: int, about_width: int, has_header: bool) -> Table:
	table = Table(box=None, show_header=has_header, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
	table.add_column("Day", width=10, no_wrap=True)
	table.add_column("Time", width=5, no_wrap=True)
	used = 10 + 2 + 5 + 2
	if about_width:
		table.add_column("Of", width=about_width, overflow="fold")
		used += about_width + 2
	table.add_column("What happened", width=max(width - used, 12), overflow="fold")
	return table


def _rows(events: Sequence[Event], currency: str, is_narrow: bool) -> Iterator[list[Text]]:
	before = None
	for event in events:
		day = day_of(event)
		what = Text(sentence(event, currency), style=STYLES[kind_of(event)])
		for line in event.get("lines") or ():
			text, amount = line_texts(line, currency)
			what.append(f"\n{text}: {amount}", style="not bold dim")
		cells = [Text(day if day != before else "", style="bold"), Text(time_of(event), style="dim")]
		if is_narrow:
			yield [*cells, Text.assemble((about(event), "bold"), " " if about(event) else "", what)]
		else:
			yield [*cells, Text(about(event)), what]
		before = day


def _contracts(result: Mapping[str, Any]) -> Table:
	figures = ("Invoiced", "Paid", "Open")
	table = _table("Contracts", "Contract", "Status", *figures, numbers=figures)
	for name, contract in result["summary"].get("contracts", {}).items():
		invoiced, paid = Decimal(contract["invoiced"]), Decimal(contract["paid"])
		amounts = (figure(amount, result["currency"]) for amount in (invoiced, paid, invoiced - paid))
		_add(table, name, contract["status"], *amounts)
	return table


def _customers(result: Mapping[str, Any]) -> Table:
	table = _table("Support credits", "Customer", "Credits", numbers=("Credits",))
	for name, customer in result["summary"].get("customers", {}).items():
		if customer.get("credits"):
			_add(table, name, customer["credits"])
	return table


def _instances(result: Mapping[str, Any]) -> Table:
	table = _table("Instances", "Instance", "Mode", "Backups", "Availability")
	for name, instance in result["summary"].get("instances", {}).items():
		_add(table, name, instance.get("mode") or "", backups_text(instance), availability_text(instance))
	return table


def _table(title: str, *columns: str, numbers: Sequence[str] = ()) -> Table:
	table = Table(title=f"\n{title}", title_justify="left", title_style="bold", box=None, header_style="dim")
	table.padding, table.pad_edge = (0, 2, 0, 0), False
	for column in columns:
		table.add_column(column, justify="right" if column in numbers else "left", overflow="fold")
	return table


def _add(table: Table, *cells: object) -> None:
	table.add_row(*(Text(str(cell)) for cell in cells))
