"""How are the credentials of an intervention kept on a site? Encrypted in Frappe's own store, and gone when erased."""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum

import frappe
from frappe.model.document import Document
from frappe.utils.password import get_decrypted_password, remove_encrypted_password, set_encrypted_password

from subscription_mgmt.adapters.moments import moment_of, stored
from subscription_mgmt.adapters.ticket_records import DOCTYPE as TICKET
from subscription_mgmt.adapters.typed_text import as_text
from subscription_mgmt.engine.access_grants import (
	REMINDED_AFTER,
	REMINDERS,
	Credentials,
	Erasure,
	Grant,
	GrantStatus,
	Purpose,
)
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.tickets import Ticket

DOCTYPE, LOOK = "Access Grant", "Access Grant Look"
ENCRYPTED = ("username", "secret", "details")
MASK = "********"  # of one length, so that it says nothing of what it hides
HOURS = 72
COLUMNS = (
	"status",
	"url",
	"handed_in_at",
	"expires_at",
	"erased_at",
	"erased_for",
	"removed_at",
	"reminded_at",
	"reminders",
)


class GrantRecords:
	"""Implements `support_ports.Grants` on Access Grant."""

	def get(self, name: str) -> Grant:
		try:
			return _grant(frappe.get_doc(DOCTYPE, name, for_update=True))
		except frappe.DoesNotExistError:
			frappe.clear_last_message()
			raise DomainError("unknown_grant", grant=name) from None

	def of_ticket(self, ticket: str) -> Sequence[Grant]:
		rows = frappe.get_all(DOCTYPE, {"ticket": ticket}, ["*"], order_by="creation", limit=0)
		return [_grant(row) for row in rows]

	def add(self, ticket: Ticket, purpose: Purpose, url: str) -> Grant:
		record = frappe.get_doc(
			{
				"doctype": DOCTYPE,
				"ticket": ticket.name,
				"customer": ticket.customer,
				"purpose": purpose.value,
				"status": GrantStatus.REQUESTED.value,
				"url": as_text(url),
			}
		).insert(ignore_permissions=True)
		return _grant(record)

	def save(self, before: Grant, after: Grant) -> None:
		changed = {
			column: as_text(after.url) if column == "url" else _column(getattr(after, column))
			for column in COLUMNS
			if getattr(after, column) != getattr(before, column)
		}
		frappe.db.set_value(DOCTYPE, after.name, changed)

	def hours_held(self) -> int:
		return frappe.get_cached_doc("Subscription Mgmt Settings").access_hours or HOURS

	def keep(self, name: str, credentials: Credentials) -> None:
		for field in ENCRYPTED:
			# Named so that Frappe leaves it out of an Error Log.
			if secret := getattr(credentials, field):
				set_encrypted_password(DOCTYPE, name, secret, field)
			else:
				remove_encrypted_password(DOCTYPE, name, field)
		frappe.db.set_value(DOCTYPE, name, dict.fromkeys(ENCRYPTED, MASK))

	def credentials(self, name: str) -> Credentials:
		secrets = (get_decrypted_password(DOCTYPE, name, field, raise_exception=False) for field in ENCRYPTED)
		return Credentials(*(secret or "" for secret in secrets))

	def erase(self, name: str) -> None:
		for field in ENCRYPTED:
			remove_encrypted_password(DOCTYPE, name, field)
		frappe.db.set_value(DOCTYPE, name, dict.fromkeys(ENCRYPTED))

	def assignees(self, ticket: str) -> frozenset[str]:
		about = {"reference_type": TICKET, "reference_name": ticket, "status": "Open"}
		return frozenset(frappe.get_all("ToDo", about, pluck="allocated_to"))

	def log_look(self, grant: Grant, user: str, now: datetime) -> None:
		written = frappe.utils.now()
		columns = ("name", "creation", "modified", "owner", "modified_by")
		columns += ("access_grant", "user", "looked_at", "ticket", "customer")
		row = (frappe.generate_hash(length=12), written, written, user, user)
		row += (grant.name, user, stored(now), grant.ticket, grant.customer)
		frappe.db.bulk_insert(LOOK, columns, [row])


def expired_grants(now: datetime) -> list[str]:
	held = {"status": GrantStatus.HANDED_IN.value, "expires_at": ["<=", stored(now)]}
	return frappe.get_all(DOCTYPE, held, pluck="name", order_by="expires_at", limit=0)


def grants_to_remind_of(now: datetime) -> list[str]:
	"""Erased, and the customer was not told yet, or told some days ago and did not say that the user is gone."""
	grant = frappe.qb.DocType(DOCTYPE)
	again = (grant.reminders < REMINDERS) & (grant.reminded_at <= stored(now - REMINDED_AFTER))
	query = (
		frappe.qb.from_(grant)
		.select(grant.name)
		.where((grant.status == GrantStatus.ERASED.value) & grant.handed_in_at.isnotnull())
		.where(grant.reminded_at.isnull() | again)
	)
	return [name for (name,) in query.orderby(grant.erased_at).run()]


def _grant(record: Document) -> Grant:
	return Grant(
		name=record.name,
		ticket=record.ticket,
		customer=record.customer,
		purpose=Purpose(record.purpose),
		status=GrantStatus(record.status),
		url=record.url or "",
		handed_in_at=moment_of(record.handed_in_at),
		expires_at=moment_of(record.expires_at),
		erased_at=moment_of(record.erased_at),
		erased_for=Erasure(record.erased_for) if record.erased_for else None,
		removed_at=moment_of(record.removed_at),
		reminded_at=moment_of(record.reminded_at),
		reminders=record.reminders or 0,
	)


def _column(value: object) -> object:
	if isinstance(value, Enum):
		return value.value
	return stored(value) if isinstance(value, datetime) else value
