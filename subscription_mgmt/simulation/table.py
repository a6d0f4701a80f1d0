"""What happened, day by day, in sentences and as a table for a terminal?

`sentence` and `line_texts` word an event of SCENARIOS.md's Output; the page (`page.py`) uses the same words.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar

from babel.numbers import format_currency, get_currency_symbol
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

T = TypeVar("T")
Event = Mapping[str, Any]

# What an event is about, which is how it is coloured. Types not named here are "other".
KINDS = {
	"invoice": "invoice",
	"account_credit": "payment",
	"payment": "payment",
	"contract": "status",
	"access": "status",
	"licence": "status",
	"ticket": "status",
	"credits": "status",
	"notice": "notice",
	"deletion_waits": "notice",
	"data_deleted": "rejected",
	"breach": "rejected",
	"rejected": "rejected",
	"parked": "rejected",
}
STYLES = {
	"invoice": "cyan",
	"payment": "green",
	"status": "bold",
	"notice": "yellow",
	"rejected": "bold red",
	"other": "",
}
NOTICES = {
	"reminder": "Payment reminder",
	"renewal": "Renewal notice",
	"restriction": "Notice of restriction",
	"deletion": "Notice of deletion",
	"quota_80": "80 % of a quota used",
	"quota_100": "Quota used up",
	"blocked": "Blocked by a quota",
	"low_balance": "Low balance of support credits",
	"too_few_credits": "Too few support credits",
	"new_balance": "New balance of support credits",
	"out_of_hours": "Outside working hours",
}
NARROW = 72
ROWS_AT_ONCE = 500
SECONDS_BEFORE_PROGRESS = 3.0


def kind_of(event: Event) -> str:
	return KINDS.get(str(event.get("type")), "other")


def day_of(event: Event) -> str:
	return str(event.get("at", ""))[:10]


def time_of(event: Event) -> str:
	return str(event.get("at", ""))[11:16]


def about(event: Event) -> str:
	"""The contract, ticket, licence, instance or customer an event is about."""
	keys = ("contract", "ticket", "licence", "instance", "customer")
	if event.get("type") == "credits":
		keys = ("customer", "ticket")
	return str(next((event[key] for key in keys if event.get(key)), ""))


@lru_cache(maxsize=4096)
def money(amount: str | Decimal, currency: str) -> str:
	"""`money("1800.00", "BOB")` → `BOB 1,800.00`; `money("1800.00", "EUR")` → `€1,800.00`."""
	is_word = get_currency_symbol(currency, locale="en")[-1].isalpha()
	return format_currency(Decimal(amount), currency, "¤ #,##0.00" if is_word else None, locale="en")


@lru_cache(maxsize=4096)
def figure(amount: str | Decimal, currency: str) -> str:
	"""An amount where the currency is told elsewhere: `1,800.00`."""
	return format_currency(Decimal(amount), currency, "#,##0.00", locale="en")


def days_text(start: str, end: str) -> str:
	"""A period in words, its last day included; `end` is the first day not covered."""
	last = date.fromisoformat(end) - timedelta(days=1)
	return start if start == last.isoformat() else f"{start} to {last.isoformat()}"


def line_texts(line: Event, currency: str) -> tuple[str, str]:
	"""What one line of an invoice is for, and its amount."""
	what = str(line.get("what", ""))
	if line.get("kind") == "credit":
		what = f"{what}, unused part"
	if line.get("module"):
		what = f"{what} ({line['module']})"
	if line.get("period_start") and line.get("period_end"):
		what = f"{what}, {days_text(line['period_start'], line['period_end'])}"
	quantity = Decimal(str(line.get("quantity", 1)))
	if quantity != 1:
		what = f"{what}, × {quantity.normalize():f}"
	return what, figure(line["amount"], currency)


def _words(name: object) -> str:
	return str(name).replace("_", " ")


def _list(names: object) -> str:
	if isinstance(names, str) or not isinstance(names, Sequence):
		return _words(names or "none")
	return ", ".join(_words(name) for name in names) or "none"


def _signed(number: object) -> str:
	change = Decimal(str(number))
	return f"{'+' if change > 0 else ''}{change:f}"


def _moment(at: object) -> str:
	return str(at)[:16].replace("T", " ")


def _account_credit(event: Event, currency: str) -> str:
	change = Decimal(event["change"])
	did = "kept for the next invoice" if change > 0 else "used"
	return f"Credit of {money(abs(change), currency)} {did}, balance {money(event['balance'], currency)}"


def _notice(event: Event, currency: str) -> str:
	text = NOTICES.get(event["kind"], f"Notice: {_words(event['kind'])}")
	return f"{text} to {event['customer']}" if event.get("customer") else text


def _access(event: Event, currency: str) -> str:
	return f"{event.get('instance') or 'Access'}: {event['mode']}"


def _licence(event: Event, currency: str) -> str:
	if event.get("status") == "Revoked":
		return f"Licence {event['licence']} is revoked"
	text = f"Licence {event['licence']}, {event['deployment']}: modules {_list(event['modules'])}"
	text += f"; functions {_list(event['functions'])}"
	return f"{text}; updates until {event['updates_until']}" if event.get("updates_until") else text


def _credits(event: Event, currency: str) -> str:
	text = f"Support credits {_signed(event['change'])}, balance {event['balance']}"
	return (
		f"{text} (ticket {event['ticket']})"
		if event.get("ticket") and about(event) != event["ticket"]
		else text
	)


def _ticket(event: Event, currency: str) -> str:
	parts = [f"Ticket {event['status']}, severity {event['severity']}, route {event['route']}"]
	if event.get("offer"):
		parts.append(f"offer {event['offer']}")
	if event.get("respond_by"):
		parts.append(f"respond by {_moment(event['respond_by'])}")
	if event.get("resolve_by"):
		parts.append(f"resolve by {_moment(event['resolve_by'])}")
	return ", ".join(parts)


def _invoice(event: Event, currency: str) -> str:
	return f"Invoice of {money(event['total'], currency)}, due {event['due_on']}"


WORDINGS: dict[str, Callable[[Event, str], str]] = {
	"invoice": _invoice,
	"account_credit": _account_credit,
	"payment": lambda event, currency: f"Payment of {money(event['amount'], currency)}",
	"contract": lambda event, currency: f"Contract is {event['status']}",
	"access": _access,
	"notice": _notice,
	"deletion_waits": lambda event, currency: f"Deletion waits for: {_list(event['reasons'])}",
	"data_deleted": lambda event, currency: f"Data of {event.get('instance') or 'the customer'} deleted",
	"licence": _licence,
	"credits": _credits,
	"ticket": _ticket,
	"breach": lambda event, currency: (
		f"{_words(event['target']).capitalize()} missed, due {_moment(event['due'])}"
	),
	"rejected": lambda event, currency: f"Refused to {_words(event['do'])}: {_words(event['reason'])}",
	"parked": lambda event, currency: f"Parked: {event['reason']}",
}


def sentence(event: Event, currency: str) -> str:
	"""What happened. An event of a type not known here, or lacking a field, is told by its fields."""
	wording = WORDINGS.get(str(event.get("type")))
	try:
		return wording(event, currency) if wording else _told_by_fields(event)
	except (KeyError, ArithmeticError):
		return _told_by_fields(event)


def _told_by_fields(event: Event) -> str:
	fields = [
		f"{_words(key)} {_list(value)}" for key, value in event.items() if key not in ("at", "type") and value
	]
	name = _words(event.get("type") or "event").capitalize()
	return f"{name}: {', '.join(fields)}" if fields else name


def print_table(result: Mapping[str, Any], console: Console | None = None) -> None:
	"""Print a simulation's events day by day, then what has become of contracts, credits and instances."""
	console = console or Console()
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


