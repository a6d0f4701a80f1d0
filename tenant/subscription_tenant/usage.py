"""How much of a site is used? Users per module, companies, e-mails sent, bytes kept."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

# Who may open which module: an enabled user of Desk, by the roles somebody gave him, reads a DocType of it, and
# his blocked modules are taken away. The administrator is part of every subscription; a role that everybody has
# opens nothing that could be sold. A DocType whose permissions the site customised goes by those alone.
USERS_OF_MODULES = """
	select distinct opens.module, user.name
	from (
		select distinct permission.role, doctype.module
		from (
			select standard.parent, standard.role from `tabDocPerm` standard
			where standard.`read` = 1 and standard.permlevel = 0
			and not exists (select 1 from `tabCustom DocPerm` custom where custom.parent = standard.parent)
			union
			select parent, role from `tabCustom DocPerm` where `read` = 1 and permlevel = 0
		) permission
		join `tabDocType` doctype on doctype.name = permission.parent and doctype.istable = 0
		join `tabRole` role on role.name = permission.role and role.disabled = 0
		where permission.role not in ('All', 'Guest', 'Desk User', 'Administrator')
	) opens
	join `tabHas Role` given on given.role = opens.role and given.parenttype = 'User'
	join `tabUser` user on user.name = given.parent
	left join `tabBlock Module` blocked
		on blocked.parent = user.name and blocked.parenttype = 'User' and blocked.module = opens.module
	where user.enabled = 1 and user.user_type != 'Website User'
	and user.name not in ('Administrator', 'Guest') and blocked.name is null
	order by opens.module, user.name
"""
EMAILS_SENT = "select count(*) from `tabEmail Queue Recipient` where status = 'Sent' and modified >= %s"
HAS_COMPANIES = (
	"select count(*) from information_schema.tables where table_schema = %s and table_name = 'tabCompany'"
)
COMPANIES = "select count(*) from `tabCompany`"
DATABASE_BYTES = (
	"select sum(data_length + index_length) from information_schema.tables where table_schema = %s"
)

Query = Callable[..., Iterable[Sequence]]


def usage(query: Query, database: str, files: Iterable[Path], since: datetime) -> list[dict]:
	"""Readings in a few queries, however many users there are. `since` is a time of the site's own zone, naive."""
	has_companies = _one(query(HAS_COMPANIES, (database,)))
	stored = _one(query(DATABASE_BYTES, (database,))) + sum(map(bytes_in, files))
	return [
		*_users(query(USERS_OF_MODULES)),
		{"metric": "companies", "value": _one(query(COMPANIES)) if has_companies else 0},
		{"metric": "emails", "value": _one(query(EMAILS_SENT, (since,)))},
		{"metric": "storage", "value": stored},
	]


def _users(rows: Iterable[Sequence]) -> list[dict]:
	"""One reading of all, and one a module.

	The names let an invoice say who was counted, and modules that are sold together count everybody once.
	"""
	names: dict[str, list[str]] = {}
	for module, user in rows:
		names.setdefault(module, []).append(user)
	everybody = sorted({user for users in names.values() for user in users})
	return [
		{"metric": "users", "value": len(everybody), "subjects": everybody},
		*(
			{"metric": "users", "module": module, "value": len(users), "subjects": users}
			for module, users in names.items()
		),
	]


def bytes_in(folder: Path) -> int:
	"""Of every file below; a file that goes while we look counts nothing."""
	total = 0
	for where, _folders, names in os.walk(folder):
		for name in names:
			try:
				total += os.stat(os.path.join(where, name), follow_symlinks=False).st_size
			except FileNotFoundError:
				continue
	return total


def _one(rows: Iterable[Sequence]) -> int:
	return int(next(iter(rows))[0] or 0)
