"""What happened on single days of a contract's timeline, in which lane, and which label finds room?"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from subscription_mgmt.simulation.timeline_scale import LETTER, Scale
from subscription_mgmt.simulation.wording import Event, date_of, figure, kind_of, sentence

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
AMOUNTS = {"invoice": "total", "payment": "amount", "account_credit": "change"}
MARKER_KINDS = ("rejected", "alarm", "notice", "news", "invoice", "payment", "status", "other")


@dataclass(frozen=True)
class Marker:
	"""What happened on one day in one lane, together."""

	day: date
	label: str
	title: str
	css: str


def markers_by_lane(events: Sequence[Event], currency: str) -> dict[str, list[Marker]]:
	"""One marker per day and lane, lanes in the order of `LANES`."""
	days: dict[tuple[str, date], list[Event]] = defaultdict(list)
	for event in events:
		if event["type"] in LANES:
			days[LANES[event["type"]], date_of(event)].append(event)
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


def placed_labels(markers: Sequence[Marker], scale: Scale) -> dict[date, tuple[int, float]]:
	"""Row and middle of each label that finds room in one of two rows. The second row repeats nothing."""
	free, placed, before = [scale.left, scale.left], {}, ""
	for marker in markers:
		half = len(marker.label) * LETTER / 2
		middle = min(max(scale.middle(marker.day), scale.left + half), scale.right - half)
		rows = range(1 if marker.label == before else len(free))
		row = next((row for row in rows if middle - half >= free[row]), None)
		if row is not None:
			before = marker.label
			free[row] = middle + half + 6
			placed[marker.day] = (row, round(middle, 2))
	return placed
