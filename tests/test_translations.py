"""Is everything that a person reads translated into Spanish and French?"""

import ast
import csv
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "subscription_mgmt"
MODULE = PACKAGE / "subscription_mgmt"
LANGUAGES = ("es", "fr")
PLACEHOLDER = re.compile(r"\{\w*\}")
# Both quotes, text over several lines, but no string put together from parts.
IN_SCRIPT = re.compile(r"""\b__\(\s*(["'`])((?:\\.|(?!\1).)*)\1""", re.DOTALL)
# Several in one expression, in statements and in macros' arguments too.
IN_TEMPLATE = re.compile(r"""\b_\(\s*(["'])((?:\\.|(?!\1).)*)\1""", re.DOTALL)
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
READ_IN_A_FIELD = ("label", "description")
READ_IN_A_WORKSPACE = ("charts", "links", "number_cards", "shortcuts")
HAS_LETTERS = re.compile(r"[A-Za-z]{2}")
# A naming series is written, not read.
NOT_READ = re.compile(r"^[A-Z]+-\.")


def files(*patterns: str) -> Iterator[Path]:
	for pattern in patterns:
		yield from sorted(PACKAGE.rglob(pattern))


def in_python() -> Iterator[str]:
	"""Texts of `_("…")`, parts of which may stand on several lines."""
	for path in files("*.py"):
		for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
			if (
				isinstance(node, ast.Call)
				and isinstance(node.func, ast.Name)
				and node.func.id in ("_", "_lt")
			):
				if (
					node.args
					and isinstance(node.args[0], ast.Constant)
					and isinstance(node.args[0].value, str)
				):
					yield node.args[0].value


def in_scripts() -> Iterator[str]:
	for path in files("*.js"):
		for _quote, text in IN_SCRIPT.findall(path.read_text(encoding="utf-8")):
			yield text.replace('\\"', '"').replace("\\'", "'")


def in_templates() -> Iterator[str]:
	texts = [path.read_text(encoding="utf-8") for path in files("*.html", "*.md", "*.txt")]
	texts += [
		json.loads(path.read_text()).get("subject") or "" for path in MODULE.glob("notification/*/*.json")
	]
	for text in texts:
		for part in JINJA.findall(text):
			yield from (found for _quote, found in IN_TEMPLATE.findall(part))


def in_doctypes() -> Iterator[str]:
	for path in MODULE.glob("doctype/*/*.json"):
		doctype = json.loads(path.read_text(encoding="utf-8"))
		yield doctype["name"]
		yield doctype.get("description") or ""
		for field in doctype["fields"]:
			yield from (field.get(key) or "" for key in READ_IN_A_FIELD)
			if field["fieldtype"] == "Select":
				yield from (field.get("options") or "").split("\n")


def in_custom_fields() -> Iterator[str]:
	tree = ast.parse((PACKAGE / "custom_fields.py").read_text(encoding="utf-8"))
	for node in ast.walk(tree):
		if isinstance(node, ast.Dict):
			for key, value in zip(node.keys, node.values, strict=True):
				if (
					isinstance(key, ast.Constant)
					and key.value in READ_IN_A_FIELD
					and isinstance(value, ast.Constant)
				):
					yield value.value


def in_desk() -> Iterator[str]:
	"""Names of workspaces, their cards, shortcuts, charts and headings."""
	for path in MODULE.glob("workspace/*/*.json"):
		workspace = json.loads(path.read_text(encoding="utf-8"))
		yield workspace["label"]
		for part in READ_IN_A_WORKSPACE:
			for row in workspace[part]:
				yield row["label"]
				yield row.get("format") or ""
		for block in json.loads(workspace["content"]):
			if block["type"] == "header":
				yield re.sub(r"<[^>]+>", "", block["data"]["text"])
	for path in MODULE.glob("number_card/*/*.json"):
		yield json.loads(path.read_text(encoding="utf-8"))["label"]
	for path in [*MODULE.glob("dashboard_chart/*/*.json"), *MODULE.glob("report/*/*.json")]:
		yield json.loads(path.read_text(encoding="utf-8"))["name"]


SOURCES = {
	source.__name__.removeprefix("in_"): source
	for source in (in_python, in_scripts, in_templates, in_doctypes, in_custom_fields, in_desk)
}


def texts_of(source: str) -> set[str]:
	found = {text.strip() for text in SOURCES[source]()}
	return {text for text in found if HAS_LETTERS.search(text) and not NOT_READ.search(text)}


@cache
def rows(language: str) -> list[list[str]]:
	with (PACKAGE / "translations" / f"{language}.csv").open(encoding="utf-8", newline="") as file:
		return list(csv.reader(file))


def translations(language: str) -> dict[str, str]:
	return {row[0]: row[1] for row in rows(language)}


every_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.mark.parametrize("source", sorted(SOURCES))
def test_the_extraction_finds_texts(source: str):
	assert texts_of(source)


@every_language
@pytest.mark.parametrize("source", sorted(SOURCES))
def test_every_text_is_translated(language: str, source: str):
	assert sorted(texts_of(source) - set(translations(language))) == []


@every_language
def test_a_translation_keeps_the_placeholders(language: str):
	for text, translated in translations(language).items():
		assert sorted(PLACEHOLDER.findall(translated)) == sorted(PLACEHOLDER.findall(text)), text


@every_language
def test_a_row_has_a_text_and_its_translation_and_perhaps_a_context(language: str):
	for row in rows(language):
		assert len(row) in (2, 3) and row[0].strip() and row[1].strip(), row


@every_language
def test_no_text_is_translated_twice(language: str):
	keys = [(row[0], *row[2:]) for row in rows(language)]
	assert sorted({key for key in keys if keys.count(key) > 1}) == []


@every_language
def test_no_translation_is_left_over(language: str):
	used = set().union(*(texts_of(source) for source in SOURCES))
	assert sorted(set(translations(language)) - used) == []


def test_both_languages_translate_the_same_texts():
	spanish, french = (set(translations(language)) for language in LANGUAGES)
	assert spanish ^ french == set()
