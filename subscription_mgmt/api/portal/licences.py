"""Which licences does a customer have, with their keys, and where do they run?"""

from datetime import date
from urllib.parse import urlencode

import frappe

from subscription_mgmt.adapters.clock import today_in
from subscription_mgmt.adapters.licence_records import DOCTYPE
from subscription_mgmt.adapters.portal_licences import issued_to
from subscription_mgmt.adapters.published import is_published, published_plans
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.api.portal.guard import Visit, visit_about
from subscription_mgmt.api.portal.pages import link
from subscription_mgmt.api.portal.words import badge
from subscription_mgmt.engine.catalogue import PlanKind, interval_named
from subscription_mgmt.engine.contracts import RUNNING
from subscription_mgmt.engine.deployment import Deployment
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.offers import priced
from subscription_mgmt.engine.portal_roles import Verb
from subscription_mgmt.refusals import refusals_worded
from subscription_mgmt.services import set_deployment as deploying


def licences_page(visit: Visit) -> dict:
	shows_keys = visit.may(Verb.SEE_KEYS)
	return {
		"licences": [
			{
				"name": held.name,
				"plan": held.plan,
				"status": badge(held.status),
				"deployment": held.deployment,
				"is_online": held.deployment == Deployment.ONLINE.value,
				"instance": held.instance,
				"modules": held.modules,
				"functions": held.functions,
				"online_only": held.online_only,
				"updates_until": held.updates_until,
				"hosting": held.hosting_contract,
				"hosting_url": link("contract", name=held.hosting_contract),
				"is_hosted": held.hosting_status in {status.value for status in RUNNING},
				"key": held.key if shows_keys and held.status == "Issued" else None,
				"download": _download(held.name),
				"currency": held.currency,
			}
			for held in issued_to(visit.customer)
		],
		"may_deploy": visit.may(Verb.DEPLOY),
		"may_buy": visit.may(Verb.BUY),
		"shows_keys": shows_keys,
		"hosting_plans": _hosting_plans,
	}


def _download(licence: str) -> str:
	return f"/api/method/subscription_mgmt.api.licence.download?{urlencode({'licence': licence})}"


def _hosting_plans(currency: str) -> list[dict]:
	"""Published hosting plans with a price in the licence's currency."""
	today = _today()
	return [
		{
			"value": f"{each.what.name}|{interval.value}",
			"plan": each.what.name,
			"interval": interval.value,
			"price": price,
		}
		for each in published_plans()
		if each.what.kind is PlanKind.HOSTING
		for interval, price in priced(each.what.prices, currency, today)
	]


@frappe.whitelist(methods=["POST"])
def go_local(licence: str) -> None:
	"""The hosting contract ends with what is paid for; functions that need to be online stop."""
	visit_about(Verb.DEPLOY, DOCTYPE, licence)
	with refusals_worded():
		deploying.set_deployment(licence, Deployment.LOCAL, _today(), site_ports())


@frappe.whitelist(methods=["POST"])
def go_online(licence: str, hosting: str | None = None) -> None:
	"""`hosting`: `plan|interval`, where the hosting is over and has to be ordered anew, which is a purchase."""
	visit_about(Verb.DEPLOY, DOCTYPE, licence)
	plan, interval = None, None
	if hosting:
		visit_about(Verb.BUY, DOCTYPE, licence)
		plan, _bar, label = hosting.partition("|")
	with refusals_worded():
		if plan:
			if not is_published("Plan", plan):
				raise DomainError("unknown_plan", plan=plan)
			interval = interval_named(label)
		deploying.set_deployment(licence, Deployment.ONLINE, _today(), site_ports(), plan, interval)


def _today() -> date:
	return today_in(frappe.get_cached_doc("Subscription Mgmt Settings").time_zone)
