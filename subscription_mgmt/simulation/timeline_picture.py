"""How does one contract's time look: status, periods charged, invoices, payments and notices on one axis?

The scale is by day. Colours are classes (`st-past-due`, `plan-0`, `kind-invoice`), which `page.html` defines.
Labels that would run into each other are left out; every shape tells its facts in its own <title>.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from subscription_mgmt.simulation.table import day_of, days_text, figure, kind_of, money, sentence

Event = Mapping[str, Any]

WIDE, NARROW = 960, 360
GUTTER, MARGIN, AXIS = 72, 10, 34
LETTER = 6.1  # average width of a letter of 11 units, a little generous
PACK_LANES = 4
PLAN_COLOURS = 4
LANES = {
	"invoice": "Invoices",
	"payment": "Payments",
	"account_credit": "Balance",
	"credits": "Credits",
	"notice": "Notices",
	"deletion_waits": "Notices",
	"rejected": "Notices",
	"parked": "Notices",
	"breach": "Notices",
}
SHORT_NOTICES = {"quota_80": "80 %", "quota_100": "100 %", "low_balance": "low", "too_few_credits": "too few"}


@dataclass(frozen=True)
class Span:
	"""Something that lasts from `start` up to, and without, `end`."""

	start: date
	end: date
	label: str
	title: str
	css: str
	what: str = ""


@dataclass(frozen=True)
class Marker:
	"""What happened on one day in one lane, together."""

	day: date
	label: str
	title: str
	css: str


@dataclass(frozen=True)
class Scale:
	"""Days to units of the picture: every day is equally wide."""

	start: date
	end: date
	left: float
	right: float

	@property
	def day_width(self) -> float:
		return (self.right - self.left) / (self.end - self.start).days

	def covers(self, day: date) -> bool:
		return self.start <= day < self.end

	def x(self, day: date) -> float:
		"""Where `day` begins; days outside are moved to the picture's edge."""
		inside = min(max(day, self.start), self.end)
		return round(self.left + (inside - self.start).days * self.day_width, 2)

	def middle(self, day: date) -> float:
		return round(min(self.x(day) + self.day_width / 2, self.right), 2)


@dataclass
class Canvas:
	"""A picture that grows downwards, lane by lane."""

	scale: Scale
	lanes: Element
	bottom: float = AXIS
	drawn: list[str] = field(default_factory=list)

	def lane(self, label: str, height: float, gap: float = 8) -> tuple[Element, float]:
		"""A new lane's group and the y of its top."""
		top = self.bottom + gap
		group = SubElement(self.lanes, "g", {"class": "lane", "data-lane": label})
		_text(group, GUTTER - 10, top + height / 2, _shortened(label, GUTTER - 10), "lane-name", "end")
		self.bottom = top + height
		self.drawn.append(label)
		return group, top


def timeline_picture(
	name: str,
	events: Sequence[Event],
	start: date,
	until: date,
	currency: str,
	*,
	width: int = WIDE,
	uid: str = "t",
) -> str:
	"""An SVG of `width` units. `until` is the last day, included; `uid` keeps ids on one page apart."""
	scale = Scale(start, until + timedelta(days=1), GUTTER, width - MARGIN)
	svg = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "class": "timeline", "role": "img"})
	svg.set("aria-labelledby", f"{uid}-title {uid}-desc")
	SubElement(svg, "title", {"id": f"{uid}-title"}).text = f"Timeline of {name}"
	SubElement(svg, "desc", {"id": f"{uid}-desc"}).text = described(events, start, until, currency)
	axis, deletions = SubElement(svg, "g", {"class": "axis"}), SubElement(svg, "g")
	canvas = Canvas(scale, SubElement(svg, "g", {"class": "lanes"}))
	_draw_lanes(canvas, events, currency)
	_draw_axis(axis, scale, canvas.bottom + 4)
	_draw_deletions(deletions, canvas, events)
	height = round(canvas.bottom + MARGIN, 1)
	svg.set("viewBox", f"0 0 {width} {height:g}")
	return ElementTree.tostring(svg, encoding="unicode")


