"""How does one contract's time look: status, periods charged, invoices, payments and notices on one axis?

The scale is by day. Colours are classes (`st-past-due`, `plan-0`, `kind-invoice`), which `page.html` defines.
Labels that would run into each other are left out; every shape tells its facts in its own <title>.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from subscription_mgmt.simulation.timeline_markers import Marker, markers_by_lane, placed_labels
from subscription_mgmt.simulation.timeline_scale import LETTER, Scale, ticks
from subscription_mgmt.simulation.timeline_spans import (
	Span,
	charged_spans,
	coloured,
	in_turn,
	pack_lanes,
	span_labels,
	state_spans,
)
from subscription_mgmt.simulation.wording import Event, date_of, day_of, money, sentence

WIDE, NARROW = 960, 360
GUTTER, MARGIN, AXIS = 72, 10, 34


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
		_draw_spans(canvas, "Plan", coloured(in_turn(plans)), 24)
	for label, spans in pack_lanes(charged_spans(events, "pack", currency)):
		_draw_spans(canvas, label, spans, 14, gap=4)
	for label, markers in markers_by_lane(events, currency).items():
		_draw_markers(canvas, label, markers)


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
		_text(shape, canvas.scale.x(span.start) + 6, top + height / 2, text, "span-name")


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
		event for event in events if event["type"] == "data_deleted" and canvas.scale.covers(date_of(event))
	]
	for event in inside:
		x = canvas.scale.middle(date_of(event))
		group = SubElement(behind, "g", {"class": "deletion", "data-day": day_of(event)})
		SubElement(group, "title").text = f"{day_of(event)}: {sentence(event, '')}"
		SubElement(group, "path", {"d": f"M{x:g} {AXIS}V{canvas.bottom + 6:g}"})
		half = len("data deleted") * LETTER / 2
		middle = min(max(x, canvas.scale.left + half), canvas.scale.right - half)
		_text(group, middle, canvas.bottom + 13, "data deleted", "", "middle")
	if inside:
		canvas.bottom += 14


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
