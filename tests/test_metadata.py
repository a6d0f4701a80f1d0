"""Do the DocType files agree with each other, with the hooks and with the engine?"""

import ast
import json
import re
import runpy
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from subscription_mgmt.engine.access import MODE_MOVES
from subscription_mgmt.engine.access_grants import GRANT_MOVES, GrantStatus
from subscription_mgmt.engine.backup_runs import BACKUP_MOVES, BackupStatus
from subscription_mgmt.engine.contracts import MOVES, Status
from subscription_mgmt.engine.operations import OPERATION_MOVES, Kind, State
from subscription_mgmt.engine.restore_runs import RESTORE_MOVES, RestoreStatus
from subscription_mgmt.engine.routing import Route
from subscription_mgmt.engine.tickets import TICKET_MOVES, TicketStatus
from subscription_mgmt.engine.training import SESSION_MOVES, SessionStatus

PACKAGE = Path(__file__).resolve().parents[1] / "subscription_mgmt"
DOCTYPES = PACKAGE / "subscription_mgmt" / "doctype"

# DocTypes of Frappe and ERPNext that ours link to.
BORROWED = {
	"Address",
	"Company",
	"Contact",
	"Country",
	"Currency",
	"Customer",
	"DocType",
	"Email Template",
	"File",
	"Holiday List",
	"Item",
	"Item Group",
	"Language",
	"Payment Entry",
	"Payment Terms Template",
	"Quotation",
	"Role",
	"Sales Invoice",
	"User",
}
# Names of Frappe, ERPNext and its HR app that ours could be mistaken for. DocType names are global on a site.
TAKEN = BORROWED | {
	"Access Log",
	"Activity Log",
	"Contract",
	"Contract Template",
	"Dunning",
	"Dunning Type",
	"Issue",
	"Item Price",
	"Packed Item",
	"Packing Slip",
	"Price List",
	"Process Subscription",
	"Service Day",
	"Service Level Agreement",
	"Service Level Priority",
	"Subscription",
	"Subscription Invoice",
	"Subscription Plan",
	"Subscription Plan Detail",
	"Subscription Settings",
	"Support Settings",
	"Training Event",
	"Training Program",
}
LEDGERS = {"Access Grant Look", "Contract Charge", "Billing Run", "Subscription Activity", "Support Credit"}
LAYOUT = {"Section Break", "Column Break", "Tab Break", "HTML"}
ROLES = {"System Manager", "Subscription Manager", "Subscription User", "Customer"}
PARENT_FIELDS = {"parent", "parentfield", "parenttype"}


def scrubbed(name: str) -> str:
	return name.replace(" ", "_").replace("-", "_").lower()


def class_name(name: str) -> str:
	return name.replace(" ", "").replace("-", "")


@cache
def doctypes() -> dict[str, dict[str, Any]]:
	"""Every DocType by the name of its folder."""
	folders = sorted(path for path in DOCTYPES.iterdir() if (path / f"{path.name}.json").exists())
	return {path.name: json.loads((path / f"{path.name}.json").read_text()) for path in folders}


def ours() -> set[str]:
	return {doctype["name"] for doctype in doctypes().values()}


def fields_of(doctype: dict[str, Any]) -> dict[str, dict[str, Any]]:
	"""The fields that hold a value, by name."""
	return {field["fieldname"]: field for field in doctype["fields"] if field["fieldtype"] not in LAYOUT}


def controller(folder: str) -> ast.ClassDef:
	tree = ast.parse((DOCTYPES / folder / f"{folder}.py").read_text())
	wanted = class_name(doctypes()[folder]["name"])
	found = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == wanted]
	assert found, f"{folder}.py has no class {wanted}"
	return found[0]


def annotated(body: ast.ClassDef) -> set[str]:
	blocks = [node for node in body.body if isinstance(node, ast.If)]
	assert blocks, f"{body.name} has no block of annotations"
	return {
		node.target.id
		for node in blocks[0].body
		if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
	}


def hooks() -> dict[str, Any]:
	return runpy.run_path(str(PACKAGE / "hooks.py"))


every_doctype = pytest.mark.parametrize("folder", sorted(doctypes()))


def test_every_folder_with_a_controller_has_its_doctype():
	folders = {path.name for path in DOCTYPES.iterdir() if path.is_dir() and list(path.glob("*.py"))}
	assert folders == set(doctypes())


def test_the_module_is_listed():
	assert "Subscription Mgmt" in (PACKAGE / "modules.txt").read_text().splitlines()


@every_doctype
def test_folder_name_module_and_class_agree(folder: str):
	doctype = doctypes()[folder]
	assert doctype["doctype"] == "DocType"
	assert doctype["module"] == "Subscription Mgmt"
	assert scrubbed(doctype["name"]) == folder
	assert (DOCTYPES / folder / "__init__.py").exists()
	assert controller(folder)


@every_doctype
def test_a_controller_opens_with_a_question(folder: str):
	docstring = ast.get_docstring(ast.parse((DOCTYPES / folder / f"{folder}.py").read_text())) or ""
	assert "?" in docstring.splitlines()[0]