def described(events: Sequence[Event], start: date, until: date, currency: str) -> str:
	"""The picture in words, for those who do not see it."""
	invoices = [Decimal(event["total"]) for event in events if event["type"] == "invoice"]
	payments = [Decimal(event["amount"]) for event in events if event["type"] == "payment"]
	statuses = [f"{event['status']} from {day_of(event)}" for event in events if event["type"] == "contract"]
	parts = [f"{start.isoformat()} to {until.isoformat()}.", *(f"{status}." for status in statuses)]
	parts.append(f"Invoices: {len(invoices)}, together {money(sum(invoices, Decimal()), currency)}.")
	parts.append(f"Payments: {len(payments)}, together {money(sum(payments, Decimal()), currency)}.")
	return " ".join(parts)


def _draw_lanes(canvas: Canvas, events: Sequence[Event], currency: str) -> None:
	statuses = list(state_spans(events, "contract", "status", "st", canvas.scale))
	if statuses:
		_draw_spans(canvas, "Status", statuses, 22)
	accesses = list(state_spans(events, "access", "mode", "ac", canvas.scale))
	if accesses:
		_draw_spans(canvas, "Access", accesses, 15)
	plans = charged_spans(events, "plan", currency)
	if plans:
		_draw_spans(canvas, "Plan", _coloured(plans), 24)
	for label, spans in _pack_lanes(charged_spans(events, "pack", currency)):
		_draw_spans(canvas, label, spans, 14, gap=4)
	for label, markers in markers_by_lane(events, currency).items():
		_draw_markers(canvas, label, markers)


def state_spans(events: Sequence[Event], type: str, key: str, css: str, scale: Scale) -> Iterator[Span]:
	"""How long each state held. The last state of a day is that day's; a state repeated goes on."""
	states = {_day(event): str(event[key]) for event in events if event["type"] == type}
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


def _coloured(spans: Sequence[Span]) -> list[Span]:
	"""One colour per plan, in order of appearance."""
	plans = list(dict.fromkeys(span.what for span in spans))
	return [replace(span, css=f"plan-{plans.index(span.what) % PLAN_COLOURS}") for span in spans]


def _pack_lanes(spans: Sequence[Span]) -> Iterator[tuple[str, list[Span]]]:
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


def markers_by_lane(events: Sequence[Event], currency: str) -> dict[str, list[Marker]]:
	"""One marker per day and lane, lanes in the order of `LANES`."""
	days: dict[tuple[str, date], list[Event]] = defaultdict(list)
	for event in events:
		if event["type"] in LANES:
			days[LANES[event["type"]], _day(event)].append(event)
	lanes: dict[str, list[Marker]] = {lane: [] for lane in LANES.values()}
	for (lane, day), together in sorted(days.items()):
		lanes[lane].append(_marker(day, together, currency))
	return {lane: markers for lane, markers in lanes.items() if markers}


def _marker(day: date, events: Sequence[Event], currency: str) -> Marker:
	title = "\n".join(f"{day.isoformat()}: {sentence(event, currency)}" for event in events)
	labels = list(dict.fromkeys(_label(event) for event in events))
	amounts = [event[AMOUNTS[event["type"]]] for event in events if event["type"] in AMOUNTS]
	label = figure(sum(map(Decimal, amounts)), currency) if amounts else ", ".join(labels)
	kinds = sorted({_marker_kind(event) for event in events}, key=MARKER_KINDS.index)
	return Marker(day, label, title, f"kind-{kinds[0]}")


AMOUNTS = {"invoice": "total", "payment": "amount", "account_credit": "change"}
MARKER_KINDS = ("rejected", "alarm", "notice", "news", "invoice", "payment", "status", "other")


def _marker_kind(event: Event) -> str:
	if event["type"] != "notice":
		return kind_of(event)
	if event["kind"] in ("restriction", "deletion", "blocked"):
		return "alarm"
	return "news" if event["kind"] in ("renewal", "new_balance", "out_of_hours") else "notice"


