"""How do SLA Policy, Support Topic and Service Calendar records become what the engine knows?"""

from collections.abc import Sequence
from datetime import date, datetime

import frappe
from frappe.model.document import Document
from frappe.utils import get_timedelta, getdate

from subscription_mgmt.adapters.catalogue_records import day, pack_of
from subscription_mgmt.adapters.clock import today_in
from subscription_mgmt.engine.calendars import MINUTES_A_DAY, Calendar
from subscription_mgmt.engine.catalogue import Pack
from subscription_mgmt.engine.closures import Closure, closed_moments
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.support_policies import CreditRules, Scope, SlaPolicy, Topic
from subscription_mgmt.engine.tickets import Ticket
from subscription_mgmt.engine.working_time import WorkingTime

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class PromiseRecords:
	"""Implements `support_ports.Promises`. Keeps what it has read: one instance serves one request or batch."""

	def __init__(self) -> None:
		self._policies: dict[str, SlaPolicy] = {}
		self._clocks: dict[str | None, WorkingTime] = {}

	def policy(self, name: str) -> SlaPolicy:
		if name not in self._policies:
			self._policies[name] = policy_of(_record("SLA Policy", name, "unknown_policy", "policy"))
		return self._policies[name]

	def policy_of(self, customer: str) -> str | None:
		return frappe.get_cached_value("Customer", customer, "support_policy") or None

	def topic(self, name: str) -> Topic:
		record = _record("Support Topic", name, "unknown_topic", "topic")
		return Topic(
			name=name,
			scope=Scope(record.scope),
			reason=record.reason or None,
			offer=record.offer or None,
			flat_credits=record.flat_credits or 0,
			item=record.item or None,
		)

	def clock(self, policy: SlaPolicy, channel: str = "") -> WorkingTime:
		name = policy.calendar_for(channel)
		if name not in self._clocks:
			self._clocks[name] = WorkingTime(calendar_of(name) if name else Calendar("always", always=True))
		return self._clocks[name]

	def credit_packs(self, has_contract: bool) -> Sequence[Pack]:
		filters: dict[str, object] = {"kind": "Support Credits", "one_off": 1, "disabled": 0}
		if not has_contract:
			filters["needs_contract"] = 0
		names = frappe.get_all("Pack", filters, pluck="name", limit=0)
		return [pack_of(frappe.get_cached_doc("Pack", name)) for name in names]

	def day_of(self, ticket: Ticket, now: datetime) -> date:
		zone = None
		if ticket.contract:
			zone = frappe.get_cached_value("Subscription Contract", ticket.contract, "time_zone")
		return today_in(zone)


def _record(doctype: str, name: str, code: str, figure: str) -> Document:
	try:
		return frappe.get_cached_doc(doctype, name)
	except frappe.DoesNotExistError:
		frappe.clear_last_message()
		raise DomainError(code, **{figure: name}) from None


def policy_of(record: Document) -> SlaPolicy:
	"""0 minutes means no promise, and no cap, as the form says."""
	return SlaPolicy(
		name=record.name,
		calendar=record.service_calendar or None,
		response={int(row.severity): row.response_minutes for row in record.targets if row.response_minutes},
		resolution={
			int(row.severity): row.resolution_minutes for row in record.targets if row.resolution_minutes
		},
		hour_cap=record.hour_cap_minutes or None,
		beyond_cap=record.beyond_cap or "decline",
		channels=tuple(row.channel for row in record.channels),
		channel_calendars={
			row.channel: row.service_calendar for row in record.channels if row.service_calendar
		},
		languages=tuple(row.language for row in record.languages),
		daily_answer=bool(record.daily_answer),
		credits=_rules(record) if record.uses_credits else None,
		warn_share=record.warn_share or 0,
		reopen_days=record.reopen_days or 0,
	)


def _rules(record: Document) -> CreditRules:
	return CreditRules(
		query=record.minimum_query or 0,
		intervention=record.minimum_intervention or 0,
		block=record.credit_block or 1,
		update=record.update_credits or 0,
		low_balance=record.low_balance or 0,
		expire_months=record.expire_months or 0,
	)


def calendar_of(name: str) -> Calendar:
	record = frappe.get_cached_doc("Service Calendar", name)
	windows: dict[int, tuple[tuple[int, int], ...]] = {}
	for row in record.windows:
		number = WEEKDAYS.index(row.weekday)
		windows[number] = (*windows.get(number, ()), (_minute(row.start), _minute(row.end)))
	zone = record.time_zone or "UTC"
	return Calendar(
		name=name,
		zone=zone,
		windows=windows,
		holidays=frozenset(_holidays(record.holiday_list)) if record.holiday_list else frozenset(),
		closures=closed_moments([closure_of(row) for row in record.closures], zone),
		always=bool(record.always_open),
	)


def closure_of(row: Document) -> Closure:
	first, last = getdate(row.first_day), getdate(row.last_day or row.first_day)
	if row.whole_days:
		return Closure(first, last, reason=row.reason or "")
	return Closure(first, last, _minute(row.start), _minute(row.end) or MINUTES_A_DAY, row.reason or "")


def _holidays(holiday_list: str) -> list[date]:
	return [
		found
		for row in frappe.get_cached_doc("Holiday List", holiday_list).holidays
		if (found := day(row.holiday_date))
	]


def _minute(clock: object) -> int:
	return int(get_timedelta(clock).total_seconds() // 60)
