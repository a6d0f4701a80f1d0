"""Which accounts does the site's database have, what may each do, and who is still connected? As the server's root."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from getpass import getpass

import frappe
import pymysql

from subscription_tenant.grants import Grant, account_of, of_database

OPTION_FILE = "subscription_db_root_file"  # in a site's or the bench's configuration: a MariaDB option file
LOGIN, PASSWORD = "SUBSCRIPTION_DB_ROOT_LOGIN", "SUBSCRIPTION_DB_ROOT_PASSWORD"  # or from the environment
QUESTION = "Password of the database server: "
PATIENCE = 5.0  # seconds a request or job may still take to end by itself


class DatabaseTrouble(Exception):
	"""What keeps us from changing what the site's account may do."""


class Server:
	"""The database server of the connected site, by an account that may grant."""

	def __init__(self, connection: pymysql.Connection, database: str, user: str) -> None:
		self.connection = connection
		self.database = database
		self.user = user

	def accounts(self) -> list[str]:
		hosts = self._rows("select host from mysql.user where user = %s order by host", self.user)
		if not hosts:
			raise DatabaseTrouble(f"the server knows no account {self.user}")
		return [account_of(self.user, host) for (host,) in hosts]

	def grants(self, account: str) -> list[Grant]:
		return of_database([line for (line,) in self._rows(f"show grants for {account}")], self.database)

	def tables(self) -> list[str]:
		return self._names("select table_name from information_schema.tables where table_schema = %s")

	def tables_with_triggers(self) -> list[str]:
		return self._names(
			"select event_object_table from information_schema.triggers where trigger_schema = %s"
		)

	def run(self, statement: str) -> None:
		with self.connection.cursor() as cursor:
			cursor.execute(statement)

	def end_connections(self, patience: float = PATIENCE) -> int:
		"""An open connection keeps what it was allowed on the database: wait for it, then end it."""
		before = self._connections()
		deadline = time.monotonic() + patience
		while (left := before & self._connections()) and time.monotonic() < deadline:
			time.sleep(0.1)
		for connection in left:
			try:
				self.run(f"kill connection {int(connection)}")
			except pymysql.err.OperationalError as error:
				if error.args[0] != pymysql.constants.ER.NO_SUCH_THREAD:
					raise
		return len(left)

	def _connections(self) -> set[int]:
		rows = self._rows("select id from information_schema.processlist where user = %s", self.user)
		return {connection for (connection,) in rows}

	def _names(self, query: str) -> list:
		return [name for (name,) in self._rows(query, self.database)]

	def _rows(self, query: str, *values: str) -> list[tuple]:
		with self.connection.cursor() as cursor:
			cursor.execute(query, values or None)
			return list(cursor.fetchall())


@contextmanager
def as_root() -> Iterator[Server]:
	conf = frappe.conf
	if conf.db_type != "mariadb":
		raise DatabaseTrouble(f"access is kept by the grants of MariaDB; this site has {conf.db_type}")
	try:
		connection = pymysql.connect(
			**_place(conf), **_credentials(conf), charset="utf8mb4", autocommit=True, connect_timeout=10
		)
	except pymysql.err.OperationalError as error:
		raise DatabaseTrouble(f"the database server does not let us in: {error.args[-1]}") from error
	try:
		# Frappe 15 calls the account as its database; 16 may name another.
		yield Server(connection, conf.db_name, conf.get("db_user") or conf.db_name)
	finally:
		connection.close()


def own_grants() -> list[Grant]:
	"""What the site itself may do, as the account it uses; no root is needed."""
	lines = [line for (line,) in frappe.db.sql("show grants")]
	return of_database(lines, frappe.conf.db_name)


def _place(conf: frappe._dict) -> dict:
	place: dict = {"unix_socket": conf.db_socket} if conf.db_socket else {"host": conf.db_host}
	if conf.db_port and not conf.db_socket:
		place["port"] = int(conf.db_port)
	if conf.db_ssl_ca and conf.db_ssl_cert and conf.db_ssl_key:
		place["ssl"] = {"ca": conf.db_ssl_ca, "cert": conf.db_ssl_cert, "key": conf.db_ssl_key}
	return place


def _credentials(conf: frappe._dict) -> dict:
	"""Of the caller; else of the option file; else of the configuration. A password is asked for as bench does it:
	without a terminal it is read from the input."""
	if login := os.environ.get(LOGIN):
		password = os.environ.get(PASSWORD)
		if password is None and login == conf.root_login:
			password = conf.root_password
		return {"user": login, "password": getpass(QUESTION) if password is None else password}
	if file := conf.get(OPTION_FILE):
		if not os.access(file, os.R_OK):
			raise DatabaseTrouble(f"{OPTION_FILE} names {file}, which cannot be read")
		return {"read_default_file": file, "read_default_group": "client"}
	if conf.root_login:
		return {"user": conf.root_login, "password": conf.root_password or ""}
	raise DatabaseTrouble(f"name an account that may grant: {OPTION_FILE}, or root_login and root_password")
