"""Has every action that a contract's history can hold a name and a sentence?"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from subscription_mgmt.engine.activity import INTERNAL
from subscription_mgmt.history_words import happenings, history_labels, told
from subscription_mgmt.messages import sentences

PACKAGE = Path(__file__).resolve().parents[1] / "subscription_mgmt"
LABELS = history_labels(str)


def literals(tree: ast.AST) -> Iterator[str]:
	"""The codes that `….journal.noted(contract, "code")` and `what("code")` are called with."""
	for node in ast.walk(tree):
		if not isinstance(node, ast.Call):
			continue
		called = ast.unparse(node.func)
		position = 1 if called.endswith("journal.noted") else 0 if called == "what" else None
		if position is not None and len(node.args) > position:
			choices = ast.walk(node.args[position])
			yield from (each.value for each in choices if isinstance(each, ast.Constant) and each.value)


def recorded() -> list[str]:
	shipped = [path for path in PACKAGE.rglob("*.py") if "tests" not in path.relative_to(PACKAGE).parts]
	return sorted({code for path in shipped for code in literals(ast.parse(path.read_text()))} - {0})


def test_the_search_finds_notes_and_happenings():
	tree = ast.parse('ports.journal.noted(c, "held")\nwhat("a" if x else "b", "from")\nother("c")')
	assert list(literals(tree)) == ["held", "a", "b"]
	assert {"pack_added", "invoiced", "parked"} <= set(recorded())


@pytest.mark.parametrize("action", recorded())
def test_an_action_has_a_name_and_a_sentence(action: str):
	assert action in LABELS
	assert action in {**sentences(str), **happenings(str)}


@pytest.mark.parametrize("action", sorted(INTERNAL))
def test_what_is_internal_exists(action: str):
	assert action in recorded()


def test_names_and_sentences_are_translated():
	for words in (happenings, history_labels):
		assert all(each.startswith("«") for each in words(lambda text: f"«{text}").values())


def test_reasons_and_kinds_of_notices_are_worded():
	assert (
		told("deletion_waits", {"reasons": ["hold", "moon"]}) == "The deletion of the data waits: held, moon"
	)
	assert told("notice", {"kind": "renewal", "recipient": "a@b.c"}) == "Renewal notice sent to a@b.c"
	assert told("notice", {"kind": "moon"}) == "moon could not be sent: no e-mail address"
