"""What do all pages of the portal share: who may see them, navigation, and how they are made?

How a page is made: `www/services/README.md`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from urllib.parse import quote, urlencode

import frappe
from frappe import _lt
from frappe.utils import fmt_money, formatdate

from subscription_mgmt.api.portal.guard import Visit, give_token, visit
from subscription_mgmt.api.portal.words import role_label
from subscription_mgmt.engine.portal_roles import Verb
from subscription_mgmt.refusals import refusals_worded

ROOT = "/services"


@dataclass(frozen=True)
class Entry:
	"""A place in the navigation. `route`: below /services; `verb`: what one must be allowed to do to see it."""

	route: str
	label: object
	verb: Verb = Verb.SEE


NAVIGATION = (
	Entry("", _lt("Overview")),
	Entry("invoices", _lt("Invoices")),
	Entry("licences", _lt("Licences")),
	Entry("support", _lt("Support")),
	Entry("training", _lt("Training")),
	Entry("backups", _lt("Backups")),
	Entry("people", _lt("People"), Verb.MANAGE_PEOPLE),
)

Context = dict
Fill = Callable[[Context, Visit], None]


def portal_page(
	title: object, place: str | None = None, verb: Verb = Verb.SEE
) -> Callable[[Fill], Callable[[Context], None]]:
	"""Make the `get_context` of a page out of a function that fills its context.

	`title`: `_lt("…")`. `place`: the route of the entry in the navigation it belongs to. Guests are sent to log
	in and come back, who may not is refused. A page about one record looks up whose it is by `guard.visit_to`.
	"""

	def made(fill: Fill) -> Callable[[Context], None]:
		@wraps(fill)
		def get_context(context: Context) -> None:
			_send_guests_to_login()
			give_token()  # to a session from before the app was there
			coming = visit(verb)
			context.update(_shared(str(title)))
			with refusals_worded():
				fill(context, coming)
			# A page about a record says by `context.visit` whose it is.
			seen = context.get("visit") or coming
			context.update(
				{"visit": seen, "role": role_label(seen.role), "navigation": _navigation(seen, place)}
			)

		return get_context

	return made


def public_page(title: object) -> Callable[[Callable[[Context], None]], Callable[[Context], None]]:
	"""The same for a page that everybody may see."""

	def made(fill: Callable[[Context], None]) -> Callable[[Context], None]:
		@wraps(fill)
		def get_context(context: Context) -> None:
			context.update(_shared(str(title)))
			with refusals_worded():
				fill(context)

		return get_context

	return made


def link(route: str = "", **query: object) -> str:
	"""`link("contract", name="SUB 1")` → `/services/contract?name=SUB+1`"""
	given = {key: value for key, value in query.items() if value not in (None, "")}
	path = f"{ROOT}/{quote(route)}" if route else ROOT
	return f"{path}?{urlencode(given)}" if given else path


def money(amount: object, currency: str) -> str:
	return fmt_money(float(amount), currency=currency)


def moment(value: datetime) -> str:
	"""To the minute."""
	return f"{formatdate(value)} {value:%H:%M}"


def pdf(invoice: str) -> str:
	"""Frappe prints it, for whom ERPNext lets see the invoice."""
	query = {"doctype": "Sales Invoice", "name": invoice, "no_letterhead": 0}
	return f"/api/method/frappe.utils.print_format.download_pdf?{urlencode(query)}"


def asked(name: str, default: str = "") -> str:
	"""A value of the page's query, as text."""
	value = frappe.form_dict.get(name)
	return value.strip() if isinstance(value, str) else default


def _send_guests_to_login() -> None:
	if frappe.session.user != "Guest":
		return
	query = {key: value for key, value in frappe.form_dict.items() if isinstance(value, str)}
	path = f"/{frappe.local.path}?{urlencode(query)}" if query else f"/{frappe.local.path}"
	frappe.local.flags.redirect_location = f"/login?redirect-to={quote(path, safe='')}"
	raise frappe.Redirect(302)


def _shared(title: str) -> Context:
	return {
		"no_cache": 1,
		"sitemap": 0,
		"title": title,
		"link": link,
		"money": money,
		"pdf": pdf,
		"day": formatdate,
		"moment": moment,
		"body_class": "subscription-portal",
	}


def _navigation(seen: Visit, place: str | None) -> list[Context]:
	return [
		{
			"label": str(entry.label),
			"url": link(entry.route),
			"current": entry.route == place,
		}
		for entry in NAVIGATION
		if seen.may(entry.verb)
	]
