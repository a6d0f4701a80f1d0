"""Does the page show what was simulated, at the right place, and nothing it should not?"""

from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from subscription_mgmt.simulation.page import MOST_DRAWN_TWICE, page
from subscription_mgmt.simulation.timeline_picture import NARROW, WIDE, timeline_picture
from subscription_mgmt.simulation.timeline_scale import ticks

SVG = "{http://www.w3.org/2000/svg}"
VOID = {"meta", "link", "br", "hr", "img", "input"}
HOSTILE = "<script>alert(1)</script>\"'& Co"
START, UNTIL = date(2026, 1, 1), date(2026, 12, 31)


def event(day: str, type: str, **fields: Any) -> dict[str, Any]:
	return {"at": f"{day}T00:10:00-04:00", "type": type, "customer": "Acme", "contract": "C1", **fields}


def line(kind: str, what: str, start: str, end: str, amount: str) -> dict[str, Any]:
	period = {"period_start": start, "period_end": end}
	return {"kind": kind, "what": what, "quantity": "1", "rate": amount, "amount": amount, **period}


def invoice(day: str, total: str, *lines: dict[str, Any], **fields: Any) -> dict[str, Any]:
	return event(day, "invoice", due_on=day, total=total, lines=list(lines), **fields)


YEAR = [
	event("2026-01-11", "contract", status="Active"),
	invoice("2026-01-11", "600.00", line("plan", "Basic", "2026-01-11", "2026-07-11", "600.00")),
	event("2026-01-13", "payment", amount="600.00"),
	invoice("2026-07-11", "600.00", line("plan", "Basic", "2026-07-11", "2027-01-11", "600.00")),
	event("2026-07-12", "contract", status="Past Due"),
	event("2026-07-21", "contract", status="Suspended"),
]


def result(events: list[dict[str, Any]], **summary: Any) -> dict[str, Any]:
	contracts = {"C1": {"status": "Suspended", "invoiced": "1200.00", "paid": "600.00"}} if events else {}
	return {
		"name": "A vendor",
		"start": START.isoformat(),
		"until": UNTIL.isoformat(),
		"currency": "EUR",
		"events": events,
		"summary": {"contracts": contracts, "customers": {}, "instances": {}, **summary},
	}


class Page(HTMLParser):
	"""Collects elements with their text; fails where an element is not closed."""

	def __init__(self, html: str) -> None:
		super().__init__()
		self.open: list[tuple[str, int]] = []
		self.elements: list[tuple[str, dict[str, str | None]]] = []
		self.texts: list[str] = []
		self.feed(html)
		assert not self.open, self.open

	def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
		self.elements.append((tag, dict(attrs)))
		self.texts.append("")
		if tag not in VOID:
			self.open.append((tag, len(self.texts) - 1))

	def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
		self.elements.append((tag, dict(attrs)))
		self.texts.append("")

	def handle_endtag(self, tag: str) -> None:
		opened, _ = self.open.pop()
		assert opened == tag, f"<{opened}> is closed by </{tag}>"

	def handle_data(self, data: str) -> None:
		for _, number in self.open:
			self.texts[number] += data

	def all(self, tag: str, **attributes: str) -> list[str]:
		"""Texts of the elements with this tag, in one line each."""
		wanted = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
		return [
			" ".join(text.split())
			for (name, has), text in zip(self.elements, self.texts, strict=True)
			if name == tag and wanted.items() <= has.items()
		]


def picture(events: list[dict[str, Any]], width: int = WIDE) -> Element:
	return ElementTree.fromstring(timeline_picture("C1", events, START, UNTIL, "EUR", width=width))


def lane(svg: Element, name: str) -> Element:
	return next(group for group in svg.iter(f"{SVG}g") if group.get("data-lane") == name)


def boxes(svg: Element, name: str) -> dict[str, tuple[float, float]]:
	"""Left edge and width of each segment of a lane, by its first day."""
	found = lane(svg, name).iter(f"{SVG}rect")
	return {box.get("data-from", ""): (float(box.get("x", "")), float(box.get("width", ""))) for box in found}


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_segments_lie_and_last_in_proportion_to_their_days(width: int):
	svg = picture(YEAR, width)
	plan, status = boxes(svg, "Plan"), boxes(svg, "Status")
	per_day = plan["2026-01-11"][1] / 181
	assert per_day == pytest.approx((plan["2026-07-11"][0] - plan["2026-01-11"][0]) / 181, rel=0.001)
	assert status["2026-01-11"] == pytest.approx((plan["2026-01-11"][0], 182 * per_day), abs=0.05)
	assert status["2026-07-12"][1] == pytest.approx(9 * per_day, abs=0.05)
	assert status["2026-07-21"][1] == pytest.approx(164 * per_day, abs=0.05)