def _table(title: str, *columns: str, numbers: Sequence[str] = ()) -> Table:
	table = Table(title=f"\n{title}", title_justify="left", title_style="bold", box=None, header_style="dim")
	table.padding, table.pad_edge = (0, 2, 0, 0), False
	for column in columns:
		table.add_column(column, justify="right" if column in numbers else "left", overflow="fold")
	return table


def _add(table: Table, *cells: object) -> None:
	table.add_row(*(Text(str(cell)) for cell in cells))


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


def backups_text(instance: Mapping[str, Any]) -> str:
	counts = instance.get("backups") or {}
	return ", ".join(f"{count} {_words(name)}" for name, count in counts.items())


def availability_text(instance: Mapping[str, Any]) -> str:
	"""Of the lowest month, which is the one that may have broken a promise."""
	months = instance.get("availability") or {}
	if not months:
		return ""
	month = min(months, key=lambda name: Decimal(months[name]))
	if Decimal(months[month]) == 100:
		return "100 % in every month"
	return f"{months[month]} % in {month}, the lowest of {len(months)} months"


def progress(
	days: Sequence[T], console: Console | None = None, clock: Callable[[], float] = time.monotonic
) -> Iterator[T]:
	"""The days, with a bar on a terminal's standard error once the run has taken three seconds."""
	console = console or Console(stderr=True)
	bar = Progress(
		TextColumn("Simulating"),
		BarColumn(),
		MofNCompleteColumn(),
		TextColumn("days"),
		TimeRemainingColumn(),
		console=console,
		transient=True,
	)
	began, task = clock(), None
	try:
		for done, day in enumerate(days):
			if task is None and console.is_terminal and clock() - began > SECONDS_BEFORE_PROGRESS:
				bar.start()
				task = bar.add_task("days", total=len(days))
			if task is not None:
				bar.update(task, completed=done)
			yield day
	finally:
		if task is not None:
			bar.stop()
