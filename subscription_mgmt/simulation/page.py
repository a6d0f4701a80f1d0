"""How is a simulation shown to somebody who has only a browser? As one page that needs nothing else."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from subscription_mgmt.simulation.timeline_markers import LANES
from subscription_mgmt.simulation.timeline_picture import NARROW, WIDE, timeline_picture
from subscription_mgmt.simulation.timeline_spans import slug
from subscription_mgmt.simulation.wording import (
	Event,
	about,
	availability_text,
	backups_text,
	day_of,
	figure,
	kind_of,
	line_texts,
	money,
	sentence,
	time_of,
)

# So many pictures at most are drawn for a telephone too: a page stays small enough to be opened.
MOST_DRAWN_TWICE = 200
WIDTHS = {"wide": WIDE, "narrow": NARROW}
STATUSES = ("Trialling", "Active", "Past Due", "Suspended", "Ended", "Cancelled")


@dataclass(frozen=True)
class Amounts:
	invoiced: Decimal
	paid: Decimal
	currency: str

	@property
	def open(self) -> Decimal:
		return self.invoiced - self.paid

	@property
	def texts(self) -> Sequence[tuple[str, str]]:
		return [(label, money(amount, self.currency)) for label, amount in self._named()]

	@property
	def figures(self) -> Sequence[tuple[str, str]]:
		return [(label, figure(amount, self.currency)) for label, amount in self._named()]

	def _named(self) -> Sequence[tuple[str, Decimal]]:
		return [("Invoiced", self.invoiced), ("Paid", self.paid), ("Open", self.open)]


@dataclass(frozen=True)
class Row:
	"""An event as its table shows it. `day` is empty where the row above is of the same day."""

	day: str
	time: str
	about: str
	text: str
	kind: str
	lines: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Section:
	"""A contract, or what a customer has without one."""

	id: str
	name: str
	customer: str
	status: str
	amounts: Amounts
	pictures: Mapping[str, Markup]
	rows: Sequence[Row]

	@property
	def css(self) -> str:
		return f"st-{slug(self.status)}" if self.status else ""


def page(result: Mapping[str, Any]) -> str:
	"""The result of a simulation as HTML."""
	events, currency = result["events"], result["currency"]
	return _template().render(
		result=result,
		amounts=_amounts(events, currency),
		sections=list(sections(result)),
		rows=rows(events, currency),
		instances=_instances(result["summary"]),
		credits=_credits(result["summary"]),
		legend=_legend(events),
	)


@cache
def _template() -> Template:
	loader = FileSystemLoader(Path(__file__).parent)
	environment = Environment(
		loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
	)
	return environment.get_template("page.html")


def sections(result: Mapping[str, Any]) -> Iterator[Section]:
	"""Each contract, in order of appearance, then customers with sales or credits beside contracts."""
	contracts: dict[str, list[Event]] = defaultdict(list)
	others: dict[str, list[Event]] = defaultdict(list)
	for event in result["events"]:
		if event.get("contract"):
			contracts[event["contract"]].append(event)
		elif event.get("customer") and event["type"] in LANES:
			others[event["customer"]].append(event)
	summary = result["summary"].get("contracts", {})
	parts = [(name, contracts[name], summary.get(name, {})) for name in dict.fromkeys([*contracts, *summary])]
	parts += [(customer, events, {}) for customer, events in others.items()]
	widths = WIDTHS if len(parts) <= MOST_DRAWN_TWICE else {"only": WIDE}
	for number, (name, events, facts) in enumerate(parts, start=1):
		yield _section(number, name, events, facts, result, widths)


def _section(
	number: int,
	name: str,
	events: Sequence[Event],
	facts: Mapping[str, Any],
	result: Event,
	widths: Mapping[str, int],
) -> Section:
	currency = result["currency"]
	amounts = _amounts(events, currency)
	if facts:
		amounts = Amounts(Decimal(facts["invoiced"]), Decimal(facts["paid"]), currency)
	customer = next((str(event["customer"]) for event in events if event.get("customer")), "")
	return Section(
		id=f"section-{number}",
		name=name,
		customer="without a contract" if customer == name else customer,
		status=facts.get("status", ""),
		amounts=amounts,
		pictures=_pictures(number, name, events, result, widths),
		rows=rows(events, currency),
	)


def _pictures(
	number: int, name: str, events: Sequence[Event], result: Event, widths: Mapping[str, int]
) -> Mapping[str, Markup]:
	"""The picture in each width; the style sheet shows the one that suits the screen."""
	start, until = date.fromisoformat(result["start"]), date.fromisoformat(result["until"])

	def picture(label: str, width: int) -> Markup:
		uid = f"{label}-{number}"
		# ElementTree has escaped every name in it.
		return Markup(timeline_picture(name, events, start, until, result["currency"], width=width, uid=uid))

	return {label: picture(label, width) for label, width in widths.items()}


def rows(events: Sequence[Event], currency: str) -> list[Row]:
	days = ["", *map(day_of, events)]
	return [
		Row(
			day=day_of(event) if day_of(event) != before else "",
			time=time_of(event),
			about=about(event),
			text=sentence(event, currency),
			kind=kind_of(event),
			lines=[line_texts(line, currency) for line in event.get("lines") or ()],
		)
		for before, event in zip(days, events, strict=False)
	]


def _amounts(events: Sequence[Event], currency: str) -> Amounts:
	invoiced = sum((Decimal(event["total"]) for event in events if event["type"] == "invoice"), Decimal())
	paid = sum((Decimal(event["amount"]) for event in events if event["type"] == "payment"), Decimal())
	return Amounts(invoiced, paid, currency)


def _instances(summary: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
	return [
		(name, facts.get("mode") or "", backups_text(facts), availability_text(facts))
		for name, facts in summary.get("instances", {}).items()
	]


def _credits(summary: Mapping[str, Any]) -> list[tuple[str, Any]]:
	customers = summary.get("customers", {})
	return [(name, facts["credits"]) for name, facts in customers.items() if facts.get("credits")]


def _legend(events: Sequence[Event]) -> Mapping[str, Sequence[str]]:
	"""Only what the pictures show: statuses, access modes and kinds of markers."""
	seen = {event.get("status") for event in events if event["type"] == "contract"}
	modes = dict.fromkeys(str(event["mode"]) for event in events if event["type"] == "access")
	lanes = dict.fromkeys(LANES.values())
	drawn = {LANES[event["type"]] for event in events if event["type"] in LANES}
	return {
		"statuses": [status for status in STATUSES if status in seen],
		"modes": list(modes),
		"lanes": [lane for lane in lanes if lane in drawn],
	}
