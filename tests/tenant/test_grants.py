"""Does the floor leave what a session needs and no more, and is everything given back, wherever it broke off?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscription_tenant.grants import (
	_ALL,
	BOOKKEEPING,
	Grant,
	NotUnderstood,
	account_of,
	changes,
	exceeds,
	floor,
	of_database,
	read,
)

DATABASE = "_1234abcd"
ACCOUNT = account_of(DATABASE, "%")
TABLES = [*BOOKKEEPING, "tabSales Invoice", "tabToDo"]
FULL = Grant(ACCOUNT, frozenset({"ALL PRIVILEGES"}), DATABASE, "*")


class Server:
	"""What MariaDB makes of a statement: it knows ALL PRIVILEGES as a name for all there are, and lists columns."""

	def __init__(self, grants: list[Grant]) -> None:
		self.held: dict[tuple[str, str], set[str]] = {}
		self.options: set[tuple[str, str]] = set()
		for grant in grants:
			self.run(grant.sql)

	def run(self, statement: str) -> None:
		gives = statement.startswith("GRANT ")
		grant = read(statement if gives else "GRANT " + statement[len("REVOKE ") :].replace(" FROM ", " TO "))
		place = grant.database, grant.table
		privileges = set(_ALL) if "ALL PRIVILEGES" in grant.privileges else set(grant.privileges)
		held = self.held.setdefault(place, set())
		if gives:
			held |= privileges
			self.options |= {place} if grant.may_grant else set()
		else:
			assert held, f"There is no such grant defined: {statement}"
			if "GRANT OPTION" in privileges:
				self.options.discard(place)
			held -= privileges
		if not held:
			del self.held[place]

	def show(self) -> list[Grant]:
		lines = [f"GRANT USAGE ON *.* TO {ACCOUNT} IDENTIFIED BY PASSWORD '*AF'"]
		for (database, table), held in self.held.items():
			named = frozenset({"ALL PRIVILEGES"}) if held >= _ALL else frozenset(held)
			lines.append(Grant(ACCOUNT, named, database, table, (database, table) in self.options).sql)
		return of_database(lines, DATABASE)


def as_set(grants: list[Grant]) -> set[str]:
	return {grant.sql for grant in grants}


def test_the_floor_under_full_privileges_is_this() -> None:
	server = Server([FULL])
	for statement in changes(server.show(), floor(ACCOUNT, server.show(), DATABASE, TABLES, [])):
		server.run(statement)
	assert as_set(server.show()) == {
		"GRANT CREATE TEMPORARY TABLES, EXECUTE, SELECT, SHOW VIEW ON `_1234abcd`.* TO `_1234abcd`@`%`",
		"GRANT DELETE, INSERT, UPDATE ON `_1234abcd`.`tabSessions` TO `_1234abcd`@`%`",
		"GRANT UPDATE (`last_active`, `last_ip`, `last_known_versions`, `last_login`, `onboarding_status`)"
		" ON `_1234abcd`.`tabUser` TO `_1234abcd`@`%`",
		"GRANT INSERT ON `_1234abcd`.`tabActivity Log` TO `_1234abcd`@`%`",
		"GRANT INSERT ON `_1234abcd`.`tabAccess Log` TO `_1234abcd`@`%`",
		"GRANT INSERT ON `_1234abcd`.`tabError Log` TO `_1234abcd`@`%`",
	}


def test_a_table_that_is_not_there_is_not_granted() -> None:
	assert [grant.table for grant in floor(ACCOUNT, [FULL], DATABASE, ["tabUser"], [])] == ["*", "tabUser"]


def test_a_backup_still_sees_triggers() -> None:
	under = floor(ACCOUNT, [FULL], DATABASE, TABLES, ["tabToDo", "tabSessions"])
	by_table = {grant.table: grant.privileges for grant in under}
	assert by_table["tabToDo"] == {"TRIGGER"}
	assert by_table["tabSessions"] == {"INSERT", "UPDATE", "DELETE", "TRIGGER"}


PRIVILEGES = st.frozensets(st.sampled_from(sorted(_ALL)), min_size=1)
ORIGINALS = st.builds(
	lambda everywhere, option, tables: [
		Grant(ACCOUNT, everywhere | {"SELECT"}, DATABASE, "*", option),
		*(Grant(ACCOUNT, privileges, DATABASE, table) for table, privileges in tables.items()),
	],
	PRIVILEGES | st.just(frozenset({"ALL PRIVILEGES"})),
	st.booleans(),
	st.dictionaries(
		st.sampled_from(TABLES), st.frozensets(st.sampled_from(["SELECT", "INSERT", "TRIGGER"]), min_size=1)
	),
)


@given(ORIGINALS, st.integers(0, 20), st.integers(0, 20))
def test_wherever_it_breaks_off_a_second_call_leads_there_and_back(
	original: list[Grant], down: int, up: int
) -> None:
	server = Server(original)
	full = server.show()
	under = floor(ACCOUNT, full, DATABASE, TABLES, [])
	for statement in changes(server.show(), under)[:down]:
		server.run(statement)
		assert any(grant.table == "*" for grant in server.show())  # people go on reading
	for statement in changes(server.show(), under):
		server.run(statement)
	assert as_set(server.show()) == as_set(under)
	assert not changes(server.show(), under)
	for statement in changes(server.show(), full)[:up]:
		server.run(statement)
	for statement in changes(server.show(), full):
		server.run(statement)
	assert as_set(server.show()) == as_set(full)


def test_what_was_known_is_exceeded_by_more_and_not_by_less() -> None:
	some = Grant(ACCOUNT, frozenset({"SELECT", "INSERT"}), DATABASE, "*")
	assert exceeds([FULL], [some])
	assert not exceeds([some], [FULL])
	assert not exceeds([some], [some])


def test_columns_are_read_in_one_order() -> None:
	line = f"GRANT SELECT, UPDATE (`b`, `a`), INSERT ON `{DATABASE}`.`tabUser` TO {ACCOUNT}"
	assert read(line).privileges == {"SELECT", "UPDATE (`a`, `b`)", "INSERT"}


def test_names_with_quotes_and_escapes_are_read_and_said_alike() -> None:
	line = f"GRANT SELECT ON `\\_1234abcd`.`tab``x` TO {ACCOUNT} WITH GRANT OPTION"
	grant = read(line)
	assert (grant.database, grant.table, grant.may_grant) == ("\\_1234abcd", "tab`x", True)
	assert grant.sql == line


def test_an_escaped_name_is_the_database_itself() -> None:
	line = f"GRANT ALL PRIVILEGES ON `\\_1234abcd`.* TO {ACCOUNT}"
	held = of_database([line], DATABASE)
	under = floor(ACCOUNT, held, DATABASE, TABLES, [])
	assert under[0].database == "\\_1234abcd"
	assert under[1].database == DATABASE  # of one table a name is no pattern


@pytest.mark.parametrize(
	"line",
	[
		f"GRANT ALL PRIVILEGES ON *.* TO {ACCOUNT}",
		f"GRANT INSERT ON *.* TO {ACCOUNT} IDENTIFIED BY PASSWORD '*AF'",
		f"GRANT ALL PRIVILEGES ON `%`.* TO {ACCOUNT}",
		f"GRANT UPDATE ON `_1234%`.* TO {ACCOUNT}",
		f"GRANT UPDATE ON `_1234abc_`.* TO {ACCOUNT}",
		f"GRANT `writers` TO {ACCOUNT}",
		f"GRANT EXECUTE ON PROCEDURE `{DATABASE}`.`p` TO {ACCOUNT}",
		"SET DEFAULT ROLE `writers`",
	],
)
def test_what_would_write_past_the_floor_is_refused(line: str) -> None:
	with pytest.raises(NotUnderstood):
		of_database([line], DATABASE)


@pytest.mark.parametrize(
	"line",
	[
		f"GRANT USAGE ON *.* TO {ACCOUNT} IDENTIFIED VIA ed25519 USING 'x'",
		f"GRANT SELECT ON *.* TO {ACCOUNT}",
		f"GRANT ALL PRIVILEGES ON `another`.* TO {ACCOUNT}",
		f"GRANT ALL PRIVILEGES ON `\\%1234abcd`.* TO {ACCOUNT}",
	],
)
def test_what_does_not_concern_the_database_is_left_alone(line: str) -> None:
	assert of_database([line], DATABASE) == []


def test_a_refusal_tells_no_password() -> None:
	with pytest.raises(NotUnderstood) as refusal:
		read(f"GRANT PROXY ON ''@'%' TO {ACCOUNT} IDENTIFIED BY PASSWORD '*AFFE'")
	assert "AFFE" not in str(refusal.value)