def _label(event: Event) -> str:
	if event["type"] == "notice":
		return SHORT_NOTICES.get(event["kind"], str(event["kind"]).replace("_", " "))
	if event["type"] == "credits":
		return str(event["balance"])
	return {"deletion_waits": "waits", "rejected": "refused"}.get(event["type"], str(event["type"]))


def _draw_spans(canvas: Canvas, label: str, spans: Sequence[Span], height: float, gap: float = 8) -> None:
	group, top = canvas.lane(label, height, gap)
	shown = [span for span in spans if span.end > canvas.scale.start and canvas.scale.end > span.start]
	for span in shown:
		left, right = canvas.scale.x(span.start), canvas.scale.x(span.end)
		shape = SubElement(group, "g", {"class": f"span {span.css}"})
		SubElement(shape, "title").text = span.title
		box = {"x": left, "y": top, "width": round(max(right - left, 1), 2), "height": height, "rx": 3}
		dates = {"data-from": span.start.isoformat(), "data-to": span.end.isoformat()}
		SubElement(shape, "rect", {key: f"{value:g}" for key, value in box.items()} | dates)
		if span.end > canvas.scale.end:
			_text(group, right + 2, top + height / 2, "›", "goes-on")
	for span, text in span_labels(shown, canvas.scale):
		shape = SubElement(group, "g", {"class": f"span {span.css}"})
		_text(shape, canvas.scale.x(span.start) + 7, top + height / 2, text, "span-name")


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


def _draw_markers(canvas: Canvas, label: str, markers: Sequence[Marker]) -> None:
	inside = [marker for marker in markers if canvas.scale.covers(marker.day)]
	placed = placed_labels(inside, canvas.scale)
	rows = max((row for row, _ in placed.values()), default=-1) + 1
	group, top = canvas.lane(label, 14 + 13 * rows, 10)
	group[0].set("y", f"{top + 7:g}")
	SubElement(
		group, "path", {"class": "rail", "d": f"M{canvas.scale.left:g} {top + 7:g}H{canvas.scale.right:g}"}
	)
	for marker in inside:
		x = canvas.scale.middle(marker.day)
		shape = SubElement(group, "g", {"class": f"marker {marker.css}", "data-day": marker.day.isoformat()})
		SubElement(shape, "title").text = marker.title
		SubElement(shape, "path", {"d": SHAPES.get(label, _triangle)(x, top + 7)})
		if marker.day in placed:
			row, middle = placed[marker.day]
			_text(shape, middle, top + 21 + 13 * row, marker.label, "marker-name", "middle")


def placed_labels(markers: Sequence[Marker], scale: Scale) -> dict[date, tuple[int, float]]:
	"""Row and middle of each label that finds room in one of two rows."""
	free, placed = [scale.left, scale.left], {}
	for marker in markers:
		half = len(marker.label) * LETTER / 2
		middle = min(max(scale.middle(marker.day), scale.left + half), scale.right - half)
		row = next((row for row in range(len(free)) if middle - half >= free[row]), None)
		if row is not None:
			free[row] = middle + half + 6
			placed[marker.day] = (row, round(middle, 2))
	return placed


def _square(x: float, y: float) -> str:
	return f"M{x - 4.5:g} {y - 6:g}h9v12l-2.25 -2l-2.25 2l-2.25 -2l-2.25 2z"


def _circle(x: float, y: float) -> str:
	return f"M{x - 5:g} {y:g}a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z"


def _triangle(x: float, y: float) -> str:
	return f"M{x:g} {y - 5.5:g}l5.5 10h-11z"


def _diamond(x: float, y: float) -> str:
	return f"M{x:g} {y - 6:g}l5.5 6l-5.5 6l-5.5 -6z"


SHAPES: dict[str, Callable[[float, float], str]] = {
	"Invoices": _square,
	"Payments": _circle,
	"Balance": _diamond,
	"Credits": _diamond,
	"Notices": _triangle,
}