def test_a_period_that_goes_on_after_the_last_day_is_cut_at_the_edge():
	left, width = boxes(picture(YEAR), "Plan")["2026-07-11"]
	status_left, status_width = boxes(picture(YEAR), "Status")["2026-07-21"]
	assert left + width == pytest.approx(status_left + status_width, abs=0.02)
	assert left + width < WIDE


def test_an_upgrade_cuts_the_old_plan_where_its_unused_part_was_credited():
	upgrade = invoice(
		"2026-03-01",
		"400.00",
		line("credit", "Basic", "2026-03-01", "2026-07-11", "-400.00"),
		line("plan", "Pro", "2026-03-01", "2026-07-11", "800.00"),
	)
	found = [box.get("data-to") for box in lane(picture([*YEAR[:2], upgrade]), "Plan").iter(f"{SVG}rect")]
	assert found == ["2026-03-01", "2026-07-11"]


def test_a_plan_ends_in_its_lane_where_the_next_begins_though_nothing_was_credited():
	change = invoice("2026-09-01", "250.00", line("plan", "Read only", "2026-09-01", "2027-03-01", "250.00"))
	plans = lane(picture([*YEAR, change]), "Plan")
	found = [box.get("data-to") for box in plans.iter(f"{SVG}rect")]
	assert found == ["2026-07-11", "2026-09-01", "2027-03-01"]
	assert plans.findall(f".//{SVG}title")[1].text == "Basic, 2026-07-11 to 2027-01-10: 600.00"


def test_short_periods_of_one_plan_share_one_label():
	months = [date(2026, number, 1).isoformat() for number in range(1, 8)]
	bills = [
		invoice(start, "29.00", line("plan", "Management suite", start, end, "29.00"))
		for start, end in pairwise(months)
	]
	labels = [text.text for text in lane(picture(bills), "Plan").iter(f"{SVG}text")]
	assert labels == ["Plan", "Management suite · 29.00"]


def test_the_last_status_of_a_day_counts():
	events = [event("2026-02-01", "contract", status=status) for status in ("Draft", "Trialling", "Active")]
	titles = [title.text for title in lane(picture(events), "Status").iter(f"{SVG}title")]
	assert titles == ["Active: 2026-02-01 to 2026-12-31"]


def test_invoices_and_payments_are_marked_on_their_days_with_their_amounts():
	svg = picture(YEAR)
	days = [marker.get("data-day") for marker in lane(svg, "Invoices").findall(f"{SVG}g")]
	labels = [text.text for text in lane(svg, "Invoices").iter(f"{SVG}text")]
	assert days == ["2026-01-11", "2026-07-11"]
	assert labels == ["Invoices", "600.00", "600.00"]
	assert [text.text for text in lane(svg, "Payments").iter(f"{SVG}text")] == ["Payments", "600.00"]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_labels_of_hundreds_of_invoices_do_not_overlap_and_each_invoice_has_a_tooltip(width: int):
	days = [date.fromordinal(START.toordinal() + number) for number in range(365)]
	markers = lane(picture([invoice(day.isoformat(), "1234.50") for day in days], width), "Invoices")
	titles = [title.text for title in markers.iter(f"{SVG}title")]
	assert len(titles) == 365
	assert titles[0] == "2026-01-01: Invoice of €1,234.50, due 2026-01-01"
	labels = [text for text in markers.iter(f"{SVG}text") if text.get("class") == "marker-name"]
	assert labels
	for row in {label.get("y") for label in labels}:
		middles = [float(label.get("x", "")) for label in labels if label.get("y") == row]
		assert all(right - left >= 8 * 5.5 for left, right in pairwise(middles))


def test_a_label_that_finds_no_room_beside_the_same_one_leaves_its_row_to_another():
	days = {"05-10": "reminder", "05-15": "reminder", "05-20": "restriction", "06-05": "deletion"}
	notices = lane(
		picture([event(f"2026-{day}", "notice", kind=kind) for day, kind in days.items()]), "Notices"
	)
	labels = [text for text in notices.iter(f"{SVG}text") if text.get("class") == "marker-name"]
	assert [label.text for label in labels] == ["reminder", "restriction", "deletion"]
	assert len({label.get("y") for label in labels}) == 2


def test_the_picture_is_told_in_words_too():
	svg = picture(YEAR)
	described = svg.findtext(f"{SVG}desc") or ""
	assert svg.findtext(f"{SVG}title") == "Timeline of C1"
	assert "Past Due from 2026-07-12." in described
	assert "Invoices: 2, together €1,200.00." in described


def test_deleted_data_is_marked_on_its_day():
	svg = picture([*YEAR, event("2026-09-01", "data_deleted", instance="a.example")])
	marks = [group.get("data-day") for group in svg.iter(f"{SVG}g") if group.get("class") == "deletion"]
	assert marks == ["2026-09-01"]


