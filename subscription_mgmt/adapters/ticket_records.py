"""How does an SLA Ticket record become what the engine knows, and back?"""

from collections.abc import Sequence
from datetime import date, datetime, time
from enum import Enum
from zoneinfo import ZoneInfo

import frappe
from frappe.model.document import Document
from frappe.utils import get_system_timezone
from pypika.functions import Sum

from subscription_mgmt.adapters.assignment import follow_assignment_rules
from subscription_mgmt.adapters.moments import moment_of, stored
from subscription_mgmt.adapters.pack_charges import shares_sold
from subscription_mgmt.adapters.rating_records import store_rating, stored_rating
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.near_deadlines import next_look
from subscription_mgmt.engine.periods import Period
from subscription_mgmt.engine.ratings import Rating
from subscription_mgmt.engine.routing import Route
from subscription_mgmt.engine.support_credits import TicketKind
from subscription_mgmt.engine.tickets import (
	FINISHED,
	RESOLUTION,
	RESPONSE,
	Ticket,
	TicketStatus,
)

DOCTYPE, PAUSE, WORK = "SLA Ticket", "SLA Ticket Pause", "SLA Ticket Work"

# What the services may change: the engine's name → the record's.
COLUMNS = {
	"customer": "customer",
	"contract": "contract",
	"licence": "licence",
	"topic": "topic",
	"kind": "kind",
	"production": "production",
	"third_party": "third_party",
	"customised": "customised",
	"policy": "sla_policy",
	"status": "status",
	"severity": "severity",
	"route": "route",
	"offer": "offer",
	"flat_credits": "flat_credits",
	"severity_confirmed_at": "severity_confirmed_at",
	"acknowledged_at": "acknowledged_at",
	"resolved_at": "resolved_at",
	"paused_since": "paused_since",
	"respond_by": "respond_by",
	"resolve_by": "resolve_by",
	"minutes": "minutes",
	"credit_minutes": "credit_minutes",
	"asked_minutes": "asked_minutes",
	"charged": "charged",
	"warn_response_at": "warn_response_at",
	"warn_resolution_at": "warn_resolution_at",
	"merged_into": "merged_into",
}
WARNED = {RESPONSE: "response_warned", RESOLUTION: "resolution_warned"}
MISSED = {RESPONSE: "response_missed", RESOLUTION: "resolution_missed"}


