"""What lasts on a contract's timeline, from when until when: states, and periods charged for plans and packs?"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from subscription_mgmt.simulation.timeline_scale import LETTER, Scale
from subscription_mgmt.simulation.wording import Event, date_of, days_text, figure

PACK_LANES = 4
PLAN_COLOURS = 4


@dataclass(frozen=True)
class Span:
	"""Something that lasts from `start` up to, and without, `end`."""

	start: date
	end: date
	label: str
	title: str
	css: str
	what: str = ""


def state_spans(events: Sequence[Event], type: str, key: str, css: str, scale: Scale) -> Iterator[Span]:
	"""How long each state held. The last state of a day is that day's; a state repeated goes on."""
	states = {date_of(event): str(event[key]) for event in events if event["type"] == type}
	changes: list[tuple[date, str]] = []
	for day, state in sorted(states.items()):
		if not changes or changes[-1][1] != state:
			changes.append((day, state))
	for (start, state), (end, _) in pairwise([*changes, (scale.end, "")]):
		if start < end:
			yield Span(start, end, state, f"{state}: {_between(start, end)}", f"{css}-{slug(state)}")


def charged_spans(events: Sequence[Event], kind: str, currency: str) -> list[Span]:
	"""Periods charged on invoices, each cut off where its unused part was credited."""
	spans: list[Span] = []
	for event in events:
		lines = event["lines"] if event["type"] == "invoice" else ()
		for line in sorted(lines, key=lambda line: line["kind"] != "credit"):
			if not (line.get("period_start") and line.get("period_end")):
				continue
			if line["kind"] == "credit":
				spans = list(_without(spans, _what(line), date.fromisoformat(line["period_start"])))
			elif line["kind"] == kind:
				spans.append(_charged(line, kind, currency))
	return spans


def _charged(line: Event, kind: str, currency: str) -> Span:
	start, end = date.fromisoformat(line["period_start"]), date.fromisoformat(line["period_end"])
	amount = figure(line["amount"], currency)
	title = f"{_what(line)}, {_between(start, end)}: {amount}"
	label = f"{line['what']} · {amount}" if kind == "plan" else _what(line)
	return Span(start, end, label, title, kind, _what(line))


def _without(spans: Iterable[Span], what: str, day: date) -> Iterator[Span]:
	for span in spans:
		if span.what != what or span.end <= day:
			yield span
		elif span.start < day:
			yield replace(span, end=day, title=f"{span.title}, unused from {day.isoformat()}")


def _what(line: Event) -> str:
	return f"{line['what']} ({line['module']})" if line.get("module") else str(line["what"])


def in_turn(spans: Sequence[Span]) -> list[Span]:
	"""Each ends where the next begins at the latest: a contract has one plan at a time."""
	ends = [*(span.start for span in spans[1:]), date.max]
	return [
		replace(span, end=min(span.end, end)) if end >= span.start else span
		for span, end in zip(spans, ends, strict=True)
	]


def coloured(spans: Sequence[Span]) -> list[Span]:
	"""One colour per plan, in order of appearance."""
	plans = list(dict.fromkeys(span.what for span in spans))
	return [replace(span, css=f"plan-{plans.index(span.what) % PLAN_COLOURS}") for span in spans]


def pack_lanes(spans: Sequence[Span]) -> Iterator[tuple[str, list[Span]]]:
	"""A lane per pack; from the fourth on, one lane together."""
	lanes: dict[str, list[Span]] = defaultdict(list)
	for span in spans:
		lanes[span.what].append(span)
	kept = PACK_LANES if len(lanes) <= PACK_LANES else PACK_LANES - 1
	for number, what in enumerate(list(lanes)[:kept]):
		yield "Packs" if number == 0 else "", lanes[what]
	rest = [replace(span, label="") for what in list(lanes)[kept:] for span in lanes[what]]
	if rest:
		yield f"{len(lanes) - kept} more", rest


def span_labels(spans: Sequence[Span], scale: Scale) -> Iterator[tuple[Span, str]]:
	"""A label in each span, or one for a row of spans of the same thing that are too short for its name."""
	for row in _rows_of_the_same(spans):
		name = row[0].label.split(" · ")[0]
		if any(_fits(name, span, scale) for span in row):
			places = [(span, (span.label, name, span.label.split(" · ")[-1])) for span in row]
		else:
			is_same = len({span.label for span in row}) == 1
			places = [(replace(row[0], end=row[-1].end), (row[0].label if is_same else name, name))]
		for span, texts in places:
			text = next((text for text in texts if text and _fits(text, span, scale)), None)
			if text:
				yield span, text


def _fits(text: str, span: Span, scale: Scale) -> bool:
	return len(text) * LETTER + 10 <= scale.x(span.end) - scale.x(span.start)


def _rows_of_the_same(spans: Sequence[Span]) -> Iterator[list[Span]]:
	row: list[Span] = []
	for span in spans:
		if row and (row[-1].end, row[-1].what or row[-1].label) != (span.start, span.what or span.label):
			yield row
			row = []
		row.append(span)
	if row:
		yield row


def _between(start: date, end: date) -> str:
	return days_text(start.isoformat(), end.isoformat())


def slug(state: str) -> str:
	"""`slug("Past Due")` → `past-due`, fit for a class name."""
	return "".join(letter if letter.isalnum() else "-" for letter in state.lower())
