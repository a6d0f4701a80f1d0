"""How does a proposal become an ERPNext Quotation: a draft that a person completes and sends?"""

from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import escape_html

from subscription_mgmt.adapters.catalogue_records import pack_of
from subscription_mgmt.adapters.email_notices import language_of
from subscription_mgmt.adapters.items import make_item_if_empty
from subscription_mgmt.adapters.ticket_records import DOCTYPE as TICKET
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.prices import price_on
from subscription_mgmt.engine.quoting import Proposal

DOCTYPE = "Quotation"


class QuotationRecords:
	"""Implements `offer_ports.Quotes`. The ticket's row is locked by whoever gathered it."""

	def of(self, ticket: str) -> str | None:
		"""One that was cancelled or deleted is forgotten, so that another can be made."""
		found = {"sla_ticket": ticket, "docstatus": ["<", 2]}
		return frappe.db.get_value(DOCTYPE, found, "name")

	def success_pack(self) -> str | None:
		on_sale = {"kind": "Success Pack", "one_off": 1, "disabled": 0}
		return frappe.db.get_value("Pack", on_sale, "name", order_by="name asc")

	def draft(self, proposal: Proposal, today: date) -> str:
		settings = frappe.get_cached_doc("Subscription Mgmt Settings")
		currency = frappe.get_cached_value("Customer", proposal.customer, "default_currency")
		record = frappe.new_doc(DOCTYPE)
		record.update(
			{
				"quotation_to": "Customer",
				"party_name": proposal.customer,
				"company": settings.company,
				"currency": currency or settings.currency,
				"transaction_date": today,
				"order_type": "Sales",
				"sla_ticket": proposal.ticket,
				"ignore_pricing_rule": 1,
			}
		)
		record.append("items", _line(proposal, record.currency, today))
		record.flags.ignore_permissions = True
		messages = len(frappe.local.message_log)
		record.set_missing_values()
		record.insert()
		del frappe.local.message_log[messages:]  # hints to whoever types a quotation; nobody typed this one
		frappe.db.set_value(TICKET, proposal.ticket, "quotation", record.name)
		return record.name


def _line(proposal: Proposal, currency: str, today: date) -> dict[str, object]:
	sold = (
		frappe.get_doc("Pack", proposal.pack)
		if proposal.pack
		else frappe.get_doc("Support Topic", proposal.topic)
	)
	if not sold.item:
		make_item_if_empty(sold)
		sold.db_set("item", sold.item)
	line = {"item_code": sold.item, "qty": 1, "description": _described(proposal, sold.name)}
	if proposal.pack and (rate := _price(sold, currency, today)) is not None:
		line |= {"rate": rate, "price_list_rate": rate}
	return line


def _price(pack: Document, currency: str, today: date) -> float | None:
	"""None: the pack has no price in that currency, and a person fills it in."""
	try:
		return float(price_on(pack.name, pack_of(pack).prices, None, currency, today))
	except DomainError:
		return None


def _described(proposal: Proposal, sold: str) -> str:
	subject = frappe.db.get_value(TICKET, proposal.ticket, "subject")
	language = language_of(proposal.customer)
	asked = _("Your request {0}: {1}", lang=language).format(proposal.ticket, subject)
	return "<br>".join(escape_html(text) for text in (sold, proposal.reason, asked) if text)