class TicketRecords:
	"""Implements `support_ports.Tickets` on SLA Ticket."""

	def get(self, name: str) -> Ticket:
		try:
			record = frappe.get_doc(DOCTYPE, name, for_update=True)
		except frappe.DoesNotExistError:
			frappe.clear_last_message()
			raise DomainError("unknown_ticket", ticket=name) from None
		# With a lock: what another request did while this one waited for the ticket is seen.
		rows = {"parent": name, "parenttype": DOCTYPE}
		pauses = frappe.db.get_values(PAUSE, rows, ["start", "end"], order_by="idx asc", for_update=True)
		return ticket_of(record, pauses)

	def seen(self, name: str) -> Ticket:
		"""Without a lock, for who only looks: it waits for nobody."""
		pauses = frappe.db.get_values(
			PAUSE, {"parent": name, "parenttype": DOCTYPE}, ["start", "end"], order_by="idx asc"
		)
		return ticket_of(frappe.get_doc(DOCTYPE, name), pauses)

	def save(self, before: Ticket, after: Ticket) -> None:
		changed = {
			column: _column(getattr(after, field))
			for field, column in COLUMNS.items()
			if getattr(after, field) != getattr(before, field)
		}
		changed.update({MISSED[target]: 1 for target in after.breached if target not in before.breached})
		changed.update({WARNED[target]: 1 for target in after.warned if target not in before.warned})
		changed["next_deadline"] = stored(next_look(after))
		if after.status is not before.status or not before.policy:
			changed["route"] = after.route.value
		frappe.db.set_value(DOCTYPE, after.name, changed)
		for number, pause in enumerate(after.pauses[len(before.pauses) :], len(before.pauses) + 1):
			_insert_row(after.name, PAUSE, "pauses", number, start=stored(pause[0]), end=stored(pause[1]))
		if after.status is not before.status:
			follow_assignment_rules(after.name)

	def unresolved_of(self, customer: str) -> Sequence[Ticket]:
		"""Without their pauses, which nobody asks for here."""
		finished = [status.value for status in FINISHED]
		filters = {"customer": customer, "route": Route.CREDITS.value, "status": ["not in", finished]}
		rows = frappe.get_all(DOCTYPE, filters, ["*"], order_by="opened_at", limit=0)
		return [ticket_of(row, []) for row in rows]

	def rating_of(self, name: str) -> Rating | None:
		return stored_rating(name)

	def save_rating(self, name: str, rating: Rating) -> None:
		store_rating(name, rating)

	def log_work(self, ticket: Ticket, minutes: int, included: int, now: datetime) -> None:
		number = frappe.db.count(WORK, {"parent": ticket.name, "parenttype": DOCTYPE}) + 1
		values = {"at": stored(now), "user": frappe.session.user, "minutes": minutes, "included": included}
		_insert_row(ticket.name, WORK, "work", number, **values)

	def minutes_worked(self, customer: str, contract: str | None, term: Period) -> int:
		work, ticket = frappe.qb.DocType(WORK), frappe.qb.DocType(DOCTYPE)
		zone = frappe.get_cached_value("Subscription Contract", contract, "time_zone") if contract else None
		first, end = (_midnight(day, zone) for day in (term.start, term.end))
		query = (
			frappe.qb.from_(work)
			.join(ticket)
			.on(ticket.name == work.parent)
			.select(Sum(work.included))
			.where((ticket.customer == customer) & (work.at >= first) & (work.at < end))
		)
		if contract:
			query = query.where(ticket.contract == contract)
		else:
			query = query.where(ticket.contract.isnull() | (ticket.contract == ""))
		# With a lock, like the pauses: two who work at once do not use the same minutes.
		return int(query.for_update().run()[0][0] or 0)

	def minutes_bought(self, customer: str, contract: str | None, term: Period) -> int:
		charge, invoice, pack = (
			frappe.qb.DocType(name) for name in ("Contract Charge", "Sales Invoice", "Pack")
		)
		of_contract = charge.subscription_contract
		without = of_contract.isnull() | (of_contract == "")
		rows = (
			frappe.qb.from_(charge)
			.join(invoice)
			.on(invoice.name == charge.sales_invoice)
			.join(pack)
			.on(pack.name == charge.what)
			.select(charge.name, charge.sales_invoice, charge.quantity * pack.minutes)
			.where((charge.customer == customer) & (charge.kind == "pack") & (pack.kind == "Support Hours"))
			.where((invoice.docstatus == 1) & (invoice.outstanding_amount <= 0))
			.where((charge.charged_on >= term.start) & (charge.charged_on < term.end))
			.where(of_contract == contract if contract else without)
			.run()
		)
		# What a credit note took back is not bought any more.
		sold = {name: shares_sold(name) for name in {row[1] for row in rows}}
		return sum(int(minutes * float(sold[on].get(name, 1))) for name, on, minutes in rows)


def ticket_of(record: Document, pauses: Sequence[tuple]) -> Ticket:
	opened_at = moment_of(record.opened_at)
	assert opened_at is not None
	return Ticket(
		name=record.name or "",
		customer=record.customer or "",
		severity=int(record.severity),
		kind=TicketKind(record.kind),
		channel=record.channel,
		opened_at=opened_at,
		contract=record.contract or None,
		licence=record.licence or None,
		policy=record.sla_policy or None,
		topic=record.topic or None,
		production=bool(record.production),
		third_party=bool(record.third_party),
		customised=bool(record.customised),
		status=TicketStatus(record.status),
		route=Route(record.route or Route.SLA.value),
		offer=record.offer or None,
		flat_credits=record.flat_credits or 0,
		severity_confirmed_at=moment_of(record.severity_confirmed_at),
		acknowledged_at=moment_of(record.acknowledged_at),
		resolved_at=moment_of(record.resolved_at),
		pauses=tuple((moment_of(start), moment_of(end)) for start, end in pauses),
		paused_since=moment_of(record.paused_since),
		respond_by=moment_of(record.respond_by),
		resolve_by=moment_of(record.resolve_by),
		minutes=record.minutes or 0,
		credit_minutes=record.credit_minutes or 0,
		asked_minutes=record.asked_minutes or 0,
		charged=record.charged or 0,
		breached=tuple(target for target, column in MISSED.items() if record.get(column)),
		warn_response_at=moment_of(record.warn_response_at),
		warn_resolution_at=moment_of(record.warn_resolution_at),
		warned=tuple(target for target, column in WARNED.items() if record.get(column)),
		requester=record.raised_by or None,
		merged_into=record.merged_into or None,
	)


def _midnight(day: date, zone: str | None) -> datetime | None:
	start = datetime.combine(day, time(), ZoneInfo(zone or get_system_timezone()))
	return stored(start)


def _insert_row(ticket: str, doctype: str, table: str, number: int, **values: object) -> None:
	place = {"parent": ticket, "parenttype": DOCTYPE, "parentfield": table, "idx": number}
	frappe.get_doc({"doctype": doctype, **place, **values}).db_insert()


def _column(value: object) -> object:
	if isinstance(value, Enum):
		return value.value
	return stored(value) if isinstance(value, datetime) else value
