"""What does a customer's credit ledger say from one day to another, as a person reads it?"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.utils import get_system_timezone, getdate

from subscription_mgmt.adapters.credit_records import CreditRecords
from subscription_mgmt.adapters.moments import stored
from subscription_mgmt.engine.support_credits import CreditLine, LineKind, Statement, statement_of


@dataclass(frozen=True)
class ReadableRow:
	"""`booked_at` in the site's time. `what`: the ticket's subject, or the pack and its invoice."""

	booked_at: datetime | None
	kind: str
	what: str
	ticket: str | None
	change: int
	balance: int
	kept: int


@dataclass(frozen=True)
class ReadableStatement:
	customer: str
	opening: int
	rows: tuple[ReadableRow, ...]
	closing: int


def credit_statement(
	customer: str, from_date: str | date | None = None, to_date: str | date | None = None
) -> ReadableStatement:
	"""Both days included; left out: from the first line, to the last."""
	since = _midnight(getdate(from_date)) if from_date else None
	until = _midnight(getdate(to_date) + timedelta(days=1)) if to_date else None
	return _readable(customer, statement_of(CreditRecords().lines_of(customer), since, until))


def _readable(customer: str, statement: Statement) -> ReadableStatement:
	lines = [row.line for row in statement.rows]
	subjects, sales = _subjects(lines), _sales(lines)
	rows = tuple(
		ReadableRow(
			booked_at=stored(row.line.at),
			kind=row.line.kind.value,
			what=subjects.get(row.line.ticket or "") or sales.get(row.line.source or "") or "",
			ticket=row.line.ticket,
			change=row.line.change,
			balance=row.balance,
			kept=max(row.line.kept, 0),
		)
		for row in statement.rows
	)
	return ReadableStatement(customer, statement.opening, rows, statement.closing)


def _subjects(lines: list[CreditLine]) -> dict[str, str]:
	names = [line.ticket for line in lines if line.ticket]
	rows = (
		frappe.get_all("SLA Ticket", {"name": ["in", names]}, ["name", "subject"], limit=0) if names else []
	)
	return {row.name: f"{row.name}: {row.subject}" for row in rows}


def _sales(lines: list[CreditLine]) -> dict[str, str]:
	"""By source: of what expired, the sale it came from."""
	granted = {line.key: line.source for line in lines if line.kind is LineKind.GRANT}
	keys = {line.source: granted.get(line.source, line.source) for line in lines if line.source}
	if not keys:
		return {}
	columns = ["charge_key", "what", "quantity", "sales_invoice"]
	rows = frappe.get_all("Contract Charge", {"charge_key": ["in", list(keys.values())]}, columns, limit=0)
	told = {row.charge_key: _sale(row) for row in rows}
	return {source: told[key] for source, key in keys.items() if key in told}


def _sale(row: frappe._dict) -> str:
	sold = f"{row.quantity:g} × {row.what}"
	return _("{0}, invoice {1}").format(sold, row.sales_invoice) if row.sales_invoice else sold


def _midnight(day: date) -> datetime:
	return datetime.combine(day, time(), ZoneInfo(get_system_timezone()))
