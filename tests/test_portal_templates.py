"""Can a page of the portal show what a person typed as something else than text? Frappe does not escape by itself."""

import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "subscription_mgmt"
PAGES = sorted((PACKAGE / "www" / "services").glob("*.html"))
TEMPLATES = [*PAGES, *sorted((PACKAGE / "templates" / "services").glob("*.html"))]
PARTS = re.compile(r"\{%-?\s*(autoescape true|endautoescape)\s*-?%\}|(\{\{.*?\}\})|<[^>]*\son\w+=", re.DOTALL)
# What is HTML on purpose: what a vendor wrote in Desk or a mail held, which was cleaned when it was stored, and the
# block of the page above.
RAW = re.compile(
	r"\{\{\s*(super\(\)|[\w.]*\bdescription \| safe|message\.message \| safe|build_version)\s*\}\}"
)

every_template = pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)


def unescaped(text: str) -> list[str]:
	"""Expressions outside `{% autoescape true %}`, or declared safe, and handlers in attributes."""
	inside, found = False, []
	for match in PARTS.finditer(text):
		mark, expression = match.groups()
		if mark:
			inside = mark == "autoescape true"
		elif expression is None or (not RAW.fullmatch(expression) and (not inside or "| safe" in expression)):
			found.append(match.group())
	return found


@every_template
def test_what_a_person_typed_is_shown_as_text(path: Path):
	assert unescaped(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
	("text", "count"),
	[
		("{{ name }}", 1),
		("{% autoescape true %}{{ name }}{% endautoescape %}", 0),
		("{% autoescape true %}{% endautoescape %}{{ name }}", 1),
		("{% autoescape true %}{{ name | safe }}{% endautoescape %}", 1),
		("{% autoescape true %}{{ plan.description | safe }}{% endautoescape %}", 0),
		('{% autoescape true %}<a onclick="x">{% endautoescape %}', 1),
	],
)
def test_the_guard_sees_what_is_not_escaped(text: str, count: int):
	assert len(unescaped(text)) == count


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_page_has_a_controller_that_is_made_by_the_portal(path: Path):
	controller = path.with_name(path.stem.replace("-", "_") + ".py").read_text(encoding="utf-8")
	assert re.search(r"^@(portal|public)_page\(", controller, re.MULTILINE)
	assert "no_cache = 1" in controller


@every_template
def test_every_field_that_is_seen_has_a_label(path: Path):
	text = path.read_text(encoding="utf-8")
	fields = re.findall(r"<(?:input|select|textarea)\b[^>]*>", text)
	labelled = set(re.findall(r"<label\b[^>]*\bfor=\"([^\"]+)\"", text))
	for field in fields:
		name = re.search(r"\bid=\"([^\"]+)\"", field)
		if 'type="hidden"' not in field and "aria-label" not in field:
			assert name and name.group(1) in labelled, field


@every_template
def test_a_form_sent_before_the_script_is_there_puts_nothing_into_the_address(path: Path):
	forms = re.findall(r"<form[^>]*data-method=[^>]*>", path.read_text(encoding="utf-8"))
	assert [form for form in forms if 'method="post"' not in form] == []
