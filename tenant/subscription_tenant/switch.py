"""How is a mode put into force, so that an interruption leaves nothing open and a second call completes it?

The configuration is written first when a site is closed and last when it is opened: whatever is killed in between, the
guard is at least as strict as the mode that was asked for, and `in_force` says that the two do not agree.
"""

from __future__ import annotations

import os
from urllib.parse import urlsplit

import frappe
from frappe.utils.synchronization import filelock

from subscription_tenant import access, jobs
from subscription_tenant.access import FULL, RESTRICTED, Access
from subscription_tenant.database import Server, as_root, own_grants
from subscription_tenant.grants import (
	BOOKKEEPING,
	KEPT,
	Grant,
	NotUnderstood,
	changes,
	exceeds,
	floor,
	literal,
	read,
)

APP = "subscription_tenant"
# Seen by the web server, which hands out public files without asking us: see the README.
CLOSED = os.path.join("public", ".subscription_restricted")
LONGEST_ADDRESS = 2000
WAIT_FOR_ANOTHER = 60  # seconds


class Refused(Exception):
	"""What was asked for cannot be done."""


def in_force() -> dict:
	"""The mode, or what keeps configuration and database from agreeing on one."""
	here = access.of_site(frappe.local.site_path)
	problem = _problem(here)
	return {"mode": None, "problem": problem} if problem else {"mode": here.mode}


def switch(mode: str, reason: str, pay_at: str) -> dict:
	if APP not in frappe.get_installed_apps():
		raise Refused(f"install the app first: bench --site {frappe.local.site} install-app {APP}")
	pay_at = checked_address(pay_at)
	with filelock("subscription_access", timeout=WAIT_FOR_ANOTHER), as_root() as server:
		frappe.db.close()  # ours would be waited for, as any other connection of the site
		if mode == FULL:
			_open(server)
		else:
			_close(server, mode, " ".join(reason.split()), pay_at)
	answer = in_force()
	if answer["mode"] != mode:
		raise Refused(answer.get("problem") or f"the site is {answer['mode']}")
	return answer


def checked_address(address: str) -> str:
	"""Only where a customer's browser may be sent to pay."""
	if not address:
		return ""
	try:
		parts = urlsplit(address)
	except ValueError:
		parts = urlsplit("")
	plain = address.isprintable() and " " not in address and len(address) <= LONGEST_ADDRESS
	if parts.scheme not in ("http", "https") or not parts.hostname or not plain:
		raise Refused(f"--pay-at {address!r} is no http(s) address")
	return address


def _close(server: Server, mode: str, reason: str, pay_at: str) -> None:
	before = access.of_site(frappe.local.site_path)
	paused = before.paused if not before.is_full else bool(frappe.get_site_config().get(access.PAUSE))
	held = {account: server.grants(account) for account in server.accounts()}
	floors = {account: _floor(server, account, grants) for account, grants in held.items()}
	kept = {
		account: _held_in_full(before.grants.get(account), grants, floors[account])
		for account, grants in held.items()
	}
	_write(Access(mode, reason, pay_at, kept, paused))
	_mark_files(mode == RESTRICTED)
	for account, grants in held.items():
		for statement in changes(grants, floors[account]):
			server.run(statement)
	server.end_connections()


def _open(server: Server) -> None:
	before = access.of_site(frappe.local.site_path)
	for account in server.accounts():
		if lines := before.grants.get(account):
			wanted = [_our_own(read(line), account, server.database) for line in lines]
			for statement in changes(server.grants(account), wanted):
				server.run(statement)
	_mark_files(False)
	_write(Access(paused=before.paused))
	jobs.queue_again(frappe.local.site)


def _write(changed: Access) -> None:
	with filelock("site_config"):  # Frappe's own, while it writes there
		access.write(frappe.local.site_path, changed)


def _floor(server: Server, account: str, grants: list[Grant]) -> list[Grant]:
	return floor(account, grants, server.database, server.tables(), server.tables_with_triggers())


def _held_in_full(known: list[str] | None, now: list[Grant], floor: list[Grant]) -> list[str]:
	"""What to give back: what was kept, unless the account holds more now (a restored site gets it all anew)."""
	if known and not exceeds(now, [read(line) for line in known]):
		return known
	ours = {(grant.table, grant.privileges) for grant in floor if grant.table != "*"}
	return [grant.sql for grant in now if (grant.table, grant.privileges) not in ours]


def _our_own(grant: Grant, account: str, database: str) -> Grant:
	"""The configuration is read back as SQL of the server's root: nothing but this account on this database."""
	if grant.account != account or database not in (grant.database, literal(grant.database)):
		raise NotUnderstood(grant.sql)
	return grant


def _problem(here: Access) -> str | None:
	if APP not in frappe.get_installed_apps():
		return f"{APP} is not installed on this site: nothing guards it"
	grants = own_grants()
	everywhere = next((grant for grant in grants if grant.table == "*"), None)
	writes = everywhere is not None and not everywhere.privileges <= KEPT
	if here.is_full:
		if here.grants:
			return "the return to full access was interrupted: set it again"
		return None if writes else "the configuration says Full, and the database account may not write"
	beyond = [grant.table for grant in grants if grant.table != "*" and not _is_of_the_floor(grant)]
	if writes or beyond:
		return f"the configuration says {here.mode}, and the database account may write"
	if not frappe.get_site_config().get(access.PAUSE):
		return f"the configuration says {here.mode}, and the scheduler is not paused"
	if os.path.exists(frappe.get_site_path(CLOSED)) != (here.mode == RESTRICTED):
		return f"the configuration says {here.mode}, and public files are not treated so"
	return None


def _is_of_the_floor(grant: Grant) -> bool:
	return grant.privileges <= frozenset((*BOOKKEEPING.get(grant.table, ()), "TRIGGER"))


def _mark_files(closed: bool) -> None:
	mark = frappe.get_site_path(CLOSED)
	if closed:
		with open(mark, "a", encoding="utf-8"):
			pass
	elif os.path.exists(mark):
		os.unlink(mark)
