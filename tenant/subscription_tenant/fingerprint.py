"""What is in a site's database? Rows of every table and the newest change, so that a restored copy can be compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

# What a site writes by itself, without anybody working on it: a copy differs there and is complete.
VOLATILE = frozenset(
	f"tab{doctype}"
	for doctype in (
		"Access Log",
		"Activity Log",
		"Error Log",
		"Error Snapshot",
		"Route History",
		"Scheduled Job Log",
		"Scheduled Job Type",
		"Sessions",
		"View Log",
		"Web Page View",
	)
)
TABLES_PER_STATEMENT = 200

Query = Callable[[str], Iterable[Sequence]]


def fingerprint(query: Query, database: str) -> dict:
	"""Exact counts and the newest `modified`; the caller holds one transaction, so all are of one moment."""
	newest: datetime | None = None
	rows: dict[str, int] = {}
	for statement in statements(tables(query, database)):
		for table, count, changed in query(statement):
			rows[table] = int(count)
			if changed and (newest is None or changed > newest):
				newest = changed
	return {"rows": rows, "newest": newest and newest.isoformat(sep=" ")}


def tables(query: Query, database: str) -> dict[str, bool]:
	"""Each table that is compared, and whether it says when its rows were changed."""
	found = query(
		"select t.table_name, c.column_name is not null"
		" from information_schema.tables t left join information_schema.columns c"
		" on c.table_schema = t.table_schema and c.table_name = t.table_name"
		" and c.column_name = 'modified' and c.data_type = 'datetime'"
		f" where t.table_schema = {quoted(database)} and t.table_type = 'BASE TABLE' order by t.table_name"
	)
	return {table: bool(dated) for table, dated in found if is_compared(table)}


def is_compared(table: str) -> bool:
	"""Tables that begin with two underscores are Frappe's own notes: settings of lists, a search index, passwords."""
	return table not in VOLATILE and not table.startswith("__")


def statements(dated: dict[str, bool]) -> list[str]:
	selects = [
		f"select {quoted(table)}, count(*), {'max(`modified`)' if has_date else 'null'} from {named(table)}"
		for table, has_date in dated.items()
	]
	return [
		" union all ".join(selects[start : start + TABLES_PER_STATEMENT])
		for start in range(0, len(selects), TABLES_PER_STATEMENT)
	]


def named(table: str) -> str:
	return "`" + table.replace("`", "``") + "`"


def quoted(text: str) -> str:
	return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
