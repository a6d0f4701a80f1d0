"""What does a customer see of his tickets, and what is promised to him before he opens one?"""

import frappe
from frappe import _
from frappe.utils import cint, get_system_timezone

from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.adapters.knowledge import articles_about
from subscription_mgmt.adapters.moments import stored
from subscription_mgmt.adapters.portal_tickets import (
	TOPIC_SHOWN,
	balance_of,
	contracts_served,
	licences_served,
	promised_by_packs,
	tickets_of,
	topics,
)
from subscription_mgmt.adapters.support_site import support_ports
from subscription_mgmt.api.access_grant import of_ticket as grants_of
from subscription_mgmt.api.portal.conversation import DOCTYPE, conversation
from subscription_mgmt.api.portal.guard import Visit, visit, visit_to
from subscription_mgmt.api.portal.words import badge
from subscription_mgmt.engine.portal_roles import Verb
from subscription_mgmt.engine.ratings import MOST_STARS
from subscription_mgmt.engine.routing import Route
from subscription_mgmt.engine.support_credits import TicketKind, credits_for
from subscription_mgmt.engine.support_policies import SlaPolicy
from subscription_mgmt.engine.tickets import FINISHED
from subscription_mgmt.services.support_ports import SupportPorts
from subscription_mgmt.support_messages import severity_definitions

AT_ONCE = 20
CHANNEL = "portal"
OVER = tuple(status.value for status in FINISHED)


def support_page(visit: Visit, page: int, everything: bool) -> dict:
	"""The open tickets, the latest first, or all of them."""
	rows = tickets_of(visit.customer, None if everything else OVER, AT_ONCE + 1, page * AT_ONCE)
	return {
		"tickets": [{**row, "badge": badge(row["status"])} for row in rows[:AT_ONCE]],
		"more": len(rows) > AT_ONCE,
		"page": page,
		"everything": everything,
		"credits": balance_of(visit.customer),
		"may_open": visit.may(Verb.OPEN_TICKET),
	}


def new_ticket_page(visit: Visit, about: str) -> dict:
	"""What a customer may ask for on one of his contracts or licences, or without one, and what is promised to him
	then."""
	contracts, licences = contracts_served(visit.customer), licences_served(visit.customer)
	plans = {row["name"]: row["plan"] for row in (*contracts, *licences)}
	ports = support_ports()
	name = ports.base.catalogue.plan(plans[about]).sla if about in plans else None
	name = name or promised_by_packs(visit.customer).get(about)
	name = name or ports.promises.policy_of(visit.customer)
	policy = ports.promises.policy(name) if name else None
	return {
		"served": [*contracts, *licences],
		"contract": about if about in {row["name"] for row in contracts} else "",
		"licence": about if about in {row["name"] for row in licences} else "",
		"topics": topics(),
		"severities": severity_definitions(_),
		"kinds": [kind.value for kind in TicketKind],
		"promise": _promise(visit.customer, policy, ports) if policy else None,
		"zone": get_system_timezone(),
		"takes_portal": policy is None or not policy.channels or CHANNEL in policy.channels,
		"channels": policy.channels if policy else (),
	}


def _promise(customer: str, policy: SlaPolicy, ports: SupportPorts) -> dict:
	"""`{"response": minutes by severity, "resumes_at": None while we work, "costs": credits by kind, "credits"}`"""
	clock, now = ports.promises.clock(policy, "portal"), moment()
	return {
		"response": policy.response,
		"resumes_at": None if clock.is_working(now) else stored(clock.resumes_at(now)),
		"costs": {kind.value: credits_for(kind, 0, policy.rules) for kind in TicketKind}
		if policy.credits
		else {},
		"block": policy.rules.block,
		"credits": balance_of(customer),
	}


def ticket_page(name: str | None) -> dict:
	"""One ticket: what was said, what it costs, and what is asked of the customer."""
	seen, record = visit_to(Verb.SEE, DOCTYPE, name)
	shown = conversation(record.name)
	topic = (
		frappe.db.get_value("Support Topic", record.topic, TOPIC_SHOWN, as_dict=True)
		if record.topic
		else None
	)
	return {
		"visit": seen,
		"heading": record.subject,
		"ticket": {**shown, "badge": badge(record.status)},
		"is_over": record.status in OVER,
		"is_resolved": record.status == "Resolved",
		"needs_credits": record.status == "Waiting for Credits",
		"topic": topic,
		"zone": get_system_timezone(),
		"estimate": _estimate(record),
		"grants": grants_of(record.name),
		"most_stars": MOST_STARS,
		"may_say": seen.may(Verb.OPEN_TICKET),
		"may_grant": seen.may(Verb.GRANT_ACCESS),
		"may_buy": seen.may(Verb.BUY),
	}


def _estimate(record: frappe._dict) -> dict | None:
	"""What the ticket costs as far as it is known: so many credits at least, of so many."""
	if record.route != Route.CREDITS.value or not record.sla_policy:
		return None
	rules = support_ports().promises.policy(record.sla_policy).rules
	kind = TicketKind(record.kind)
	minutes = record.credit_minutes + record.asked_minutes
	cost = credits_for(kind, minutes, rules, record.flat_credits)
	return {
		"credits": max(cost, record.charged),
		"balance": balance_of(record.customer),
		"charged": record.charged,
	}


@frappe.whitelist()
def suggestions(about: str) -> list[dict]:
	"""Published articles of the knowledge base that have words of `about` in their title; at most 5."""
	visit(Verb.SEE)
	return articles_about(about) if isinstance(about, str) else []


def page_asked(value: str) -> int:
	return max(0, cint(value))
