"""How does a visitor become a customer? He applies, confirms his address, and then the contract begins.

Nothing is made or billed before the address is confirmed, and the answer to an application never tells whether the
address is known (docs/decisions: A signup waits for its e-mail to be confirmed).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from urllib.parse import quote

import frappe
from frappe import _
from frappe.rate_limiter import rate_limit
from frappe.utils import get_url, strip_html, validate_email_address
from frappe.website.utils import is_signup_disabled

from subscription_mgmt.adapters.portal_accounts import password_link
from subscription_mgmt.adapters.portal_members import roles_of
from subscription_mgmt.adapters.signup_records import (
	Application,
	application_of,
	confirmed,
	make_contract,
	make_customer,
	remember,
)
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.api.portal.guard import visit
from subscription_mgmt.api.portal.pages import link
from subscription_mgmt.api.portal.prices import chosen_plan, vendors_day
from subscription_mgmt.engine.portal_roles import Verb
from subscription_mgmt.refusals import refusals_worded
from subscription_mgmt.services.activate import activate

LONGEST = 140


@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=10, seconds=60 * 60)
def sign_up(
	plan: str,
	interval: str,
	email: str,
	full_name: str,
	organisation: str,
	address_line: str = "",
	postcode: str = "",
	city: str = "",
	country: str = "",
	tax_id: str = "",
	website: str = "",
) -> dict:
	"""`website`: a field that people do not see and machines fill in."""
	if is_signup_disabled():
		frappe.throw(_("Nobody can sign up here. Write to us instead."))
	address = validate_email_address(email.strip().lower(), throw=True)
	if chosen_plan(plan, interval) is None:
		frappe.throw(_("This plan is not for sale here. Choose another one."))
	typed = {
		"full_name": full_name,
		"organisation": organisation,
		"address_line": address_line,
		"postcode": postcode,
		"city": city,
		"tax_id": tax_id,
	}
	cleaned = {name: _without_tags(value).strip()[:LONGEST] for name, value in typed.items()}
	if not (cleaned["full_name"] and cleaned["organisation"] and cleaned["city"] and country):
		frappe.throw(_("Give your name, your organisation, city and country."))
	if not frappe.db.exists("Country", country):
		frappe.throw(_("Choose a country of the list."))
	if not website:
		_answer(
			Application(
				address, plan=plan, interval=interval, country=country, language=_language(), **cleaned
			)
		)
	return {"said": _("We sent you an e-mail. Open the link in it to confirm your address and begin.")}


def _without_tags(typed: str) -> str:
	"""Nor one that is never closed, which Desk would close."""
	return strip_html(typed).replace("<", "")


def _answer(application: Application) -> None:
	"""Who is a customer already is told to order from his account."""
	known = frappe.db.get_value("User", {"email": application.email, "enabled": 1})
	disabled = not known and frappe.db.exists("User", {"email": application.email})
	is_customer = bool(known) and bool(roles_of(known))
	key = remember(application)  # also for who is known: an answer that took less time would tell
	ordering = link("signup", plan=application.plan, interval=application.interval)
	path = ordering if is_customer else link("confirm", key=key)
	if disabled:
		return
	try:
		frappe.sendmail(
			recipients=application.email,
			subject=_("You have an account already") if is_customer else _("Confirm your e-mail address"),
			template="portal_confirmation",
			args={
				"name": application.full_name,
				"plan": application.plan,
				"link": get_url(path),
				"is_customer": is_customer,
			},
		)
	except frappe.OutgoingEmailError:
		frappe.clear_last_message()
		frappe.log_error(_("No confirmation could be sent: set up an outgoing e-mail account."))


def confirm_page(key: str) -> dict:
	application = application_of(key)
	if application is None:
		return {"application": None}
	chosen = chosen_plan(application.plan, application.interval)
	return {"application": application, "chosen": chosen, "key": key}


@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=20, seconds=60 * 60)
def confirm(key: str) -> dict:
	"""The address is his: make customer, account and contract, and bill what is due. `{"next"}`: set a password."""
	application = application_of(key, for_update=True)
	if application is None or chosen_plan(application.plan, application.interval) is None:
		frappe.throw(_("This link is not valid any more. Sign up again."))
	if is_known_customer(application.email):
		frappe.throw(_("You are a customer already. Log in and order there."))
	today = vendors_day()
	customer, user, is_new = make_customer(application)
	with acting_as(user.name), refusals_worded():
		contract = make_contract(customer, application.plan, application.interval, today)
		activate(contract, today, site_ports())
	confirmed(application, contract)
	frappe.clear_messages()
	return {"next": password_link(user) if is_new else f"/login?redirect-to={quote(link(), safe='')}"}


def is_known_customer(email: str) -> bool:
	user = frappe.db.get_value("User", {"email": email})
	return bool(user) and bool(roles_of(user))


@frappe.whitelist(methods=["POST"])
def order(customer: str, plan: str, interval: str, total: str) -> dict:
	"""Another contract for a customer; `total`: the price of an interval that he was shown."""
	coming = visit(Verb.BUY, customer)
	chosen = chosen_plan(plan, interval)
	if chosen is None:
		frappe.throw(_("This plan is not for sale here. Choose another one."))
	if not total.replace(".", "", 1).isdigit() or Decimal(total) != chosen["price"]:
		frappe.throw(_("The price has changed since you looked. Look at it again."))
	today = vendors_day()
	with refusals_worded():
		contract = make_contract(coming.customer, plan, interval, today)
		activate(contract, today, site_ports())
	return {"next": link("contract", name=contract)}


@contextmanager
def acting_as(user: str) -> Iterator[None]:
	"""So that history and documents name who did it, though he has no session yet."""
	before = frappe.session.user
	frappe.set_user(user)
	try:
		yield
	finally:
		frappe.set_user(before)


def _language() -> str | None:
	return frappe.local.lang if frappe.db.exists("Language", frappe.local.lang) else None
