"""How is a pack sold in Desk to a customer without a contract, and invoiced again?"""

import frappe
from frappe.utils import cint

from subscription_mgmt.adapters.clock import today_in
from subscription_mgmt.adapters.contract_records import currency_decimals
from subscription_mgmt.adapters.ledger_records import LedgerRecords
from subscription_mgmt.adapters.support_site import support_ports
from subscription_mgmt.refusals import refusals_worded
from subscription_mgmt.services.buy_pack import buy_pack


@frappe.whitelist(methods=["POST"])
def sell(pack: str, customer: str, quantity: int | str, reference: str) -> str | None:
	"""The invoice made. `reference`: made once per order by who asks, so that an order sent twice is charged once."""
	frappe.has_permission("Subscription Contract", "create", throw=True)
	frappe.has_permission("Customer", "read", customer, throw=True)
	currency = frappe.get_cached_doc("Subscription Mgmt Settings").currency
	with refusals_worded():
		buy_pack(
			customer,
			pack,
			cint(quantity),
			currency,
			currency_decimals(),
			reference[:40],
			today_in(None),
			support_ports(),
		)
	charge = {"customer": customer, "charge_key": ["like", f"sale {reference[:40]}|%"]}
	return frappe.db.get_value("Contract Charge", charge, "sales_invoice")


@frappe.whitelist(methods=["POST"])
def invoice_again(charge: str) -> str:
	"""The invoice made for a charge without a contract whose invoice was cancelled or deleted."""
	frappe.has_permission("Subscription Contract", "create", throw=True)
	frappe.has_permission("Contract Charge", "read", charge, throw=True)
	with refusals_worded():
		(invoice,) = LedgerRecords().invoice_sale(charge, today_in(None))
	return str(invoice.name)
