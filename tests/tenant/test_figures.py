"""Are rows counted in few statements, and names quoted, whatever tables there are?"""

import sqlite3
from pathlib import Path

from subscription_tenant.fingerprint import TABLES_PER_STATEMENT, is_compared, statements
from subscription_tenant.usage import bytes_in


def test_counts_are_exact_and_take_one_statement_for_many_tables() -> None:
	database = sqlite3.connect(":memory:")
	tables = {f"tabDoc `{n}' %s": n % 2 == 0 for n in range(TABLES_PER_STATEMENT + 5)}
	for n, table in enumerate(tables):
		name = '"' + table + '"'
		database.execute(f"create table {name} (modified text)")
		database.executemany(
			f"insert into {name} values (?)", [(f"2026-01-{day + 1:02}",) for day in range(n % 7)]
		)
	asked = statements(tables)
	assert len(asked) == 2
	rows = [row for statement in asked for row in database.execute(statement)]
	assert [(table, count) for table, count, _newest in rows] == [(t, n % 7) for n, t in enumerate(tables)]
	assert rows[4][2] == "2026-01-04"
	assert rows[3][2] is None  # this table does not say when it was changed


def test_no_tables_are_no_statement() -> None:
	assert statements({}) == []


def test_what_a_site_writes_by_itself_is_not_compared() -> None:
	assert not any(map(is_compared, ("tabSessions", "tabError Log", "__Auth", "__global_search")))
	assert all(map(is_compared, ("tabSales Invoice", "tabSingles", "tabSeries", "tabEmail Queue")))


def test_bytes_are_those_of_all_files_below_and_links_are_not_followed(tmp_path: Path) -> None:
	(tmp_path / "deep").mkdir()
	(tmp_path / "deep" / "a").write_bytes(b"x" * 1000)
	(tmp_path / "b").write_bytes(b"x" * 24)
	assert bytes_in(tmp_path) == 1024
	(tmp_path / "loop").symlink_to(tmp_path)
	assert bytes_in(tmp_path) < 1024 + len(str(tmp_path)) + 1
	assert bytes_in(tmp_path / "missing") == 0
