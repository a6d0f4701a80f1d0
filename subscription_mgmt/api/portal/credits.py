"""What are a customer's support credits, where did they go, and how does he buy more without a contract?"""

from decimal import Decimal
from urllib.parse import urlencode

import frappe
from frappe import _
from frappe.utils import cint

from subscription_mgmt.adapters.clock import today_in
from subscription_mgmt.adapters.contract_records import currency_decimals
from subscription_mgmt.adapters.credit_statements import credit_statement
from subscription_mgmt.adapters.published import is_published, published_packs
from subscription_mgmt.adapters.support_site import support_ports
from subscription_mgmt.api.credits import statement_pdf
from subscription_mgmt.api.portal.guard import Visit, visit
from subscription_mgmt.api.portal.pages import link
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.offers import once
from subscription_mgmt.engine.portal_roles import Verb
from subscription_mgmt.refusals import refusals_worded
from subscription_mgmt.services.buy_pack import buy_pack

LATEST = 50
STATEMENT = "/api/method/subscription_mgmt.api.portal.credits.statement"


def credits_page(coming: Visit) -> dict:
	statement = credit_statement(coming.customer)
	return {
		"balance": statement.closing,
		"rows": list(reversed(statement.rows))[:LATEST],
		"packs": _packs() if coming.may(Verb.BUY) else [],
		"currency": _currency(),
		"statement": f"{STATEMENT}?{urlencode({'customer': coming.customer})}",
		# Made once per page, so that a form sent twice is charged once
		"reference": frappe.generate_hash(length=20),
	}


def _packs() -> list[dict]:
	"""What is sold without a contract, and has a price today."""
	today, currency, found = today_in(None), _currency(), []
	for described in published_packs():
		pack = described.what
		price = None if pack.needs_contract or not pack.one_off else once(pack.prices, currency, today)
		if price is not None:
			found.append({"name": pack.name, "description": described.description, "price": price})
	return found


@frappe.whitelist(methods=["POST"])
def buy(pack: str, reference: str, price: str, quantity: int | str = 1, customer: str | None = None) -> dict:
	"""`price`: of one, as the page showed it; `reference`: made by the page."""
	coming = visit(Verb.BUY, customer)
	with refusals_worded():
		if not is_published("Pack", pack):
			raise DomainError("unknown_pack", pack=pack)
		held = next((each for each in _packs() if each["name"] == pack), None)
		if held is None:
			raise DomainError("unknown_pack", pack=pack)
		_check_price(held["price"], price)
		order = (cint(quantity), _currency(), currency_decimals(), str(reference)[:40], today_in(None))
		buy_pack(coming.customer, pack, *order, support_ports())
	return {"next": link("invoices")}


@frappe.whitelist()
def statement(customer: str | None = None) -> None:
	"""The statement as a PDF."""
	statement_pdf(visit(Verb.SEE, customer).customer)


def _check_price(held: Decimal, shown: str) -> None:
	"""Nobody is charged another amount than the one he was shown."""
	try:
		agrees = Decimal(shown) == held
	except ArithmeticError:
		agrees = False
	if not agrees:
		frappe.throw(_("The price has changed since you looked. Look at it again."))


def _currency() -> str:
	return frappe.get_cached_doc("Subscription Mgmt Settings").currency
