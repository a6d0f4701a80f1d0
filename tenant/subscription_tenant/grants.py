"""What may a database account still write while its site is read only, and how is that said in SQL? Pure: text only.

The floor under the guard. A site's account keeps reading everything and writes only what a session needs, so that no
script, job or console can change the rest, whatever code runs. What it held before is kept and given back as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

# What an account keeps on the whole database. Temporary tables are its own and gone with its connection.
KEPT = frozenset({"SELECT", "SHOW VIEW", "CREATE TEMPORARY TABLES", "EXECUTE"})

# Found by trying: fresh logins, logouts, sessions that expire, failed passwords, exports and errors of Frappe 15.
# A table without columns is written whole; with columns, nothing else of a row can change.
BOOKKEEPING: dict[str, tuple[str, ...]] = {
	"tabSessions": ("INSERT", "UPDATE", "DELETE"),
	"tabUser": (
		"UPDATE (`last_active`, `last_ip`, `last_known_versions`, `last_login`, `onboarding_status`)",
	),
	"tabActivity Log": ("INSERT",),
	"tabAccess Log": ("INSERT",),
	"tabError Log": ("INSERT",),
}

_NAME = r"`(?:[^`]|``)+`"
_COLUMNS = rf"\((?:{_NAME})(?:, ?{_NAME})*\)"
_PRIVILEGE = rf"[A-Z]+(?: [A-Z]+)*(?: {_COLUMNS})?"
_GRANT = re.compile(
	rf"GRANT (?P<privileges>{_PRIVILEGE}(?:, {_PRIVILEGE})*)"
	rf" ON (?P<database>\*|{_NAME})\.(?P<table>\*|{_NAME})"
	rf" TO (?P<account>{_NAME}@{_NAME})(?P<rest>.*)"
)
_OPTION = " WITH GRANT OPTION"
_READING = KEPT | {"USAGE", "LOCK TABLES"}


class NotUnderstood(ValueError):
	"""A grant that would let the account write past the floor, or that cannot be read."""


@dataclass(frozen=True, slots=True)
class Grant:
	"""One line of SHOW GRANTS. Names are without quotes; `*` is every database or table."""

	account: str  # `user`@`host`, quoted
	privileges: frozenset[str]
	database: str
	table: str
	may_grant: bool = False

	@property
	def sql(self) -> str:
		option = _OPTION if self.may_grant else ""
		return f"GRANT {_listed(self.privileges)} ON {self._where} TO {self.account}{option}"

	@property
	def revoked(self) -> str:
		return f"REVOKE {_listed(self.privileges)} ON {self._where} FROM {self.account}"

	@property
	def _where(self) -> str:
		return ".".join(name if name == "*" else quoted(name) for name in (self.database, self.table))


def account_of(user: str, host: str) -> str:
	return f"{quoted(user)}@{quoted(host)}"


def read(line: str) -> Grant:
	"""A line of SHOW GRANTS; of how the account proves itself nothing is kept."""
	found = _GRANT.fullmatch(line.strip())
	if not found:
		raise NotUnderstood(f"not understood: {line.partition(' IDENTIFIED ')[0]}")
	return Grant(
		account=found["account"],
		privileges=frozenset(map(_in_order, re.findall(_PRIVILEGE, found["privileges"]))),
		database=_unquoted(found["database"]),
		table=_unquoted(found["table"]),
		may_grant=found["rest"].rstrip().endswith(_OPTION.strip()),
	)


def of_database(lines: Iterable[str], database: str) -> list[Grant]:
	"""The grants that concern `database`. Those that would write past the floor without naming it are refused."""
	concerned = []
	for line in lines:
		grant = read(line)
		if literal(grant.database) == database or grant.database == database:
			concerned.append(grant)
		elif _matches(grant.database, database) and not grant.privileges <= _READING:
			raise NotUnderstood(f"{grant.account} may {_listed(grant.privileges)} on {grant._where}")
	return concerned


def floor(
	account: str, held: Iterable[Grant], database: str, tables: Iterable[str], triggers: Iterable[str]
) -> list[Grant]:
	"""What `account` holds while the site is read only; `held` is what it holds in full."""
	existing = set(tables)
	everywhere = next((grant for grant in held if grant.table == "*"), None)
	kept = [] if everywhere is None else [_kept_of(everywhere)]
	open_tables = {table: set(privileges) for table, privileges in BOOKKEEPING.items() if table in existing}
	for table in triggers:  # only who holds TRIGGER sees a trigger, and a backup must have it
		open_tables.setdefault(table, set()).add("TRIGGER")
	return [
		*kept,
		*(
			Grant(account, frozenset(privileges), database, table)
			for table, privileges in sorted(open_tables.items())
		),
	]


def _kept_of(everywhere: Grant) -> Grant:
	held = everywhere.privileges
	kept = KEPT if "ALL PRIVILEGES" in held else KEPT & held
	return Grant(everywhere.account, frozenset(kept), everywhere.database, "*")


def changes(current: Iterable[Grant], wanted: Iterable[Grant]) -> list[str]:
	"""Statements that lead from one to the other. Grants come first: at no moment is less allowed than in both."""
	now, then = _by_place(current), _by_place(wanted)
	given = [then[place].sql for place in then if now.get(place) != then[place]]
	taken = []
	for place, grant in now.items():
		surplus = _surplus(grant, then.get(place))
		if surplus:
			taken.append(Grant(grant.account, surplus, grant.database, grant.table).revoked)
	return given + taken


def exceeds(now: Iterable[Grant], known: Iterable[Grant]) -> bool:
	"""Is more allowed on the whole database now than was known?"""
	before = frozenset[str]().union(*(_all_of(grant) for grant in known if grant.table == "*"))
	return any(not _all_of(grant) <= before for grant in now if grant.table == "*")


def _all_of(grant: Grant) -> frozenset[str]:
	return _ALL if "ALL PRIVILEGES" in grant.privileges else grant.privileges


# All that there is on a database, for an account that holds "ALL PRIVILEGES": it is taken by name, without what stays.
_ALL = frozenset(
	{
		"SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "REFERENCES", "INDEX", "ALTER",
		"CREATE TEMPORARY TABLES", "LOCK TABLES", "EXECUTE", "CREATE VIEW", "SHOW VIEW", "CREATE ROUTINE",
		"ALTER ROUTINE", "EVENT", "TRIGGER", "DELETE HISTORY",
	}
)  # fmt: skip


def _surplus(grant: Grant, wanted: Grant | None) -> frozenset[str]:
	if wanted is None:
		return grant.privileges
	if "ALL PRIVILEGES" in wanted.privileges:
		return frozenset()
	surplus = _all_of(grant) - wanted.privileges
	return surplus | {"GRANT OPTION"} if grant.may_grant and not wanted.may_grant else surplus


def _by_place(grants: Iterable[Grant]) -> dict[tuple[str, str, str], Grant]:
	return {(grant.account, grant.database, grant.table): grant for grant in grants}


def literal(pattern: str) -> str:
	"""The one database that an escaped pattern names."""
	return re.sub(r"\\([_%\\])", r"\1", pattern)


def _in_order(privilege: str) -> str:
	"""The server lists columns as it likes; here by name, so that two grants can be compared."""
	kind, bracket, columns = privilege.partition(" (")
	return f"{kind} ({', '.join(sorted(re.findall(_NAME, columns)))})" if bracket else kind


def _matches(pattern: str, database: str) -> bool:
	"""A grant's database is a pattern, as in LIKE: `_` one letter, `%` any, a backslash before takes them literally."""
	if pattern == "*":
		return True
	parts = re.findall(r"\\.|.", pattern, re.DOTALL)
	expression = "".join(
		re.escape(part[-1]) if part.startswith("\\") else {"%": ".*", "_": "."}.get(part, re.escape(part))
		for part in parts
	)
	return re.fullmatch(expression, database, re.DOTALL | re.IGNORECASE) is not None


def _listed(privileges: Iterable[str]) -> str:
	return ", ".join(sorted(privileges))


def quoted(name: str) -> str:
	return "`" + name.replace("`", "``") + "`"


def _unquoted(name: str) -> str:
	return name if name == "*" else name[1:-1].replace("``", "`")
