"""Does the package keep its one direction, jobs / api → services → engine, and the rules of the house?

Read from the source alone: nothing here imports frappe, or a module that does.
"""

import ast
import re
import string
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from subscription_mgmt.messages import sentences

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "subscription_mgmt"
APP = "subscription_mgmt"
FRAPPE = ("frappe", "erpnext", "pypika")

PORTS = tuple(
	f"{APP}.services.{name}"
	for name in ("ports", "support_ports", "hosting_ports", "backup_ports", "offer_ports")
)
# What each layer may import besides the standard library. A file of its own comes before its folder.
MAY_IMPORT = {
	"engine": (f"{APP}.engine",),
	"services": (f"{APP}.engine", f"{APP}.services"),
	**{
		f"adapters/{path.name}": (f"{APP}.engine", *PORTS, f"{APP}.adapters.memory")
		for path in (PACKAGE / "adapters").glob("memory*.py")
	},
	# What speaks to second places, and encrypts for them: needs no site.
	**{
		f"adapters/{name}.py": (
			*(f"{APP}.engine", *PORTS, f"{APP}.adapters.store_places", f"{APP}.adapters.streams"),
			*packages,
		)
		for name, packages in (
			("folder_store", ()),
			("sftp_store", ("paramiko",)),
			("s3_store", ("boto3", "botocore")),
			("encryption", ("pyrage",)),
		)
	},
	"adapters": (
		f"{APP}.engine",
		*PORTS,
		f"{APP}.adapters",
		f"{APP}.messages",
		f"{APP}.history_words",
		f"{APP}.refusals",
		f"{APP}.licence_key",
		"cryptography",
		*FRAPPE,
	),
	"messages.py": (
		f"{APP}.engine",
		f"{APP}.backup_messages",
		f"{APP}.hosting_messages",
		f"{APP}.offer_messages",
		f"{APP}.support_messages",
		f"{APP}.usage_messages",
	),
	"hosting_messages.py": (),
	"backup_messages.py": (),
	"offer_messages.py": (),
	"usage_messages.py": (),
	"support_messages.py": (),
	"history_words.py": (f"{APP}.messages",),
	# A customer's system verifies its licence with these, and nothing else of the app.
	"licence_key.py": (f"{APP}.engine", "jwt", "cryptography"),
	"verify_licence.py": (f"{APP}.engine", f"{APP}.messages", f"{APP}.licence_key"),
}
MEMORY = tuple(f"adapters.{path.stem}" for path in (PACKAGE / "adapters").glob("memory*.py"))
SIMULATION_MAY_IMPORT = ("engine", "services", *MEMORY, "messages", "simulation")
# Standard library that reads or writes something, or rolls dice.
IMPURE = {
	*("asyncio", "ctypes", "glob", "http", "io", "logging", "multiprocessing", "os", "pathlib", "random"),
	*("secrets", "shutil", "socket", "sqlite3", "ssl", "subprocess", "sys", "tempfile", "threading", "time"),
	*("urllib", "uuid"),
}
MOST_LINES = 300
# A sentence; a place to look or a command line may follow it.
OPENING = re.compile(r"\w.*[?.]( \(.+\)| `.+`)?$")


@dataclass(frozen=True)
class Module:
	path: str
	text: str

	@property
	def tree(self) -> ast.Module:
		return _parsed(self.text)

	def __str__(self) -> str:
		return self.path


@cache
def _parsed(text: str) -> ast.Module:
	return ast.parse(text)


def modules(under: str = "") -> list[Module]:
	"""The package's modules that hold anything, by path within it."""
	paths = [PACKAGE / under] if under.endswith(".py") else sorted((PACKAGE / under).rglob("*.py"))
	found = [Module(str(path.relative_to(PACKAGE)), path.read_text(encoding="utf-8")) for path in paths]
	return [module for module in found if module.text.strip()]


def imports(module: Module) -> Iterator[str]:
	"""Full names imported anywhere in the module, in functions too."""
	package = f"{APP}.{module.path}".removesuffix(".py").replace("/", ".").split(".")
	for node in ast.walk(module.tree):
		if isinstance(node, ast.Import):
			yield from (alias.name for alias in node.names)
		elif isinstance(node, ast.ImportFrom):
			origin = [*package[: -node.level], *filter(None, [node.module])] if node.level else [node.module]
			yield from (".".join([*origin, alias.name]) for alias in node.names)


def is_within(name: str, allowed: tuple[str, ...]) -> bool:
	return any(name == each or name.startswith(f"{each}.") for each in allowed)


def is_standard(name: str) -> bool:
	return name.split(".")[0] in sys.stdlib_module_names


