"""What can be asked of a tenant from a terminal? `bench --site SITE subscription-…`, each prints one JSON object."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click
import frappe
from frappe.commands import get_site, pass_context

FAILED = 1


@click.group("subscription-access")
def access() -> None:
	"""How far the site may be used: Full, Read Only, Restricted."""


@access.command("get")
@pass_context
def get_access(context: frappe._dict) -> None:
	"""Print the mode that is really in force, of the configuration and of the database."""
	from subscription_tenant.switch import in_force

	with _failing_in_one_line(), _site(context):
		_print(in_force())


@access.command("set")
@click.option("--mode", type=click.Choice(["Full", "Read Only", "Restricted"]), required=True)
@click.option("--reason", default="", help="One sentence for the customer, in his language.")
@click.option("--pay-at", default="", help="Where he pays: an http(s) address.")
@pass_context
def set_access(context: frappe._dict, mode: str, reason: str, pay_at: str) -> None:
	"""Put a mode into force; again completes what was interrupted."""
	from subscription_tenant.switch import switch

	with _failing_in_one_line(), _site(context):
		_print(switch(mode, reason, pay_at))


@click.command("subscription-fingerprint")
@pass_context
def show_fingerprint(context: frappe._dict) -> None:
	"""Count the rows of every table and find the newest change."""
	from subscription_tenant.fingerprint import fingerprint

	with _failing_in_one_line(), _site(context):
		frappe.db.begin(read_only=True)
		_print(fingerprint(frappe.db.sql, frappe.conf.db_name))


@click.command("subscription-usage")
@click.option("--since", required=True, help="E-mails sent since, ISO 8601; without a zone: the site's.")
@pass_context
def show_usage(context: frappe._dict, since: str) -> None:
	"""Count users per module, companies, e-mails sent and bytes kept."""
	from pathlib import Path

	from subscription_tenant.usage import usage

	with _failing_in_one_line(), _site(context):
		files = [Path(frappe.get_site_path(kind, "files")) for kind in ("public", "private")]
		_print({"readings": usage(frappe.db.sql, frappe.conf.db_name, files, _of_the_site(since))})


def _of_the_site(moment: str) -> datetime:
	from zoneinfo import ZoneInfo

	try:
		parsed = datetime.fromisoformat(moment.replace("Z", "+00:00"))
	except ValueError:
		raise click.ClickException(f"--since {moment!r} is no ISO 8601 date and time") from None
	if parsed.tzinfo is None:
		return parsed
	zone = ZoneInfo(frappe.utils.get_system_timezone())
	return parsed.astimezone(zone).replace(tzinfo=None)


@contextmanager
def _site(context: frappe._dict) -> Iterator[None]:
	"""Connected as Administrator; nothing is written to the database of the site."""
	frappe.init(site=get_site(context))
	try:
		frappe.connect()
		yield
	finally:
		frappe.destroy()


@contextmanager
def _failing_in_one_line() -> Iterator[None]:
	"""Whatever goes wrong: one line on the error channel, exit code 1. The line is all a vendor's system sees."""
	try:
		yield
	except click.ClickException as error:
		_give_up(error.message)
	except Exception as error:
		_give_up(f"{type(error).__name__}: {error}")


def _give_up(line: str) -> None:
	click.echo(" ".join(line.split()), err=True)
	sys.exit(FAILED)


def _print(answer: dict) -> None:
	click.echo(json.dumps(answer, ensure_ascii=False))


commands = [access, show_fingerprint, show_usage]