@every_doctype
def test_a_controller_annotates_exactly_its_fields(folder: str):
	doctype = doctypes()[folder]
	expected = set(fields_of(doctype)) | (PARENT_FIELDS if doctype.get("istable") else set())
	assert annotated(controller(folder)) == expected


@every_doctype
def test_field_order_lists_each_field_once(folder: str):
	doctype = doctypes()[folder]
	names = [field["fieldname"] for field in doctype["fields"]]
	assert names == doctype["field_order"]
	assert len(names) == len(set(names))


@every_doctype
def test_every_field_has_a_label(folder: str):
	unlabelled = [name for name, field in fields_of(doctypes()[folder]).items() if not field.get("label")]
	assert unlabelled == []


@every_doctype
def test_links_lead_to_doctypes_that_exist(folder: str):
	fields = fields_of(doctypes()[folder])
	links = {name: field["options"] for name, field in fields.items() if field["fieldtype"] == "Link"}
	astray = {name: target for name, target in links.items() if target not in ours() | BORROWED}
	assert astray == {}, "a misspelt DocType, or one of ERPNext's to be added to BORROWED"


@every_doctype
def test_tables_hold_child_doctypes_of_ours(folder: str):
	for name, field in fields_of(doctypes()[folder]).items():
		if field["fieldtype"].startswith("Table"):
			assert doctypes()[scrubbed(field["options"])].get("istable"), name


@every_doctype
def test_connections_name_a_field_that_links_back(folder: str):
	doctype = doctypes()[folder]
	for link in doctype["links"]:
		if link["link_doctype"] in ours():
			field = fields_of(doctypes()[scrubbed(link["link_doctype"])])[link["link_fieldname"]]
			assert field["options"] == doctype["name"]
		else:
			assert link["link_doctype"] in BORROWED


@every_doctype
def test_conditions_and_references_name_fields_that_exist(folder: str):
	doctype = doctypes()[folder]
	fields = fields_of(doctype)
	named = set(re.findall(r"\w+", doctype.get("search_fields", ""))) | {doctype.get("title_field")} - {None}
	for field in doctype["fields"]:
		for rule in ("depends_on", "mandatory_depends_on", "read_only_depends_on"):
			condition = field.get(rule, "")
			named |= set(re.findall(r"doc\.(\w+)", condition)) if ":" in condition else {condition} - {""}
		if field["fieldtype"] == "Currency":
			named.add(field["options"])
		if "fetch_from" in field:
			named.add(field["fetch_from"].split(".")[0])
	assert named - set(fields) == set()


@every_doctype
def test_the_default_of_a_choice_is_one_of_its_options(folder: str):
	for name, field in fields_of(doctypes()[folder]).items():
		if field["fieldtype"] == "Select" and "default" in field:
			assert field["default"] in field["options"].split("\n"), name


@every_doctype
def test_no_name_is_taken_by_frappe_or_erpnext(folder: str):
	assert doctypes()[folder]["name"] not in TAKEN


@every_doctype
def test_only_known_roles_have_rights_and_child_tables_need_none(folder: str):
	doctype = doctypes()[folder]
	assert {right["role"] for right in doctype["permissions"]} <= ROLES
	assert bool(doctype["permissions"]) is not bool(doctype.get("istable"))


@every_doctype
def test_portal_customers_only_read_and_only_what_names_a_customer(folder: str):
	doctype = doctypes()[folder]
	for right in doctype["permissions"]:
		if right["role"] == "Customer":
			assert set(right) == {"read", "role"}
			assert "customer" in fields_of(doctype)


def test_every_doctype_with_a_customer_is_restricted_by_both_permission_hooks():
	names_a_customer = {
		doctype["name"]
		for doctype in doctypes().values()
		if not doctype.get("istable") and "customer" in fields_of(doctype)
	}
	written = hooks()
	assert names_a_customer - set(written["permission_query_conditions"]) == set()
	assert names_a_customer - set(written["has_permission"]) == set()


def test_ledgers_and_runs_cannot_be_written_by_anyone():
	closed = {doctype["name"] for doctype in doctypes().values() if doctype.get("in_create")}
	assert LEDGERS <= closed
	for name in closed:
		for right in doctypes()[scrubbed(name)]["permissions"]:
			assert not {"create", "write", "delete", "import", "submit", "cancel"} & set(right), name


@pytest.mark.parametrize("name", sorted(LEDGERS))
def test_every_field_of_a_ledger_is_read_only(name: str):
	fields = fields_of(doctypes()[scrubbed(name)])
	assert [name for name, field in fields.items() if not field.get("read_only")] == []


def test_a_charge_key_is_unique_and_long_enough_for_three_long_names():
	key = fields_of(doctypes()["contract_charge"])["charge_key"]
	assert (key["unique"], key["reqd"], key["length"]) == (1, 1, 255)


def test_a_list_filters_on_fields_and_values_that_exist():
	for folder, doctype in doctypes().items():
		script = DOCTYPES / folder / f"{folder}_list.js"
		if script.exists():
			filtered = set(re.findall(r"[\"`|](\w+),(?:=|is),", script.read_text()))
			assert filtered and filtered <= set(fields_of(doctype)), folder