@pytest.mark.parametrize(
	("start", "end", "first", "last", "count"),
	[
		(date(2026, 1, 31), date(2026, 12, 31), date(2026, 2, 1), date(2026, 12, 1), 11),
		(date(2026, 1, 1), date(2031, 1, 1), date(2026, 1, 1), date(2030, 10, 1), 20),
		(date(2026, 1, 1), date(2026, 2, 1), date(2026, 1, 5), date(2026, 1, 26), 4),
		(date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 1), date(2026, 1, 1), 1),
	],
)
def test_the_axis_names_as_many_days_as_there_is_room_for(
	start: date, end: date, first: date, last: date, count: int
):
	days = ticks(start, end, 20)
	assert (days[0], days[-1], len(days)) == (first, last, count)


def test_a_hostile_customer_name_stays_text():
	events = [dict(event, customer=HOSTILE, contract=HOSTILE) for event in YEAR]
	html = page(result(events, contracts={HOSTILE: {"status": "Active", "invoiced": "1.00", "paid": "0.00"}}))
	parsed = Page(html)
	assert parsed.all("script") == []
	assert f"Timeline of {HOSTILE}" in parsed.all("title")
	assert any(HOSTILE in heading for heading in parsed.all("h2"))


def test_the_page_needs_nothing_from_elsewhere():
	parsed = Page(page(result(YEAR)))
	assert not [tag for tag, _ in parsed.elements if tag in ("link", "img", "script", "iframe")]
	assert not [
		has for _, has in parsed.elements if "src" in has or not str(has.get("href", "#")).startswith("#")
	]
	assert "url(" not in parsed.all("style")[0] and "@import" not in parsed.all("style")[0]


def test_the_page_has_totals_one_picture_per_width_and_every_event():
	parsed = Page(page(result(YEAR)))
	assert parsed.all("h1") == ["A vendor"]
	assert parsed.all("dd")[:3] == ["€1,200.00", "€600.00", "€600.00"]
	assert len(parsed.all("svg", class_="timeline")) == 2
	assert parsed.all("caption") == ["Overview", "Events of C1", "All events"]
	assert sum("Invoice of €600.00" in cell for cell in parsed.all("td", class_="what ev-invoice")) == 2 * 2


@pytest.mark.parametrize(
	("contracts", "drawn"),
	[
		(MOST_DRAWN_TWICE, ["picture wide", "picture narrow"] * MOST_DRAWN_TWICE),
		(MOST_DRAWN_TWICE + 1, ["picture only"] * (MOST_DRAWN_TWICE + 1)),
	],
)
def test_many_contracts_are_drawn_once_each_so_that_the_page_stays_small(contracts: int, drawn: list[str]):
	facts = {"status": "Active", "invoiced": "0.00", "paid": "0.00"}
	simulated = result([], contracts={f"C{number}": facts for number in range(contracts)})
	classes = [str(has.get("class")) for _, has in Page(page(simulated)).elements]
	assert [css for css in classes if css.startswith("picture")] == drawn


def test_ids_are_unique_and_every_label_and_link_finds_its_own():
	events = [*YEAR, *(dict(event, contract="C2") for event in YEAR)]
	attributes = [has for _, has in Page(page(result(events))).elements]
	ids = [has["id"] for has in attributes if "id" in has]
	wanted = [id for has in attributes for id in str(has.get("aria-labelledby") or "").split()]
	wanted += [str(has["href"]).lstrip("#") for has in attributes if "href" in has]
	assert len(ids) == len(set(ids))
	assert wanted and set(wanted) <= set(ids)


def test_what_a_customer_bought_without_a_contract_has_its_own_part():
	sale = invoice("2026-04-01", "120.00", contract=None, customer="Solo")
	headings = Page(page(result([*YEAR, sale]))).all("h2")
	assert headings == ["C1 Acme", "Solo without a contract"]


def test_an_event_of_an_unknown_type_is_shown():
	parsed = Page(page(result([event("2026-02-01", "drill_done", minutes=20)])))
	assert (
		parsed.all("td", class_="what ev-other") == ["Drill done: customer Acme, contract C1, minutes 20"] * 2
	)


def test_a_run_without_contracts_or_events_says_so():
	parsed = Page(page(result([])))
	assert parsed.all("p", class_="card empty") + parsed.all("p", class_="empty") == [
		"No contract was subscribed to in this span.",
		"Nothing happened between 2026-01-01 and 2026-12-31.",
	]


def test_a_contract_without_events_is_shown_with_an_empty_timeline():
	simulated = result([], contracts={"C9": {"status": "Active", "invoiced": "0.00", "paid": "0.00"}})
	parsed = Page(page(simulated))
	assert "Timeline of C9" in parsed.all("title")
	assert "Nothing happened on this contract." in parsed.all("p")