def clock_reads(module: Module) -> list[str]:
	"""`date.today()`, `datetime.now()`, `utcnow()`, `time.time()` and the like, by whatever name."""
	calls = [node.func for node in ast.walk(module.tree) if isinstance(node, ast.Call)]
	named = {"today", "now", "utcnow", "now_datetime", "nowdate"}
	timers = {"time", "monotonic", "perf_counter", "localtime", "gmtime"}
	reads = [call for call in calls if isinstance(call, ast.Attribute) and call.attr in named]
	reads += [call for call in calls if isinstance(call, ast.Name) and call.id in named]
	reads += [
		call
		for call in calls
		if isinstance(call, ast.Attribute)
		and call.attr in timers
		and isinstance(call.value, ast.Name)
		and call.value.id == "time"
	]
	return [f"{module}:{call.lineno}" for call in reads]


def calls_of(module: Module, *names: str) -> list[str]:
	"""Where the module calls a method or function of one of these names."""
	return [
		f"{module}:{node.lineno}"
		for node in ast.walk(module.tree)
		if isinstance(node, ast.Call)
		and (getattr(node.func, "attr", None) in names or getattr(node.func, "id", None) in names)
	]


SQL = re.compile(
	r"\s*(select\s.+\sfrom|insert\s+into|update\s+\S+\s+set|delete\s+from)\s", re.IGNORECASE | re.DOTALL
)


def sql_strings(module: Module) -> list[str]:
	return [
		f"{module}:{node.lineno}"
		for node in ast.walk(module.tree)
		if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value)
	]


def hand_written(text: str) -> list[str]:
	"""The lines without those Frappe writes between its own marks."""
	marked = re.compile(r"^\s*# begin: auto-generated types$.*?^\s*# end: auto-generated types$", re.M | re.S)
	return marked.sub("", text).splitlines()


@dataclass(frozen=True)
class Refusal:
	"""One place where a code is raised or noted, and the figures given with it."""

	where: str
	code: str
	figures: frozenset[str]
	others: bool

	def __str__(self) -> str:
		return f"{self.where} {self.code}"


def refusals(module: Module) -> Iterator[Refusal]:
	"""Every `DomainError("code", …)` and `noted(contract, "code", …)`; a choice of two codes is two."""
	for node in ast.walk(module.tree):
		if not isinstance(node, ast.Call):
			continue
		name = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
		position = {"DomainError": 0, "noted": 1}.get(name or "")
		if position is None or len(node.args) <= position:
			continue
		figures = frozenset(keyword.arg for keyword in node.keywords if keyword.arg)
		others = any(keyword.arg is None for keyword in node.keywords)
		for code in _codes(node.args[position]):
			yield Refusal(f"{module}:{node.lineno}", code, figures, others)


def _codes(node: ast.expr) -> list[str]:
	if isinstance(node, ast.IfExp):
		return [*_codes(node.body), *_codes(node.orelse)]
	return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


SHIPPED = [module for module in modules() if not module.path.startswith("tests/")]
REFUSALS = [refusal for module in SHIPPED for refusal in refusals(module)]
SENTENCES = sentences(str)


def placeholders(code: str) -> set[str]:
	return {name for _, name, _, _ in string.Formatter().parse(SENTENCES[code]) if name is not None}


@pytest.mark.parametrize("layer", MAY_IMPORT)
def test_a_layer_imports_only_what_lies_below_it(layer: str):
	# A file with a rule of its own is not judged by its folder's.
	judged = [module for module in modules(layer) if layer.endswith(".py") or module.path not in MAY_IMPORT]
	assert judged
	strays = [
		f"{module}: {name}"
		for module in judged
		for name in imports(module)
		if not is_standard(name) and not is_within(name, MAY_IMPORT[layer])
	]
	assert strays == []


def test_the_engine_neither_reads_nor_writes_anything():
	impure = [
		f"{m}: {name}" for m in modules("engine") for name in imports(m) if name.split(".")[0] in IMPURE
	]
	assert impure == []
	assert [call for module in modules("engine") for call in calls_of(module, "open", "print", "input")] == []


@pytest.mark.parametrize(
	"layer", ["engine", "services", "simulation", *(f"{each.replace('.', '/')}.py" for each in MEMORY)]
)
def test_nothing_reads_the_clock_but_the_edge(layer: str):
	assert [read for module in modules(layer) for read in clock_reads(module)] == []


def test_services_never_commit():
	calls = [
		call for module in modules("services") for call in calls_of(module, "commit", "rollback", "savepoint")
	]
	assert calls == []


def test_the_simulation_needs_no_site():
	allowed = tuple(f"{APP}.{name}" for name in SIMULATION_MAY_IMPORT)
	strays = [
		f"{module}: {name}"
		for module in modules("simulation")
		for name in imports(module)
		if is_within(name, FRAPPE) or (is_within(name, (APP,)) and not is_within(name, allowed))
	]
	assert strays == []