def _draw_deletions(behind: Element, canvas: Canvas, events: Sequence[Event]) -> None:
	"""A line through all lanes, behind them, with its label below."""
	inside = [
		event for event in events if event["type"] == "data_deleted" and canvas.scale.covers(_day(event))
	]
	for event in inside:
		x = canvas.scale.middle(_day(event))
		group = SubElement(behind, "g", {"class": "deletion", "data-day": day_of(event)})
		SubElement(group, "title").text = f"{day_of(event)}: {sentence(event, '')}"
		SubElement(group, "path", {"d": f"M{x:g} {AXIS}V{canvas.bottom + 6:g}"})
		half = len("data deleted") * LETTER / 2
		middle = min(max(x, canvas.scale.left + half), canvas.scale.right - half)
		_text(group, middle, canvas.bottom + 13, "data deleted", "", "middle")
	if inside:
		canvas.bottom += 14


def ticks(start: date, end: date, room: int) -> list[date]:
	"""Days to name on the axis, about `room` at most: firsts of months; Mondays of a short span."""
	days = (end - start).days
	if days <= 45:
		step = 1 if days <= room else 7
		mondays = (start + timedelta(days=number) for number in range(days))
		return [day for day in mondays if step == 1 or day.weekday() == 0]
	firsts = list(_firsts(start, end))
	step = next((step for step in (1, 2, 3, 6, 12, 24, 60) if len(firsts) / step <= room), 120)
	return [day for day in firsts if (day.year * 12 + day.month - 1) % step == 0]


def _firsts(start: date, end: date) -> Iterator[date]:
	month = start.year * 12 + start.month - (1 if start.day == 1 else 0)
	while (day := date(month // 12, month % 12 + 1, 1)) < end:
		yield day
		month += 1


def _draw_axis(axis: Element, scale: Scale, bottom: float) -> None:
	days = ticks(scale.start, scale.end, int((scale.right - scale.left) / 44))
	is_short = (scale.end - scale.start).days <= 45
	years_at = {scale.start.year: scale.start} | {day.year: day for day in reversed(days)}
	for day in days:
		x = scale.x(day)
		kind = "tick year" if day.month == 1 and day.day == 1 else "tick"
		SubElement(
			axis, "path", {"class": kind, "d": f"M{x:g} {AXIS - 4}V{bottom:g}", "data-day": day.isoformat()}
		)
		_text(axis, x + 3, AXIS - 8, day.strftime("%d" if is_short else "%b"), "tick-name")
	free = 0.0
	for year, day in sorted(years_at.items()):
		label = day.strftime("%B %Y") if is_short else str(year)
		x = scale.x(max(day, scale.start)) + 3
		if x >= free and x + len(label) * LETTER <= scale.right:
			_text(axis, x, AXIS - 23, label, "year-name")
			free = x + len(label) * LETTER + 6
	line = f"M{scale.left:g} {AXIS}H{scale.right:g}"
	SubElement(axis, "path", {"class": "axis-line", "d": line})


def _text(parent: Element, x: float, y: float, text: str, css: str, anchor: str = "start") -> Element:
	place = {
		"x": f"{x:g}",
		"y": f"{y:g}",
		"class": css,
		"text-anchor": anchor,
		"dominant-baseline": "central",
	}
	element = SubElement(parent, "text", place)
	element.text = text
	return element


def _shortened(text: str, width: float) -> str:
	letters = int(width / LETTER)
	return text if len(text) <= letters else f"{text[: letters - 1]}…"


def _between(start: date, end: date) -> str:
	return days_text(start.isoformat(), end.isoformat())


def _day(event: Event) -> date:
	return date.fromisoformat(day_of(event))


def slug(state: str) -> str:
	"""`slug("Past Due")` → `past-due`, fit for a class name."""
	return "".join(letter if letter.isalnum() else "-" for letter in state.lower())
