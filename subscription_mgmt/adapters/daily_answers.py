"""Which open tickets were promised an answer each working day and got none? A few queries for all of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import frappe
from frappe.model.document import Document
from frappe.utils import get_system_timezone

from subscription_mgmt.adapters.escalations import Alarm, raise_alarms
from subscription_mgmt.adapters.moments import moment_of
from subscription_mgmt.adapters.promise_records import PromiseRecords
from subscription_mgmt.adapters.ticket_records import DOCTYPE, PAUSE, ticket_of
from subscription_mgmt.engine.daily_answers import days_without_answer
from subscription_mgmt.engine.tickets import RUNNING, Pause, Ticket

AT_ONCE = 500
LOOKED_BACK = timedelta(days=31)


@dataclass(frozen=True)
class Unanswered:
	"""`days`: of the policy's calendar, oldest first."""

	ticket: Ticket
	subject: str
	assignees: tuple[str, ...]
	days: tuple[date, ...]


def unanswered(now: datetime, only_new: bool = False) -> list[Unanswered]:
	"""`only_new`: days that were told of before are left out."""
	promises = PromiseRecords()
	rows = _promised()
	found: list[Unanswered] = []
	for at in range(0, len(rows), AT_ONCE):
		found += _among(rows[at : at + AT_ONCE], now, only_new, promises)
	return found


def _among(
	rows: Sequence[Document], now: datetime, only_new: bool, promises: PromiseRecords
) -> list[Unanswered]:
	names = [row.name for row in rows]
	pauses, answers = _pauses(names), _answers(names)
	found = []
	for row in rows:
		ticket = ticket_of(row, [])
		clock = promises.clock(promises.policy(row.sla_policy), ticket.channel)
		told = row.unanswered_on + timedelta(days=1) if only_new and row.unanswered_on else date.min
		given = [*answers[row.name], *filter(None, [ticket.acknowledged_at])]
		since = max(told, (now - LOOKED_BACK).date())
		days = days_without_answer(clock, ticket.opened_at, given, pauses[row.name], since, now)
		if days:
			assigned = tuple(frappe.parse_json(row._assign) or ())
			found.append(Unanswered(ticket, row.subject or "", assigned, tuple(days)))
	return found


def tell_of(found: Sequence[Unanswered]) -> None:
	"""Whoever the tickets are assigned to, and those above, once for each day."""
	for each in found:
		frappe.db.set_value(DOCTYPE, each.ticket.name, "unanswered_on", each.days[-1], update_modified=False)
	raise_alarms(
		[Alarm(each.ticket, "missed_daily_answer", _end_of(each.days[-1]), each.assignees) for each in found]
	)


def _promised() -> list[Document]:
	policies = frappe.get_all("SLA Policy", {"daily_answer": 1}, pluck="name", limit=0)
	running = {"status": ["in", [status.value for status in RUNNING]], "sla_policy": ["in", policies]}
	return frappe.get_all(DOCTYPE, running, ["*"], order_by="opened_at", limit=0) if policies else []


def _pauses(names: Sequence[str]) -> Mapping[str, list[Pause]]:
	found: dict[str, list[Pause]] = defaultdict(list)
	for row in frappe.get_all(PAUSE, {"parent": ["in", names]}, ["parent", "start", "end"], limit=0):
		start, end = moment_of(row.start), moment_of(row.end)
		if start and end:
			found[row.parent].append((start, end))
	return found


def _answers(names: Sequence[str]) -> Mapping[str, list[datetime]]:
	sent = {
		"reference_doctype": DOCTYPE,
		"reference_name": ["in", names],
		"communication_type": "Communication",
		"sent_or_received": "Sent",
	}
	found: dict[str, list[datetime]] = defaultdict(list)
	for row in frappe.get_all("Communication", sent, ["reference_name", "communication_date"], limit=0):
		if moment := moment_of(row.communication_date):
			found[row.reference_name].append(moment)
	return found


def _end_of(day: date) -> datetime:
	return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(get_system_timezone()))