def test_there_is_no_sql_outside_the_adapters():
	outside = [module for module in SHIPPED if not module.path.startswith("adapters/")]
	assert [call for module in outside for call in calls_of(module, "sql", "sql_ddl", "multisql")] == []
	assert [text for module in outside for text in sql_strings(module)] == []


@pytest.mark.parametrize("module", SHIPPED, ids=str)
def test_a_module_opens_with_the_question_it_answers(module: Module):
	opening = (ast.get_docstring(module.tree) or "").partition("\n")[0]
	assert OPENING.search(opening), f"{module} opens with {opening!r}"


def test_no_module_is_longer_than_a_person_reads():
	lengths = {module.path: len(hand_written(module.text)) for module in SHIPPED}
	assert {path: lines for path, lines in lengths.items() if lines > MOST_LINES} == {}


@pytest.mark.parametrize("refusal", REFUSALS, ids=str)
def test_every_refusal_has_a_sentence_that_its_figures_can_fill(refusal: Refusal):
	assert refusal.code in SENTENCES
	if not refusal.others:
		assert placeholders(refusal.code) <= refusal.figures


def test_no_sentence_is_left_over():
	"""A code is named somewhere, or made of a beginning that is: `f"waits_{reason}"`."""
	nodes = [
		node
		for each in SHIPPED
		if not each.path.endswith(("messages.py", "history_words.py"))
		for node in ast.walk(each.tree)
	]
	made = {node.values[0] for node in nodes if isinstance(node, ast.JoinedStr)}
	texts = {
		node: node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)
	}
	beginnings = tuple(texts[node] for node in made if node in texts and texts[node].endswith("_"))
	named = set(texts.values())
	assert [code for code in SENTENCES if code not in named and not code.startswith(beginnings)] == []


def test_every_sentence_is_translated():
	assert all(sentence.startswith("«") for sentence in sentences(lambda text: f"«{text}").values())


# The guards themselves: each must see what it is there to see.


def a_module(text: str, path: str = "engine/sample.py") -> Module:
	return Module(path, text)


@pytest.mark.parametrize(
	("text", "expected"),
	[
		("import frappe.utils", ["frappe.utils"]),
		("def f():\n\tfrom frappe import _", ["frappe._"]),
		("from subscription_mgmt import adapters", [f"{APP}.adapters"]),
		("from ..adapters import memory", [f"{APP}.adapters.memory"]),
		("from . import money", [f"{APP}.engine.money"]),
		("if True:\n\timport os, time", ["os", "time"]),
	],
)
def test_the_guard_sees_an_import_wherever_it_is(text: str, expected: list[str]):
	assert list(imports(a_module(text))) == expected


@pytest.mark.parametrize(
	("text", "reads"),
	[
		("date.today()", 1),
		("datetime.datetime.now(timezone.utc)", 1),
		("datetime.utcnow()", 1),
		("time.time()", 1),
		("frappe.utils.nowdate()", 1),
		("now_datetime()", 1),
		("time(6, 0)", 0),
		("today - start", 0),
		("bill(name, today=today)", 0),
	],
)
def test_the_guard_sees_the_clock_being_read(text: str, reads: int):
	assert len(clock_reads(a_module(text))) == reads


@pytest.mark.parametrize(
	("text", "found"),
	[
		('"select name from tabItem"', 1),
		('"""\n\tUPDATE tabItem\n\tSET a = 1 """', 1),
		('"delete from tabItem "', 1),
		('"Select one of the plans"', 0),
		('"Update the prices, then set a day"', 0),
	],
)
def test_the_guard_sees_sql(text: str, found: int):
	assert len(sql_strings(a_module(text))) == found


def test_the_guard_sees_both_codes_of_a_choice_and_the_journals():
	text = 'DomainError("a" if x else "b", day=1)\nports.journal.noted(c, "d", **f)\nDomainError(code)'
	found = {(refusal.code, refusal.figures, refusal.others) for refusal in refusals(a_module(text))}
	day = frozenset({"day"})
	assert found == {("a", day, False), ("b", day, False), ("d", frozenset(), True)}


def test_the_guard_leaves_out_what_frappe_writes():
	text = "a\n\t# begin: auto-generated types\n\tb\n\tc\n\t# end: auto-generated types\nd\n"
	assert [line for line in hand_written(text) if line] == ["a", "d"]


def test_the_page_on_architecture_names_files_that_are_there():
	named = set(
		re.findall(
			r"`((?:engine|services|adapters|jobs|events|simulation)/\w+\.py)`",
			(ROOT / "ARCHITECTURE.md").read_text(),
		)
	)
	assert len(named) > 20
	assert [name for name in sorted(named) if not (PACKAGE / name).exists()] == []