@pytest.mark.parametrize(
	"folder",
	[
		"subscription_contract",
		"billing_run",
		"licence",
		"licence_signing_key",
		"sla_ticket",
		"access_grant",
		"hosting_operation",
		"backup_run",
		"restore_run",
		"backup_alert",
		"backup_key",
	],
)
def test_every_status_has_a_colour_in_the_list(folder: str):
	script = (DOCTYPES / folder / f"{folder}_list.js").read_text()
	coloured = re.findall(r"^\t\"?([A-Z][\w ]*?)\"?: \"\w+\",$", script, re.MULTILINE)
	assert coloured == fields_of(doctypes()[folder])["status"]["options"].split("\n")


def test_a_contract_has_the_statuses_of_the_engine():
	options = fields_of(doctypes()["subscription_contract"])["status"]["options"]
	assert options.split("\n") == [status.value for status in Status]


def test_the_readme_of_the_contract_shows_the_moves_of_the_engine():
	readme = (DOCTYPES / "subscription_contract" / "README.md").read_text()
	shown = re.findall(r"^\| ([A-Z][\w ]*) \| `(\w+)` \| ([A-Z][\w ]*) \|$", readme, re.MULTILINE)
	assert shown == [(before.value, event, after.value) for (before, event), after in MOVES.items()]


def test_the_readme_of_the_ticket_shows_the_moves_of_the_engine():
	readme = (DOCTYPES / "sla_ticket" / "README.md").read_text()
	shown = re.findall(r"^\| ([A-Z][\w ]*) \| `(\w+)` \| ([A-Z][\w ]*) \|$", readme, re.MULTILINE)
	assert shown == [(before.value, event, after.value) for (before, event), after in TICKET_MOVES.items()]


@pytest.mark.parametrize(
	("folder", "statuses", "moves"),
	[("backup_run", BackupStatus, BACKUP_MOVES), ("restore_run", RestoreStatus, RESTORE_MOVES)],
)
def test_backups_and_restores_show_the_statuses_and_moves_of_the_engine(folder, statuses, moves):
	options = fields_of(doctypes()[folder])["status"]["options"]
	assert options.split("\n") == [status.value for status in statuses]
	readme = (DOCTYPES / folder / "README.md").read_text()
	shown = re.findall(r"^\| ([A-Z][\w ]*) \| `(\w+)` \| ([A-Z][\w ]*) \|$", readme, re.MULTILINE)
	assert shown == [(before.value, event, after.value) for (before, event), after in moves.items()]


def test_a_ticket_has_the_statuses_and_routes_of_the_engine():
	fields = fields_of(doctypes()["sla_ticket"])
	assert fields["status"]["options"].split("\n") == [status.value for status in TicketStatus]
	assert fields["route"]["options"].split("\n") == [route.value for route in Route]


def test_the_readme_of_the_operation_shows_the_moves_of_the_engine():
	readme = (DOCTYPES / "hosting_operation" / "README.md").read_text()
	shown = re.findall(r"^\| ([A-Z][\w ]*) \| `(\w+)` \| ([A-Z][\w ]*) \|$", readme, re.MULTILINE)
	moves = [(before.value, event, after.value) for (before, event), after in OPERATION_MOVES.items()]
	assert shown == moves


def test_an_operation_has_the_statuses_and_kinds_of_the_engine():
	fields = fields_of(doctypes()["hosting_operation"])
	assert fields["status"]["options"].split("\n") == [state.value for state in State]
	assert fields["kind"]["options"].split("\n") == [kind.value for kind in Kind]


def test_the_readme_of_the_instance_shows_the_modes_of_the_engine():
	readme = (DOCTYPES / "hosted_instance" / "README.md").read_text()
	shown = set(re.findall(r"^\| ([A-Z][\w ]*) \| ([A-Z][\w ]*) \|$", readme, re.MULTILINE))
	assert shown == {(before.value, after.value) for before, moves in MODE_MOVES.items() for after in moves}


@pytest.mark.parametrize(
	("folder", "moves"), [("access_grant", GRANT_MOVES), ("training_session", SESSION_MOVES)]
)
def test_the_readmes_of_grants_and_trainings_show_the_moves_of_the_engine(folder: str, moves: dict):
	readme = (DOCTYPES / folder / "README.md").read_text()
	shown = re.findall(r"^\| ([A-Z][\w ]*) \| `(\w+)` \| ([A-Z][\w ]*) \|$", readme, re.MULTILINE)
	assert shown == [(before.value, event, after.value) for (before, event), after in moves.items()]


@pytest.mark.parametrize(
	("folder", "statuses"), [("access_grant", GrantStatus), ("training_session", SessionStatus)]
)
def test_grants_and_trainings_have_the_statuses_of_the_engine(folder: str, statuses: type):
	options = fields_of(doctypes()[folder])["status"]["options"]
	assert options.split("\n") == [status.value for status in statuses]
