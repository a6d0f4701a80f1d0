"""What does the public read on the price page?"""

from datetime import date

import frappe
from frappe.website.utils import is_signup_disabled

from subscription_mgmt.adapters.clock import today_in
from subscription_mgmt.adapters.published import Described, published_packs, published_plans
from subscription_mgmt.api.portal.pages import link
from subscription_mgmt.api.portal.words import metric_label, plain
from subscription_mgmt.engine.catalogue import PlanKind
from subscription_mgmt.engine.offers import once, priced

# What a visitor can begin with. A read-only plan needs data, a licence a talk.
SOLD_HERE = (PlanKind.SUBSCRIPTION, PlanKind.HOSTING, PlanKind.SUPPORT)


def vendors_day() -> date:
	return today_in(frappe.get_cached_doc("Subscription Mgmt Settings").time_zone)


def prices_page() -> dict:
	currency = frappe.get_cached_doc("Subscription Mgmt Settings").currency
	today = vendors_day()
	plans = [_plan(each, currency, today) for each in published_plans()]
	packs = [_pack(each, currency, today) for each in published_packs()]
	return {
		"currency": currency,
		"plans": [plan for plan in plans if plan["prices"]],
		"packs": [pack for pack in packs if pack["prices"]],
		"is_open": not is_signup_disabled() or frappe.session.user != "Guest",
	}


def _plan(described: Described, currency: str, today: date) -> dict:
	plan = described.what
	price_once = once(plan.prices, currency, today)
	return {
		"name": plan.name,
		"is_read_only": plan.kind is PlanKind.READ_ONLY,
		"description": described.description,
		"modules": plan.modules,
		"functions": plan.functions,
		"quotas": [
			{
				"label": metric_label(quota.metric),
				"included": plain(quota.included),
				"per_module": quota.per_module,
			}
			for quota in plan.quotas
		],
		"trial_days": plan.trial_days,
		"commitment_months": plan.commitment_months,
		"is_sold_here": plan.kind in SOLD_HERE,
		"prices": [
			{
				"interval": interval.value,
				"price": price,
				"url": link("signup", plan=plan.name, interval=interval.value),
			}
			for interval, price in priced(plan.prices, currency, today)
		]
		or ([{"interval": "Once", "price": price_once, "url": ""}] if price_once is not None else []),
	}


def _pack(described: Described, currency: str, today: date) -> dict:
	pack = described.what
	price_once = once(pack.prices, currency, today)
	prices = [(interval.value, price) for interval, price in priced(pack.prices, currency, today)]
	return {
		"name": pack.name,
		"description": described.description,
		"per_module": pack.per_module,
		"prices": prices or ([("Once", price_once)] if price_once is not None else []),
	}


def chosen_plan(plan: str, interval: str) -> dict | None:
	"""What somebody is about to order; None where it is not for sale here."""
	page = prices_page()
	for shown in page["plans"]:
		if shown["name"] == plan and shown["is_sold_here"]:
			for price in shown["prices"]:
				if price["interval"] == interval:
					return {
						**shown,
						"price": price["price"],
						"interval": interval,
						"currency": page["currency"],
					}
	return None
