"""Who signed up and waits to confirm his address, and what is made once he did?"""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta

import frappe
from frappe.model.document import Document
from frappe.utils import now_datetime
from frappe.utils.data import sha256_hash

from subscription_mgmt.adapters.portal_accounts import account_for
from subscription_mgmt.engine.portal_roles import PortalRole

DOCTYPE = "Portal Signup"
VALID_FOR = timedelta(days=2)


@dataclass(frozen=True)
class Application:
	"""What a visitor typed, as text."""

	email: str
	full_name: str
	organisation: str
	plan: str
	interval: str
	language: str | None = None
	tax_id: str = ""
	address_line: str = ""
	postcode: str = ""
	city: str = ""
	country: str = ""


def remember(application: Application) -> str:
	"""The key to be mailed, of which only a hash is kept. An earlier application of the address is forgotten."""
	frappe.db.delete(DOCTYPE, {"email": application.email, "status": "Waiting"})
	key = frappe.generate_hash(length=40)
	values = {field.name: getattr(application, field.name) or None for field in fields(Application)}
	frappe.get_doc(
		{
			"doctype": DOCTYPE,
			**values,
			"key_hash": sha256_hash(key),
			"expires_at": now_datetime() + VALID_FOR,
		}
	).insert(ignore_permissions=True)
	return key


def application_of(key: str, for_update: bool = False) -> Document | None:
	"""The application a key was mailed for, unless it was used or is too old."""
	if not key:
		return None
	known = {"key_hash": sha256_hash(key), "status": "Waiting"}
	name = frappe.db.get_value(DOCTYPE, known, for_update=for_update)
	record = frappe.get_doc(DOCTYPE, name) if name else None
	return record if record and _moment(record.expires_at) > now_datetime() else None


def _moment(value: str | datetime) -> datetime:
	return frappe.utils.get_datetime(value)


def make_customer(application: Document) -> tuple[str, Document, bool]:
	"""(customer, account of his owner, whether the account is new)"""
	user, is_new = account_for(application.email, application.full_name, application.language or "en")
	selling = frappe.get_cached_doc("Selling Settings")
	customer = frappe.get_doc(
		{
			"doctype": "Customer",
			"customer_name": application.organisation,
			"customer_type": "Company",
			"customer_group": selling.customer_group or _leaf("Customer Group"),
			"territory": selling.territory or _leaf("Territory"),
			"language": application.language,
			"tax_id": application.tax_id,
			"email_id": application.email,
			"portal_users": [{"user": user.name, "portal_role": PortalRole.OWNER.value}],
		}
	)
	customer.insert(ignore_permissions=True)
	_make_address(customer.name, application)
	return customer.name, user, is_new


def _make_address(customer: str, application: Document) -> None:
	"""Apart from the customer: ERPNext's own way shows it at once, which a visitor may not yet."""
	frappe.get_doc(
		{
			"doctype": "Address",
			"address_title": application.organisation,
			"address_type": "Billing",
			"address_line1": application.address_line or application.city,
			"city": application.city,
			"pincode": application.postcode,
			"country": application.country,
			"email_id": application.email,
			"is_primary_address": 1,
			"links": [{"link_doctype": "Customer", "link_name": customer}],
		}
	).insert(ignore_permissions=True)


def make_contract(customer: str, plan: str, interval: str, today: object) -> str:
	"""A Draft, to be activated."""
	settings = frappe.get_cached_doc("Subscription Mgmt Settings")
	contract = {
		"doctype": "Subscription Contract",
		"customer": customer,
		"company": settings.company,
		"plan": plan,
		"interval": interval,
		"currency": settings.currency,
		"start_date": today,
		"time_zone": settings.time_zone,
	}
	return frappe.get_doc(contract).insert(ignore_permissions=True).name


def confirmed(application: Document, contract: str) -> None:
	"""The key opens nothing any more."""
	frappe.db.set_value(DOCTYPE, application.name, {"status": "Confirmed", "contract": contract})


def _leaf(tree: str) -> str | None:
	return frappe.db.get_value(tree, {"is_group": 0})
