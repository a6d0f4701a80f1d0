"""Who is told that a deadline comes near or was missed, and how are they told of many tickets at once?"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import frappe
from frappe import _
from frappe.utils import escape_html, format_datetime, now

from subscription_mgmt.adapters.alerts import mail_goes_out
from subscription_mgmt.adapters.mail_headers import AUTOMATIC
from subscription_mgmt.adapters.moments import stored
from subscription_mgmt.engine.tickets import Ticket
from subscription_mgmt.messages import phrase

DOCTYPE, LOG = "SLA Ticket", "Notification Log"
COLUMNS = (
	*("name", "creation", "modified", "owner", "modified_by", "subject", "for_user", "type"),
	*("document_type", "document_name", "from_user", "read"),
)
IN_ONE_MAIL = 50  # tickets


@dataclass(frozen=True)
class Alarm:
	"""`code`: near_response, missed_resolution and so on; `assignees`: whose the ticket is."""

	ticket: Ticket
	code: str
	due: datetime
	assignees: Sequence[str] = ()

	@property
	def is_missed(self) -> bool:
		return self.code.startswith("missed")


def raise_alarms(alarms: Sequence[Alarm]) -> None:
	"""One notification of each for everybody concerned, and one mail for each of them. Few queries, however many."""
	if not alarms:
		return
	escalated = _escalated_to({alarm.ticket.policy for alarm in alarms if alarm.ticket.policy})
	for_user: dict[str, list[Alarm]] = defaultdict(list)
	for alarm in alarms:
		for user in _concerned(alarm, escalated):
			for_user[user].append(alarm)
	if not for_user:
		return
	languages = _languages(for_user)
	lines = {user: _lines(found, languages.get(user) or "en") for user, found in for_user.items()}
	_log(for_user, lines)
	for user in for_user:
		frappe.publish_realtime("notification", after_commit=True, user=user)
		frappe.enqueue(
			"subscription_mgmt.jobs.support.mail_alarms",
			queue="short",
			enqueue_after_commit=True,
			user=user,
			lines=lines[user][:IN_ONE_MAIL],
			count=len(lines[user]),
		)


def _concerned(alarm: Alarm, escalated: Mapping[str, Sequence[str]]) -> Iterable[str]:
	"""Whoever it is assigned to is warned; nobody's ticket, and what was missed, goes to those above."""
	above = escalated.get(alarm.ticket.policy or "", ())
	if alarm.is_missed:
		return dict.fromkeys([*above, *alarm.assignees])
	return alarm.assignees or above


def _escalated_to(policies: set[str]) -> dict[str, list[str]]:
	"""Users by policy: the one it names, and those with the role it names."""
	if not policies:
		return {}
	policy = frappe.qb.DocType("SLA Policy")
	rows = (
		frappe.qb.from_(policy)
		.select(policy.name, policy.escalation_role, policy.escalation_user)
		.where(policy.name.isin(list(policies)))
		.run(as_dict=True)
	)
	by_role = _users_with({row.escalation_role for row in rows if row.escalation_role})
	return {
		row.name: list(
			dict.fromkeys(filter(None, [row.escalation_user, *by_role[row.escalation_role or ""]]))
		)
		for row in rows
	}


def _users_with(roles: set[str]) -> dict[str, list[str]]:
	"""Enabled people of ours by role."""
	found: dict[str, list[str]] = defaultdict(list)
	if roles:
		user, role = frappe.qb.DocType("User"), frappe.qb.DocType("Has Role")
		rows = (
			frappe.qb.from_(role)
			.join(user)
			.on(user.name == role.parent)
			.select(role.role, user.name)
			.where(role.role.isin(list(roles)) & (role.parenttype == "User") & (user.enabled == 1))
			.where((user.user_type == "System User") & user.name.notin(["Administrator", "Guest"]))
			.run()
		)
		for name, person in rows:
			found[name].append(person)
	return found


def _languages(users: Iterable[str]) -> dict[str, str]:
	user = frappe.qb.DocType("User")
	return dict(
		frappe.qb.from_(user).select(user.name, user.language).where(user.name.isin(list(users))).run()
	)


def _lines(alarms: Sequence[Alarm], language: str) -> list[str]:
	"""`TKT-2026-00001: The response is due on …`"""

	def translated(text: str) -> str:
		return _(text, lang=language)

	worded = {code: phrase(code, {"due": "{due}"}, translated) for code in {alarm.code for alarm in alarms}}
	dues = {due: format_datetime(stored(due)) for due in {alarm.due for alarm in alarms}}
	return [f"{alarm.ticket.name}: {worded[alarm.code].format(due=dues[alarm.due])}" for alarm in alarms]


def mail_alarms(user: str, lines: Sequence[str], count: int) -> None:
	"""`count`: of the tickets, of which `lines` tells the first."""
	language, address = frappe.db.get_value("User", user, ["language", "email"])
	if not (address and mail_goes_out()):
		return
	more = [_("{0} more.", lang=language).format(count - len(lines))] if count > len(lines) else []
	frappe.sendmail(
		recipients=[address],
		subject=_("Support tickets: {0} deadlines", lang=language).format(count),
		message="<br>".join(escape_html(line) for line in [*lines, *more]),
		email_headers=AUTOMATIC,
	)


def _log(for_user: Mapping[str, Sequence[Alarm]], lines: Mapping[str, Sequence[str]]) -> None:
	moment, sender = now(), frappe.session.user
	rows = [
		(
			frappe.generate_hash(length=10),
			*(moment, moment, sender, sender, line, user, "Alert"),
			*(DOCTYPE, alarm.ticket.name, sender, 0),
		)
		for user, found in for_user.items()
		for alarm, line in zip(found, lines[user], strict=True)
	]
	frappe.db.bulk_insert(LOG, COLUMNS, rows)
