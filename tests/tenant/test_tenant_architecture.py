"""Does the tenant's app stand by itself? It runs on customers' sites, where the vendor's app is not."""

import ast
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "tenant" / "subscription_tenant"
OF_FRAPPE = {
	"frappe",
	"click",
	"jinja2",
	"markupsafe",
	"pymysql",
	"rq",
	"werkzeug",
}  # with what Frappe itself installs
# Tried without a site; what imports Frappe is tried on one.
PURE = {"access.py", "answers.py", "fingerprint.py", "grants.py", "usage.py", "words.py"}
MOST_LINES = 200


def modules() -> list[Path]:
	return sorted(path for path in PACKAGE.rglob("*.py") if path.read_text(encoding="utf-8").strip())


def imports(path: Path) -> set[str]:
	names = set()
	for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
		if isinstance(node, ast.Import):
			names |= {alias.name.partition(".")[0] for alias in node.names}
		elif isinstance(node, ast.ImportFrom):
			assert node.level == 0, f"{path.name} imports relatively"
			names.add(node.module.partition(".")[0])
	return names - sys.stdlib_module_names - {"subscription_tenant"}


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.name)
def test_it_imports_frappe_and_nothing_of_the_vendor(path: Path) -> None:
	assert imports(path) <= OF_FRAPPE - ({"frappe"} if path.name in PURE else set())


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.name)
def test_every_file_is_short_and_opens_with_what_it_answers(path: Path) -> None:
	text = path.read_text(encoding="utf-8")
	assert len(text.splitlines()) <= MOST_LINES
	first = ast.get_docstring(ast.parse(text)).splitlines()[0]
	assert first.endswith((".", "?")) or "?" in first


def test_every_hook_names_something_that_is_there() -> None:
	tree = ast.parse((PACKAGE / "hooks.py").read_text(encoding="utf-8"))
	named = {
		node.value
		for node in ast.walk(tree)
		if isinstance(node, ast.Constant) and isinstance(node.value, str)
	}
	for path in (each for each in named if each.startswith("subscription_tenant.")):
		module, _, function = path.removeprefix("subscription_tenant.").rpartition(".")
		source = (PACKAGE / f"{module}.py").read_text(encoding="utf-8")
		assert f"\ndef {function}(" in source, path
